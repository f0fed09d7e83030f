/** Texts in other clothes: Base64, URLs, hexadecimal, code points, digests. */
import type { ScalarFunction, ScalarFunctionTable, Sql, TemplateContext } from './function.js'
import { bind, filter, map, signed64 } from './sql.js'
import { xxhash64 } from './xxhash.js'

/** The digest of the value as text, in hexadecimal. */
function digest(name: string, duckdb: string): ScalarFunction {
  return { doc: `hash-${name}-function`, parameters: ['string'], returns: 'string', duckdb }
}

/** The bytes that Kusto hashes, in hexadecimal. */
function hashedBytes(value: Sql, { refuse }: TemplateContext): string {
  switch (value.type) {
    case 'string':
      return `hex(encode(${value.bare}))`
    case 'long':
    case 'datetime':
    case 'timespan':
      // Eight bytes, the least significant one first.
      return bind(
        { h: `lpad(to_hex(${value}::BIGINT), 16, '0')` },
        (h) => `concat(${[15, 13, 11, 9, 7, 5, 3, 1].map((i) => `substr(${h}, ${i}, 2)`).join(', ')})`,
      )
    default:
      return refuse(`a hash of a ${value.type}; take the hash of its text, hash(tostring(…))`)
  }
}

function hash([value, modulus]: readonly Sql[], context: TemplateContext): string {
  const bits = signed64(xxhash64(hashedBytes(value!, context)))
  const all = `CASE WHEN ${value} IS NOT NULL THEN ${bits} END`
  if (!modulus) return all
  return bind(
    { h: all, m: `CAST(${modulus.bare} AS BIGINT)` },
    (h, m) => `CASE WHEN ${m} > 0 THEN ${h} % ${m} + CASE WHEN ${h} % ${m} < 0 THEN ${m} ELSE 0 END END`,
  )
}

/** Each character of a text through `body`. */
function mapCharacters(text: unknown, body: (character: string) => string): string {
  return `array_to_string(${map(`string_split(${text}, '')`, 'char', body)}, '')`
}

/** As .NET's HttpUtility has it: lower-case digits, and all but letters, digits and `-_.!*()` are encoded. */
function urlEncode(text: unknown, blank: string): string {
  return mapCharacters(
    text,
    (c) =>
      `CASE WHEN regexp_full_match(${c}, '[A-Za-z0-9_.!*()-]') THEN ${c} WHEN ${c} = ' ' THEN '${blank}' ` +
      `WHEN ${c} = '~' THEN '%7e' ELSE lower(url_encode(${c})) END`,
  )
}

const BASE64 = '(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?'

/** The bytes of Base64 text; null if it is none. (TRY alone would do, but is slow where many texts are none.) */
function base64Blob(text: Sql): string {
  return bind(
    { text: text.bare },
    (t) => `TRY(from_base64(CASE WHEN regexp_full_match(${t}, '${BASE64}') THEN ${t} END))`,
  )
}

/** The same in hexadecimal. */
function base64Bytes(text: Sql): string {
  return `hex(${base64Blob(text)})`
}

/** A GUID's sixteen bytes start with a number of 32 and two of 16 bits, each with its lowest byte first. */
const GUID_BYTES = '^(..)(..)(..)(..)(..)(..)(..)(..)(.{4})(.{12})$'

/** Of hexadecimal digits with zeros before them. */
const MAX_WIDTH = 4096

function toHex([value, width]: readonly Sql[]): string {
  // An int has 32 bits, all else 64.
  const bits =
    value!.type === 'int' ? `CAST(${value!.bare} AS BIGINT) & 4294967295` : `CAST(${value!.bare} AS BIGINT)`
  const digits = `lower(to_hex(${bits}))`
  if (!width) return digits
  return bind(
    { h: digits, n: width },
    (h, n) =>
      `CASE WHEN ${n} > ${MAX_WIDTH} THEN lpad(${h}, ${MAX_WIDTH}, '0') WHEN ${n} > length(${h}) THEN lpad(${h}, ${n}::INTEGER, '0') ELSE ${h} END`,
  )
}

/** Code points given as numbers and arrays of numbers; what is no code point is left out. */
function fromCodePoints(args: readonly Sql[]): string {
  const lists = args.map((arg) =>
    arg.type === 'dynamic'
      ? `coalesce(TRY_CAST(${arg.bare} AS BIGINT[]), [TRY_CAST(${arg.bare} AS BIGINT)])`
      : `[CAST(${arg.bare} AS BIGINT)]`,
  )
  const points = filter(
    `list_concat([]::BIGINT[], ${lists.join(', ')})`,
    'point',
    (p) => `${p} BETWEEN 1 AND 1114111`,
  )
  return `coalesce(array_to_string(${map(points, 'point', (p) => `chr(${p}::INTEGER)`)}, ''), '')`
}

