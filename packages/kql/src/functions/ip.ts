/**
 * Functions on IP addresses.
 *
 * An IPv4 address is a number of 32 bits in a BIGINT, an IPv6 address one of 128 bits in a UHUGEINT; a text that is
 * no address is null. `address/n` stands for the address with all bits after the first n cleared. Ranges that are
 * literals are read here, so that a filter over many rows compares numbers.
 */
import type { ScalarFunctionTable, Sql } from './function.js'
import { bind, filter, map, strings } from './sql.js'

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'
const IPV4 = `${OCTET}(?:\\.${OCTET}){3}`
const IPV4_WITH_PREFIX = `^(${OCTET})\\.(${OCTET})\\.(${OCTET})\\.(${OCTET})(?:/(3[0-2]|[12]?[0-9]))?$`

/** Address (not yet masked) and prefix length of a text: fields `ip` and `n`, both null if it is no address. */
function readV4(text: unknown): string {
  return bind(
    { p: `regexp_extract(${text}, '${IPV4_WITH_PREFIX}', ['a', 'b', 'c', 'd', 'n'])` },
    (p) =>
      `{'ip': ((TRY_CAST(${p}.a AS BIGINT) * 256 + TRY_CAST(${p}.b AS BIGINT)) * 256 + TRY_CAST(${p}.c AS BIGINT)) * 256` +
      ` + TRY_CAST(${p}.d AS BIGINT), 'n': CASE WHEN ${p}.a <> '' THEN coalesce(TRY_CAST(${p}.n AS BIGINT), 32) END}`,
  )
}

/** The first n bits set, of 32; null unless 0 <= n <= 32. */
function maskV4(n: string): string {
  return `CASE WHEN ${n} BETWEEN 0 AND 32 THEN 4294967296 - (1::BIGINT << (32 - ${n})::INTEGER) END`
}

/** The masked address of a text. */
function parseV4(text: unknown): string {
  return bind({ v4: readV4(text) }, (v4) => `${v4}.ip & ${maskV4(`${v4}.n`)}`)
}

function formatV4(address: string): string {
  return `concat_ws('.', ${address} >> 24, (${address} >> 16) & 255, (${address} >> 8) & 255, ${address} & 255)`
}

/** -1, 0, 1: two texts compared by the shortest prefix among theirs and the given one. */
function compareV4(a: unknown, b: unknown, prefix: unknown = 32): string {
  return bind({ a: readV4(a), b: readV4(b), n: prefix }, (x, y, n) =>
    bind(
      { mask: maskV4(`least(${x}.n, ${y}.n, ${n})`) },
      (mask) => `CASE WHEN ${n} IS NOT NULL THEN sign((${x}.ip & ${mask}) - (${y}.ip & ${mask}))::BIGINT END`,
    ),
  )
}

interface RangeV4 {
  readonly low: number
  readonly high: number
}

/** First and last address of a literal range, undefined if the text is none. */
function rangeV4(text: unknown): RangeV4 | undefined {
  const match = new RegExp(IPV4_WITH_PREFIX).exec(String(text))
  if (!match) return undefined
  const address = match.slice(1, 5).reduce((sum, octet) => sum * 256 + Number(octet), 0)
  const size = 2 ** (32 - Number(match[5] ?? 32))
  const low = Math.floor(address / size) * size
  return { low, high: low + size - 1 }
}

function inLiteralRanges(text: Sql, ranges: readonly RangeV4[]): string {
  const tests = (address: string) =>
    ranges.map(({ low, high }) =>
      low === high ? `${address} = ${low}` : `${address} BETWEEN ${low} AND ${high}`,
    )
  return bind({ ip: parseV4(text) }, (address) => tests(address).join(' OR '))
}

const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'].map((text) => rangeV4(text)!)

function inRangeV4(address: string, range: string): string {
  return bind({ range: readV4(range) }, (r) =>
    bind({ mask: maskV4(`${r}.n`) }, (mask) => `(${address} & ${mask}) = (${r}.ip & ${mask})`),
  )
}

/** The texts of a literal argument: a string, or an array of strings. Undefined if it is no literal. */
function literalTexts(arg: Sql): readonly string[] | undefined {
  if (arg.constant === undefined || arg.constant === null) return undefined
  if (arg.type === 'string') return [String(arg.constant)]
  if (arg.type !== 'dynamic') return undefined
  const parsed = JSON.parse(String(arg.constant)) as unknown
  return Array.isArray(parsed) && parsed.every((text) => typeof text === 'string') ? parsed : undefined
}

