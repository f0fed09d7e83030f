/** Text: length, parts, case, search and replacement. */
import { fromString } from './conversion.js'
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'

function joined(list: string, delimiter: Sql | undefined): string {
  const macro = delimiter && delimiter.constant === undefined ? 'kql_join' : 'array_to_string'
  return `${macro}(${list}, ${delimiter?.bare ?? "''"})`
}

/** `extract(regex, group, text[, typeof(T)])` */
function extract([pattern, group, text, type]: readonly Sql[], { refuse }: TemplateContext): string {
  if (typeof group!.constant !== 'string') return refuse('The group must be a literal')
  const found = `regexp_extract(${text!.bare}, ${pattern!.bare}, ${group!.constant})`
  return fromString(found, String(type?.constant ?? 'string'), refuse)
}

/** The capture groups of a pattern in their order: a name, or null. */
function captureGroups(pattern: string): (string | null)[] {
  const groups: (string | null)[] = []
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]
    if (character === '\\') i++
    else if (inClass) inClass = character !== ']'
    else if (character === '[') {
      inClass = true
      // A bracket that comes first stands for itself.
      if (pattern[i + 1] === '^') i++
      if (pattern[i + 1] === ']') i++
    } else if (character === '(') {
      const name = /^\(\?P?<([^=!>][^>]*)>/.exec(pattern.slice(i))
      if (name || pattern[i + 1] !== '?') groups.push(name?.[1] ?? null)
    }
  }
  return groups
}

/** One group: an array of texts. Several: an array of arrays. `extract_all(regex, [groups,] text)` */
function extractAll(args: readonly Sql[], { refuse }: TemplateContext): string {
  const [pattern, wanted, text] = args.length === 3 ? args : [args[0], undefined, args[1]]
  if (typeof pattern!.constant !== 'string') return refuse('The regular expression must be a literal')
  const groups = captureGroups(pattern!.constant)
  if (groups.length === 0) return refuse('The regular expression must have a capture group')
  let numbers = groups.map((_, i) => i + 1)
  if (wanted) {
    if (typeof wanted.constant !== 'string') return refuse('The capture groups must be a literal array')
    const list = JSON.parse(wanted.constant) as unknown[]
    numbers = list.map((group) => (typeof group === 'string' ? groups.indexOf(group) + 1 : Number(group)))
    if (numbers.some((group) => !(group >= 1 && group <= groups.length)))
      return refuse('The regular expression lacks a capture group that is asked for')
  }
  const all = (group: number) => `regexp_extract_all(${text!.bare}, ${pattern!.bare}, ${group})`
  if (numbers.length === 1) return `kql_matches(${all(numbers[0]!)})`
  return `kql_match_rows([${numbers.map(all).join(', ')}])`
}

