/** Texts with a structure of their own: URLs, paths, CSV, versions, command lines. */
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'
import { bind, map } from './sql.js'

/** A bag of the texts. */
const bag = (fields: Readonly<Record<string, string>>): string =>
  `json_object(${Object.entries(fields)
    .map(([name, value]) => `'${name}', ${value}`)
    .join(', ')})`

/** Groups of a pattern as fields of a struct; all '' if it does not match. */
const groups = (text: unknown, pattern: string, names: readonly string[]): string =>
  `regexp_extract(${text}, '${pattern}', [${names.map((name) => `'${name}'`).join(', ')}])`

/** `k=v&k2=v2` as a bag; of two values of a key the last counts. */
function queryParameters(query: unknown): string {
  const pairs = `regexp_extract_all(${query}, '[^&]+')`
  return bind(
    { pairs: map(pairs, 'pair', (pair) => groups(pair, '^([^=]*)=?(.*)$', ['k', 'v'])) },
    (list) => {
      const isLast = `len(list_filter(${list}, lambda "$o", "$j": "$j" > "$i" AND "$o".k = "$p".k)) = 0`
      const last = `list_filter(${list}, lambda "$p", "$i": ${isLast})`
      const entries = `array_to_string(${map(last, 'e', (e) => `to_json(${e}.k) || ':' || to_json(${e}.v)`)}, ',')`
      return `('{' || coalesce(${entries}, '') || '}')::JSON`
    },
  )
}

const URL =
  '^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\\[[^\\]]*\\]|[^:/?#]*)(?::([0-9]*))?)?([^?#]*)(?:\\?([^#]*))?(?:#(.*))?$'

function parseUrl([url]: readonly Sql[]): string {
  const names = ['scheme', 'user', 'password', 'host', 'port', 'path', 'query', 'fragment']
  return bind({ u: groups(url!.bare, URL, names) }, (u) =>
    bag({
      Scheme: `${u}.scheme`,
      Host: `${u}.host`,
      Port: `${u}.port`,
      Path: `${u}.path`,
      Username: `${u}.user`,
      Password: `${u}.password`,
      'Query Parameters': queryParameters(`${u}.query`),
      Fragment: `${u}.fragment`,
    }),
  )
}

// Scheme, drive, directory (with the drive), file, extension with its dot, alternate data stream.
const PATH =
  '^(?:([A-Za-z][A-Za-z0-9+.-]+)://)?(([A-Za-z]:)?(?:.*[/\\\\])?)((?:[^/\\\\:]*?)(\\.[^/\\\\:.]*)?)(?::([^/\\\\]*))?$'

function parsePath([path]: readonly Sql[]): string {
  const names = ['scheme', 'directory', 'drive', 'file', 'extension', 'stream']
  return bind({ p: groups(path!.bare, PATH, names) }, (p) => {
    const directory = `regexp_replace(${p}.directory, '[/\\\\]$', '')`
    return bag({
      Scheme: `${p}.scheme`,
      RootPath: `${p}.drive`,
      DirectoryPath: directory,
      DirectoryName: `regexp_extract(${directory}, '(?:^(?:[A-Za-z]:)?|[/\\\\])([^/\\\\:]*)$', 1)`,
      Filename: `${p}.file`,
      Extension: `substr(${p}.extension, 2)`,
      AlternateDataStreamName: `${p}.stream`,
    })
  })
}

/** The fields of the first record. */
function parseCsv([text]: readonly Sql[]): string {
  const record = `regexp_extract(${text!.bare}, '^(?:"(?:[^"]|"")*"|[^\\r\\n])*')`
  const fields = `regexp_extract_all(${record} || ',', '("(?:[^"]|"")*"[^,]*|[^,]*),', 1)`
  const field = (f: string) =>
    `CASE WHEN regexp_full_match(${f}, '(?s)".*"') THEN replace(substr(${f}, 2, length(${f}) - 2), '""', '"') ELSE ${f} END`
  return `to_json(${map(fields, 'field', field)})`
}

/** Up to four parts of eight digits each, as one number. */
function parseVersion([text]: readonly Sql[]): string {
  const parts = groups(
    text!.bare,
    '^([0-9]{1,8})(?:\\.([0-9]{1,8}))?(?:\\.([0-9]{1,8}))?(?:\\.([0-9]{1,8}))?$',
    ['a', 'b', 'c', 'd'],
  )
  return bind({ v: parts }, (v) => {
    const digits = ['b', 'c', 'd'].map((part) => `lpad(${v}.${part}, 8, '0')`).join(' || ')
    return `TRY_CAST(CASE WHEN ${v}.a <> '' THEN ${v}.a || ${digits} END AS DECIMAL(38, 0))`
  })
}

/**
 * Arguments as Windows takes a command line apart: blanks separate, quotes hold together, `\"` is a quote, and
 * backslashes count for two before a quote only. A quote that groups becomes chr(2), one that is text chr(1).
 */
function parseCommandLine([text, kind]: readonly Sql[], { refuse }: TemplateContext): string {
  if (kind?.constant !== 'windows') return refuse("parse_command_line() of a parser other than 'windows'")
  const pieces = `regexp_extract_all(${text!.bare}, '\\\\*"|\\\\+|[^\\\\"]+')`
  const marked = map(
    pieces,
    'piece',
    (p) =>
      `CASE WHEN right(${p}, 1) = '"' THEN repeat('\\', (length(${p}) - 1) // 2) || chr(2 - (length(${p}) - 1)::INTEGER % 2) ELSE ${p} END`,
  )
  const tokens = `regexp_extract_all(array_to_string(${marked}, ''), '(?:\\x02[^\\x02]*(?:\\x02|$)|[^\\x02\\s])+')`
  return `to_json(${map(tokens, 'token', (t) => `replace(replace(${t}, chr(2), ''), chr(1), '"')`)})`
}

export const parsingFunctions: ScalarFunctionTable = {
  parse_command_line: {
    doc: 'parse-command-line-function',
    parameters: ['string', 'string'],
    returns: 'dynamic',
    duckdb: parseCommandLine,
  },
  parse_csv: { doc: 'parse-csv-function', parameters: ['string'], returns: 'dynamic', duckdb: parseCsv },
  parse_path: { doc: 'parse-path-function', parameters: ['string'], returns: 'dynamic', duckdb: parsePath },
  parse_url: {
    doc: 'parse-url-function',
    aliases: ['parseurl'],
    parameters: ['string'],
    returns: 'dynamic',
    duckdb: parseUrl,
  },
  parse_xml: {
    doc: 'parse-xml-function',
    parameters: ['string'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: 'kql_parse_xml($0)',
  },
  parse_urlquery: {
    aliases: ['parseurlquery'],
    doc: 'parse-urlquery-function',
    parameters: ['string'],
    returns: 'dynamic',
    duckdb: ([query]) => bag({ 'Query Parameters': queryParameters(`ltrim(${query!.bare}, '?')`) }),
  },
  parse_version: {
    doc: 'parse-version-function',
    parameters: ['string'],
    returns: 'decimal',
    nullable: 'always',
    duckdb: parseVersion,
  },
}