/** The list of texts that arguments stand for, each a string or an array of strings. */
function textList(args: readonly Sql[]): string {
  const lists = args.map((arg) => (arg.type === 'dynamic' ? `coalesce(${strings(arg)}, [])` : `[${arg}]`))
  return lists.length === 1 ? lists[0]! : `list_concat(${lists.join(', ')})`
}

/** Whether a test holds for any of the texts that the arguments stand for; null if it is null for all of them. */
function any(args: readonly Sql[], test: (text: string) => string): string {
  return bind(
    { tests: map(textList(args), 'any', test) },
    (tests) => `CASE WHEN len(${tests}) > 0 THEN list_bool_or(${tests}) ELSE false END`,
  )
}

/** Whether an address is in any of the ranges; null if it is none. */
function inAny(
  address: string,
  ranges: readonly Sql[],
  test: (address: string, range: string) => string,
): string {
  return bind(
    { address },
    (ip) => `CASE WHEN ${ip} IS NOT NULL THEN ${any(ranges, (range) => test(ip, range))} END`,
  )
}

function inAnyRangeV4([address, ...ranges]: readonly Sql[]): string {
  const literals = ranges.map(literalTexts)
  const read = literals.every((texts) => texts !== undefined) ? literals.flat().map(rangeV4) : [undefined]
  if (read.length > 0 && read.every((range) => range !== undefined)) return inLiteralRanges(address!, read)
  return inAny(parseV4(address), ranges, inRangeV4)
}

/** The address of a string or of a number. */
function numberV4(value: Sql): string {
  if (value.type === 'string') return readV4(value)
  const number = value.type === 'dynamic' ? `TRY_CAST(${value} AS BIGINT)` : `CAST(${value} AS BIGINT)`
  return bind(
    { number },
    (n) => `{'ip': CASE WHEN ${n} BETWEEN 0 AND 4294967295 THEN ${n} END, 'n': 32::BIGINT}`,
  )
}

function format([value, prefix]: readonly Sql[], body: (address: string, prefix: string) => string): string {
  return bind({ v4: numberV4(value!), n: prefix ?? 32 }, (v4, n) =>
    bind(
      { n: `CASE WHEN ${n} BETWEEN 0 AND 32 THEN least(${v4}.n, ${n}) END` },
      (length) =>
        `CASE WHEN ${v4}.ip IS NOT NULL AND ${length} IS NOT NULL THEN ` +
        `${bind({ ip: `${v4}.ip & ${maskV4(length)}` }, (ip) => body(ip, length))} END`,
    ),
  )
}

// An address in a text stands between characters that are neither letters nor digits.
const BEFORE = '(?:^|[^\\p{L}\\p{N}])'
const AFTER = '(?:$|[^\\p{L}\\p{N}])'

/** Whether a text holds the address, which must be one. */
function hasV4(source: unknown, address: string): string {
  return (
    `CASE WHEN regexp_full_match(${address}, '${IPV4}') ` +
    `THEN regexp_matches(${source}, '${BEFORE}' || replace(${address}, '.', '\\.') || '${AFTER}') ELSE false END`
  )
}

/** Whether a text holds an address that starts so: `10.`, `10.1.`, `10.1.2.` or a whole address. */
function hasPrefixV4(source: unknown, prefix: string): string {
  const start = `'${BEFORE}' || replace(${prefix}, '.', '\\.')`
  const rest = `CASE len(string_split(${prefix}, '.')) WHEN 2 THEN '${OCTET}\\.${OCTET}\\.${OCTET}' WHEN 3 THEN '${OCTET}\\.${OCTET}' ELSE '${OCTET}' END`
  return (
    `CASE WHEN regexp_full_match(${prefix}, '${IPV4}') THEN regexp_matches(${source}, ${start} || '${AFTER}') ` +
    `WHEN regexp_full_match(${prefix}, '(?:${OCTET}\\.){1,3}') THEN regexp_matches(${source}, ${start} || ${rest} || '${AFTER}') ` +
    'ELSE false END'
  )
}