export const encodingFunctions: ScalarFunctionTable = {
  base64_encode_tostring: {
    doc: 'base64-encode-tostring-function',
    aliases: ['base64_encodestring'],
    parameters: ['string'],
    returns: 'string',
    duckdb: 'to_base64(encode($0))',
  },
  base64_decode_tostring: {
    doc: 'base64-decode-tostring-function',
    aliases: ['base64_decodestring'],
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: ([text]) => `TRY(decode(${base64Blob(text!)}))`,
  },
  base64_decode_toarray: {
    doc: 'base64-decode-toarray-function',
    parameters: ['string'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: ([text]) =>
      bind(
        { h: base64Bytes(text!) },
        (h) =>
          `${map(`range(1, length(${h}), 2)`, 'i', (i) => `('0x' || substr(${h}, ${i}, 2))::BIGINT`)}::JSON`,
      ),
  },
  base64_encode_fromarray: {
    doc: 'base64-encode-fromarray-function',
    parameters: ['dynamic'],
    returns: 'string',
    nullable: 'always',
    duckdb: ([array]) =>
      bind({ bytes: `TRY_CAST(${array!.bare} AS BIGINT[])` }, (bytes) => {
        const isByte = filter(bytes, 'byte', (byte) => `${byte} BETWEEN 0 AND 255`)
        const hex = map(bytes, 'byte', (byte) => `printf('%02x', ${byte})`)
        return `CASE WHEN len(${isByte}) = len(${bytes}) THEN to_base64(unhex(array_to_string(${hex}, ''))) END`
      }),
  },
  base64_encode_fromguid: {
    doc: 'base64-encode-fromguid-function',
    parameters: ['guid'],
    returns: 'string',
    duckdb: ([guid]) =>
      `to_base64(unhex(regexp_replace(replace(${guid}::VARCHAR, '-', ''), '${GUID_BYTES}', '\\4\\3\\2\\1\\6\\5\\8\\7\\9') || ` +
      `right(${guid}::VARCHAR, 12)))`,
  },
  base64_decode_toguid: {
    doc: 'base64-decode-toguid-function',
    parameters: ['string'],
    returns: 'guid',
    nullable: 'always',
    duckdb: ([text]) =>
      bind(
        { h: base64Bytes(text!) },
        (h) =>
          `TRY_CAST(CASE WHEN length(${h}) = 32 THEN ` +
          `regexp_replace(${h}, '${GUID_BYTES}', '\\4\\3\\2\\1\\6\\5\\8\\7\\9') || right(${h}, 12) END AS UUID)`,
      ),
  },
  hash: {
    doc: 'hash-function',
    aliases: ['hash_xxhash64'],
    parameters: ['any', 'long'],
    returns: 'long',
    duckdb: hash,
  },
  hash_md5: digest('md5', 'md5($0)'),
  hash_sha1: digest('sha1', 'sha1($0)'),
  hash_sha256: digest('sha256', 'sha256($0)'),
  url_encode: {
    doc: 'url-encode-function',
    parameters: ['string'],
    returns: 'string',
    duckdb: ([text]) => urlEncode(text, '+'),
  },
  url_encode_component: {
    doc: 'url-encode-component-function',
    parameters: ['string'],
    returns: 'string',
    duckdb: ([text]) => urlEncode(text, '%20'),
  },
  url_decode: {
    doc: 'url-decode-function',
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: "TRY(url_decode(replace($0, '+', ' ')))",
  },
  punycode_from_string: {
    doc: 'punycode-from-string-function',
    parameters: ['string'],
    returns: 'string',
    duckdb: 'kql_punycode_encode($0)',
  },
  punycode_to_string: {
    doc: 'punycode-to-string-function',
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: 'kql_punycode_decode($0)',
  },
  punycode_domain_from_string: {
    doc: 'punycode-domain-from-string-function',
    parameters: ['string'],
    returns: 'string',
    duckdb: 'kql_punycode_domain($0)',
  },
  punycode_domain_to_string: {
    doc: 'punycode-domain-to-string-function',
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: 'kql_punycode_domain_decode($0)',
  },
  tohex: { doc: 'tohex-function', parameters: ['any', 'long'], returns: 'string', duckdb: toHex },
  translate: {
    doc: 'translate-function',
    parameters: ['string', 'string', 'string'],
    returns: 'string',
    // Characters beyond the end of a shorter replacement list get its last one.
    duckdb: ([from, to, text]) =>
      bind(
        { from, to, text },
        (f, t, s) =>
          `translate(${s}, ${f}, CASE WHEN length(${t}) < length(${f}) AND ${t} <> '' THEN rpad(${t}, length(${f})::INTEGER, right(${t}, 1)) ELSE left(${t}, length(${f})) END)`,
      ),
  },
  unicode_codepoints_from_string: {
    aliases: ['to_utf8'],
    doc: 'unicode-codepoints-from-string-function',
    parameters: ['string'],
    returns: 'dynamic',
    nullable: 'never',
    duckdb: ([text]) =>
      `${map(
        filter(`string_split(${text}, '')`, 'char', (c) => `${c} <> ''`),
        'char',
        (c) => `unicode(${c})::BIGINT`,
      )}::JSON`,
  },
  unicode_codepoints_to_string: {
    aliases: ['make_string'],
    doc: 'unicode-codepoints-to-string-function',
    returns: 'string',
    nullable: 'never',
    duckdb: fromCodePoints,
  },
  gzip_compress_to_base64_string: {
    doc: 'gzip-base64-compress',
    parameters: ['string'],
    returns: 'string',
    duckdb: 'kql_gzip($0)',
  },
  gzip_decompress_from_base64_string: {
    doc: 'gzip-base64-decompress',
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: 'kql_gunzip($0)',
  },
  zlib_compress_to_base64_string: {
    doc: 'zlib-base64-compress',
    parameters: ['string'],
    returns: 'string',
    duckdb: 'kql_deflate($0)',
  },
  zlib_decompress_from_base64_string: {
    doc: 'zlib-base64-decompress',
    parameters: ['string'],
    returns: 'string',
    nullable: 'always',
    duckdb: 'kql_inflate($0)',
  },
}