export const stringFunctions: ScalarFunctionTable = {
  strcat: {
    doc: 'strcat-function',
    parameters: ['...string'],
    returns: 'string',
    binds: 6,
    duckdb: (args) => (args.length === 1 ? args[0]!.bare : args.join(' || ')),
  },
  strcat_delim: {
    doc: 'strcat-delim-function',
    parameters: ['...string'],
    returns: 'string',
    duckdb: ([delimiter, ...parts]) =>
      `concat_ws(${[delimiter!, ...parts].map((part) => part.bare).join(', ')})`,
  },
  strcat_array: {
    doc: 'strcat-array-function',
    aliases: ['array_strcat'],
    parameters: ['dynamic', 'string'],
    returns: 'string',
    nullable: 'always',
    duckdb: ([array, delimiter]) => joined(`kql_texts(${array!.bare})`, delimiter),
  },
  strlen: { doc: 'strlen-function', parameters: ['string'], returns: 'long', duckdb: 'length($0)' },
  string_size: { doc: 'string-size-function', parameters: ['string'], returns: 'long', duckdb: 'strlen($0)' },
  strcmp: {
    doc: 'strcmp-function',
    parameters: ['string', 'string'],
    returns: 'long',
    duckdb: 'CASE WHEN $0 < $1 THEN -1 WHEN $0 > $1 THEN 1 ELSE 0 END::BIGINT',
  },
  strrep: {
    doc: 'strrep-function',
    parameters: ['string', 'long', 'string'],
    returns: 'string',
    duckdb: ([text, times, delimiter]) => joined(`kql_repeated(${text!.bare}, ${times!.bare})`, delimiter),
  },
  tolower: { doc: 'tolower-function', parameters: ['string'], duckdb: 'lower($0)' },
  toupper: { doc: 'toupper-function', parameters: ['string'], duckdb: 'upper($0)' },
  reverse: { doc: 'reverse-function', parameters: ['string'], returns: 'string', duckdb: 'reverse($0)' },
  substring: {
    doc: 'substring-function',
    parameters: ['string', 'long', 'long'],
    duckdb: ([text, start, length]) =>
      `kql_substring(${text!.bare}, ${start!.bare}, ${length?.bare ?? 'NULL'})`,
  },
  split: {
    doc: 'split-function',
    parameters: ['string', 'string', 'long'],
    returns: 'dynamic',
    duckdb: ([text, delimiter, index]) =>
      index
        ? `kql_split_at(${text!.bare}, ${delimiter!.bare}, ${index.bare})`
        : `to_json(string_split(${text!.bare}, ${delimiter!.bare}))`,
  },
  indexof: {
    doc: 'indexof-function',
    parameters: ['string', 'string', 'long', 'long', 'long'],
    returns: 'long',
    nullable: 'always',
    duckdb: ([text, lookup, start, length, occurrence]) =>
      `kql_indexof(${text!.bare}, ${lookup!.bare}, ${start?.bare ?? '0'}, ${length?.bare ?? '-1'}, ${occurrence?.bare ?? '1'})`,
  },
  indexof_regex: {
    doc: 'indexof-regex-function',
    parameters: ['string', 'string', 'long', 'long', 'long'],
    returns: 'long',
    nullable: 'always',
    duckdb: ([text, pattern, start, length, occurrence], { refuse }) => {
      if (occurrence && occurrence.constant === undefined) return refuse('The occurrence must be a literal')
      return `kql_indexof_regex(${text!.bare}, ${pattern!.bare}, ${start?.bare ?? '0'}, ${length?.bare ?? '-1'}, ${occurrence?.bare ?? '1'})`
    },
  },
  countof: {
    doc: 'countof-function',
    parameters: ['string', 'string', 'string'],
    returns: 'long',
    duckdb: ([text, search, kind], { refuse }) => {
      const mode = kind ? kind.constant : 'normal'
      if (mode === 'regex') return `len(regexp_extract_all(${text!.bare}, ${search!.bare}))`
      if (mode === 'normal') return `kql_countof(${text!.bare}, ${search!.bare})`
      return refuse("The kind of countof() must be 'normal' or 'regex'.")
    },
  },
  extract: {
    doc: 'extract-function',
    parameters: ['string', 'long', 'string', 'string'],
    nullable: 'always',
    duckdb: extract,
  },
  extract_all: {
    doc: 'extract-all-function',
    aliases: ['extractall'],
    returns: 'dynamic',
    nullable: 'always',
    duckdb: extractAll,
  },
  replace_string: {
    doc: 'replace-string-function',
    parameters: ['string', 'string', 'string'],
    duckdb: 'replace($0, $1, $2)',
  },
  replace_strings: {
    doc: 'replace-strings-function',
    parameters: ['string', 'dynamic', 'dynamic'],
    returns: 'string',
    duckdb: 'kql_replace_strings($0, kql_list($1), kql_list($2))',
  },
  replace_regex: {
    doc: 'replace-regex-function',
    parameters: ['string', 'string', 'string'],
    duckdb: "regexp_replace($0, $1, $2, 'g')",
  },
  /** The old function has the text last. */
  replace: {
    doc: 'replace-regex-function',
    parameters: ['string', 'string', 'string'],
    returns: 'string',
    duckdb: "regexp_replace($2, $0, $1, 'g')",
  },
  regex_quote: {
    doc: 'regex-quote-function',
    parameters: ['string'],
    returns: 'string',
    duckdb: 'kql_regex_quote($0)',
  },
  trim: {
    doc: 'trim-function',
    parameters: ['string', 'string'],
    duckdb: "regexp_replace(regexp_replace($1, '^(?:' || $0 || ')', ''), '(?:' || $0 || ')$', '')",
  },
  trim_start: {
    doc: 'trim-start-function',
    parameters: ['string', 'string'],
    duckdb: "regexp_replace($1, '^(?:' || $0 || ')', '')",
  },
  trim_end: {
    doc: 'trim-end-function',
    parameters: ['string', 'string'],
    duckdb: "regexp_replace($1, '(?:' || $0 || ')$', '')",
  },
  isascii: {
    doc: 'isascii-function',
    parameters: ['string'],
    returns: 'bool',
    duckdb: "regexp_full_match($0, '(?s)[\\x00-\\x7f]*')",
  },
  isutf8: {
    doc: 'isutf8-function',
    parameters: ['string'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'true',
  },
  has_any_index: {
    doc: 'has-any-index-function',
    parameters: ['string', 'dynamic'],
    returns: 'long',
    nullable: 'never',
    duckdb: 'kql_has_any_index($0, kql_strings($1))',
  },
  format_bytes: {
    doc: 'format-bytes-function',
    parameters: ['real', 'long', 'string'],
    returns: 'string',
    duckdb: ([size, digits, unit]) =>
      `kql_format_bytes(${size!.bare}, ${digits?.bare ?? '0'}, ${unit?.bare ?? "''"})`,
  },
}