/** The same with literals: one pattern for all of them. Undefined if they are no literals. */
function hasLiterals(source: Sql, args: readonly Sql[], prefixes: boolean): string | undefined {
  const literals = args.map(literalTexts)
  if (!literals.every((texts) => texts !== undefined)) return undefined
  const whole = new RegExp(`^${IPV4}$`)
  const start = new RegExp(`^(?:${OCTET}\\.){1,3}$`)
  const patterns = literals.flat().flatMap((text) => {
    const escaped = text.replaceAll('.', '\\.')
    if (whole.test(text)) return [escaped]
    if (!prefixes || !start.test(text)) return []
    return [
      escaped +
        Array(5 - text.split('.').length)
          .fill(OCTET)
          .join('\\.'),
    ]
  })
  if (patterns.length === 0) return 'false'
  return `regexp_matches(${source}, '${BEFORE}(?:${patterns.join('|')})${AFTER}')`
}

const hasAny =
  (prefixes: boolean) =>
  ([source, ...texts]: readonly Sql[]): string =>
    hasLiterals(source!, texts, prefixes) ??
    bind(
      { text: source },
      (text) =>
        `coalesce(${any(texts, (ip) => (prefixes ? hasPrefixV4(text, ip) : hasV4(text, ip)))}, false)`,
    )

/**
 * Blocks that cover exactly the addresses from `start` up to `end`, in order: at each size 2^k at most one block on
 * the left and one on the right of what larger blocks cover.
 */
function cidrList(start: string, end: string): string {
  const blocks = (odd: 'l' | 'r') =>
    map('range(33)', 'k', (k) =>
      bind({ size: `1::BIGINT << ${k}::INTEGER` }, (size) =>
        // What is left to cover at this size, counted in blocks of it: from l up to r.
        bind({ l: `(${start} + ${size} - 1) // ${size}`, r: `(${end} + 1) // ${size}` }, (l, r) => {
          const address = odd === 'l' ? `(${l} * ${size})` : `((${r} - 1) * ${size})`
          const isBlock = `${l} < ${r} AND ${odd === 'l' ? l : r} % 2 = 1`
          return `CASE WHEN ${isBlock} THEN ${formatV4(address)} || '/' || (32 - ${k}) END`
        }),
      ),
    )
  const all = `list_concat(${blocks('l')}, list_reverse(${blocks('r')}))`
  return `${filter(all, 'block', (block) => `${block} IS NOT NULL`)}::JSON`
}

// Hexadecimal groups up to a dotted end, the four octets of that, and the prefix length.
const IPV6_WITH_PREFIX = `^([0-9a-f:]*?)(?:(${OCTET})\\.(${OCTET})\\.(${OCTET})\\.(${OCTET}))?(?:/([0-9]{1,3}))?$`

/** Address (UHUGEINT, not yet masked) and prefix length of a text that holds an IPv6 or an IPv4 address. */
function readV6(text: unknown): string {
  const parts = `regexp_extract(lower(${text}), '${IPV6_WITH_PREFIX}', ['h', 'a', 'b', 'c', 'd', 'n'])`
  return bind({ p: parts }, (p) => {
    const dotted = `CASE WHEN ${p}.a <> '' THEN printf('%02x%02x:%02x%02x', ${['a', 'b', 'c', 'd'].map((f) => `TRY_CAST(${p}.${f} AS INTEGER)`).join(', ')}) ELSE '' END`
    const isV4 = `${p}.h = '' AND ${p}.a <> ''`
    // The groups on either side of '::'.
    const halves = `string_split(CASE WHEN ${isV4} THEN '::ffff:' ELSE ${p}.h END || ${dotted}, '::')`
    const groups = (half: string) =>
      `CASE WHEN coalesce(${half}, '') = '' THEN []::VARCHAR[] ELSE string_split(${half}, ':') END`
    const hex = bind({ halves }, (h) =>
      bind({ l: groups(`${h}[1]`), r: groups(`${h}[2]`), n: `len(${h})` }, (l, r, n) => {
        const whole = map(
          `list_concat(${l}, list_resize([]::VARCHAR[], greatest(8 - len(${l}) - len(${r}), 0), '0'), ${r})`,
          'group',
          (group) => `CASE WHEN regexp_full_match(${group}, '[0-9a-f]{1,4}') THEN lpad(${group}, 4, '0') END`,
        )
        const fits = `(${n} = 1 AND len(${l}) = 8) OR (${n} = 2 AND len(${l}) + len(${r}) < 8)`
        return bind(
          { whole: `CASE WHEN ${fits} THEN ${whole} END` },
          (list) => `CASE WHEN list_count(${list}) = 8 THEN array_to_string(${list}, '') END`,
        )
      }),
    )
    const length = bind(
      { n: `TRY_CAST(${p}.n AS INTEGER)`, v4: isV4 },
      (n, v4) =>
        `CASE WHEN ${n} IS NULL THEN 128 WHEN ${v4} AND ${n} <= 32 THEN 96 + ${n} WHEN NOT (${v4}) AND ${n} <= 128 THEN ${n} END`,
    )
    return bind(
      { hex, n: length },
      (h, n) => `{'ip': CASE WHEN ${n} IS NOT NULL THEN unhex(${h})::BIT::UHUGEINT END, 'n': ${n}}`,
    )
  })
}

/** The address with all but the first n of 128 bits cleared; null unless 0 <= n <= 128. */
function maskedV6(address: string, n: string): string {
  return (
    `CASE WHEN ${n} = 0 THEN 0::UHUGEINT WHEN ${n} BETWEEN 1 AND 128 THEN ` +
    `(${address} >> (128 - ${n})::UHUGEINT) * (1::UHUGEINT << (128 - ${n})::UHUGEINT) END`
  )
}

function formatV6(address: string): string {
  return `regexp_replace(lpad(lower(to_hex(${address})), 32, '0'), '(.{4})(.{4})(.{4})(.{4})(.{4})(.{4})(.{4})(.{4})', '\\1:\\2:\\3:\\4:\\5:\\6:\\7:\\8')`
}

function compareV6(a: unknown, b: unknown, prefix: unknown = 128): string {
  return bind({ a: readV6(a), b: readV6(b), n: prefix }, (x, y, n) =>
    bind({ n: `CASE WHEN ${n} IS NOT NULL THEN least(${x}.n, ${y}.n, ${n}) END` }, (length) =>
      bind(
        { a: maskedV6(`${x}.ip`, length), b: maskedV6(`${y}.ip`, length) },
        (l, r) =>
          `CASE WHEN ${x}.ip IS NULL OR ${y}.ip IS NULL THEN NULL WHEN ${l} < ${r} THEN -1::BIGINT WHEN ${l} > ${r} THEN 1::BIGINT WHEN ${l} = ${r} THEN 0::BIGINT END`,
      ),
    ),
  )
}

function inRangeV6(address: string, range: string): string {
  return bind(
    { r: readV6(range) },
    (r) =>
      `CASE WHEN ${r}.ip IS NOT NULL THEN ${maskedV6(`${address}`, `${r}.n`)} = ${maskedV6(`${r}.ip`, `${r}.n`)} END`,
  )
}

function parseV6(text: unknown, prefix: unknown = 128): string {
  return bind({ v6: readV6(text), n: prefix }, (v6, n) =>
    bind(
      { n: `CASE WHEN ${n} BETWEEN 0 AND 128 THEN least(${v6}.n, ${n}) END` },
      (length) => `CASE WHEN ${v6}.ip IS NOT NULL THEN ${maskedV6(`${v6}.ip`, length)} END`,
    ),
  )
}

export const ipFunctions: ScalarFunctionTable = {
  parse_ipv4: {
    doc: 'parse-ipv4-function',
    parameters: ['string'],
    nullable: 'always',
    duckdb: ([text]) => parseV4(text),
  },
  parse_ipv4_mask: {
    doc: 'parse-ipv4-mask-function',
    parameters: ['string', 'long'],
    nullable: 'always',
    duckdb: ([text, prefix]) =>
      bind({ v4: readV4(text), n: prefix }, (v4, n) =>
        bind(
          { n: `CASE WHEN ${n} BETWEEN 0 AND 32 THEN least(${v4}.n, ${n}) END` },
          (length) => `${v4}.ip & ${maskV4(length)}`,
        ),
      ),
  },
  ipv4_compare: {
    doc: 'ipv4-compare-function',
    parameters: ['string', 'string', 'long'],
    nullable: 'always',
    duckdb: ([a, b, prefix]) => compareV4(a, b, prefix),
  },
  ipv4_is_match: {
    doc: 'ipv4-is-match-function',
    parameters: ['string', 'string', 'long'],
    nullable: 'always',
    duckdb: ([a, b, prefix]) => `(${compareV4(a, b, prefix)} = 0)`,
  },
  ipv4_is_private: {
    doc: 'ipv4-is-private-function',
    parameters: ['string'],
    nullable: 'always',
    duckdb: ([text]) => inLiteralRanges(text!, PRIVATE),
  },
  ipv4_is_in_range: {
    doc: 'ipv4-is-in-range-function',
    parameters: ['string', 'string'],
    nullable: 'always',
    duckdb: inAnyRangeV4,
  },
  ipv4_is_in_any_range: {
    doc: 'ipv4-is-in-any-range-function',
    parameters: ['string', '...any'],
    nullable: 'always',
    duckdb: inAnyRangeV4,
  },
  ipv4_netmask_suffix: {
    doc: 'ipv4-netmask-suffix-function',
    parameters: ['string'],
    nullable: 'always',
    duckdb: ([text]) => `${readV4(text)}.n`,
  },
  format_ipv4: {
    doc: 'format-ipv4-function',
    parameters: ['any', 'long'],
    nullable: 'always',
    duckdb: (args) => format(args, (address) => formatV4(address)),
  },
  format_ipv4_mask: {
    doc: 'format-ipv4-mask-function',
    parameters: ['any', 'long'],
    nullable: 'always',
    duckdb: (args) => format(args, (address, prefix) => `${formatV4(address)} || '/' || ${prefix}`),
  },
  ipv4_range_to_cidr_list: {
    doc: 'ipv4-range-to-cidr-list-function',
    parameters: ['string', 'string'],
    nullable: 'always',
    duckdb: ([start, end]) =>
      bind(
        { first: parseV4(start), last: parseV4(end) },
        (first, last) => `CASE WHEN ${first} <= ${last} THEN ${cidrList(first, last)} END`,
      ),
  },
  has_ipv4: {
    doc: 'has-ipv4-function',
    parameters: ['string', 'string'],
    nullable: 'never',
    duckdb: hasAny(false),
  },
  has_any_ipv4: {
    doc: 'has-any-ipv4-function',
    parameters: ['string', '...any'],
    nullable: 'never',
    duckdb: hasAny(false),
  },
  has_ipv4_prefix: {
    doc: 'has-ipv4-prefix-function',
    parameters: ['string', 'string'],
    nullable: 'never',
    duckdb: hasAny(true),
  },
  has_any_ipv4_prefix: {
    doc: 'has-any-ipv4-prefix-function',
    parameters: ['string', '...any'],
    nullable: 'never',
    duckdb: hasAny(true),
  },
  parse_ipv6: {
    doc: 'parse-ipv6-function',
    parameters: ['string'],
    nullable: 'always',
    duckdb: ([text]) => bind({ ip: parseV6(text) }, formatV6),
  },
  parse_ipv6_mask: {
    doc: 'parse-ipv6-mask-function',
    parameters: ['string', 'long'],
    nullable: 'always',
    duckdb: ([text, prefix]) => bind({ ip: parseV6(text, prefix) }, formatV6),
  },
  ipv6_compare: {
    doc: 'ipv6-compare-function',
    parameters: ['string', 'string', 'long'],
    nullable: 'always',
    duckdb: ([a, b, prefix]) => compareV6(a, b, prefix),
  },
  ipv6_is_match: {
    doc: 'ipv6-is-match-function',
    parameters: ['string', 'string', 'long'],
    nullable: 'always',
    duckdb: ([a, b, prefix]) => `(${compareV6(a, b, prefix)} = 0)`,
  },
  ipv6_is_in_range: {
    doc: 'ipv6-is-in-range-function',
    parameters: ['string', 'string'],
    nullable: 'always',
    duckdb: ([address, ...ranges]) => inAny(parseV6(address), ranges, inRangeV6),
  },
  ipv6_is_in_any_range: {
    doc: 'ipv6-is-in-any-range-function',
    parameters: ['string', '...any'],
    nullable: 'always',
    duckdb: ([address, ...ranges]) => inAny(parseV6(address), ranges, inRangeV6),
  },
}
