/** Text: length, parts, case, search and replacement. */
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'

/** `.NET` regex replacement refers to groups as `\1`, and so does RE2; a `$1` is plain text. */
function replaceAll([text, pattern, replacement]: readonly Sql[]): string {
  return `regexp_replace(${text!.bare}, ${pattern!.bare}, ${replacement!.bare}, 'g')`
}

/** `extract(regex, group, text[, typeof(T)])` */
function extract([pattern, group, text]: readonly Sql[]): string {
  return `regexp_extract(${text!.bare}, ${pattern!.bare}, ${group!.bare})`
}

function countGroups(pattern: string): number {
  let count = 0
  let inClass = false
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]
    if (character === '\\') i++
    else if (character === '[') inClass = true
    else if (character === ']') inClass = false
    else if (
      character === '(' &&
      !inClass &&
      (pattern[i + 1] !== '?' || /^\(\?P?<[^=!]/.test(pattern.slice(i)))
    )
      count++
  }
  return count
}

/** One group: an array of texts. Several: an array of arrays. `extract_all(regex, [groups,] text)` */
function extractAll(args: readonly Sql[], { refuse }: TemplateContext): string {
  const [pattern, groups, text] = args.length === 3 ? args : [args[0], undefined, args[1]]
  if (typeof pattern!.constant !== 'string')
    return refuse('extract_all() needs a literal regular expression.')
  const count = countGroups(pattern!.constant)
  if (count === 0) return refuse('The regular expression of extract_all() needs a group.')
  let wanted = Array.from({ length: count }, (_, i) => i + 1)
  if (groups) {
    if (typeof groups.constant !== 'string') return refuse('extract_all() needs literal groups.')
    wanted = (JSON.parse(groups.constant) as unknown[]).map(Number)
  }
  const all = (group: number) => `regexp_extract_all(${text!.bare}, ${pattern!.bare}, ${group})`
  if (wanted.length === 1) return `kql_nonempty(${all(wanted[0]!)})`
  const columns = wanted.map((group) => all(group)).join(', ')
  return `kql_nonempty(kql_rows([${columns}]))`
}

function replaceStrings(
  [text, lookups, rewrites]: readonly Sql[],
  { refuse, quote }: TemplateContext,
): string {
  const list = (sql: Sql) =>
    typeof sql.constant === 'string' ? (JSON.parse(sql.constant) as unknown[]) : undefined
  const from = list(lookups!)
  const to =
    rewrites!.type === 'dynamic'
      ? list(rewrites!)
      : typeof rewrites!.constant === 'string'
        ? [rewrites!.constant]
        : undefined
  if (!from || !to) return refuse('replace_strings() needs literal arrays.')
  // Only as much as comes in once: what a rewrite put in is not looked up again by the same lookup, but by later ones.
  return from.reduce<string>(
    (sql, lookup, i) =>
      `replace(${sql}, ${quote(String(lookup))}, ${quote(String(to.length === 1 ? to[0] : (to[i] ?? '')))})`,
    text!.bare,
  )
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
    duckdb:
      "array_to_string(list_transform(kql_list($0), lambda x: coalesce(json_extract_string(x, '$'), '')), $1)",
  },
  strlen: { doc: 'strlen-function', parameters: ['string'], returns: 'long', duckdb: 'length($0)' },
  string_size: { doc: 'string-size-function', parameters: ['string'], returns: 'long', duckdb: 'strlen($0)' },
  strcmp: {
    doc: 'strcmp-function',
    parameters: ['string', 'string'],
    returns: 'int',
    duckdb: 'CASE WHEN $0 < $1 THEN -1 WHEN $0 > $1 THEN 1 ELSE 0 END',
  },
  strrep: {
    doc: 'strrep-function',
    aliases: ['repeat_string'],
    parameters: ['string', 'long', 'string'],
    returns: 'string',
    duckdb: ([text, times, delimiter]) =>
      delimiter
        ? `array_to_string(list_transform(range(${times!.bare}), lambda i: ${text}), ${delimiter.bare})`
        : `repeat(${text!.bare}, ${times!.bare})`,
  },
  tolower: { doc: 'tolower-function', parameters: ['string'], duckdb: 'lower($0)' },
  toupper: { doc: 'toupper-function', parameters: ['string'], duckdb: 'upper($0)' },
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
    duckdb: ([text, pattern, start, length, occurrence]) =>
      `kql_indexof_regex(${text!.bare}, ${pattern!.bare}, ${start?.bare ?? '0'}, ${length?.bare ?? '-1'}, ${occurrence?.bare ?? '1'})`,
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
    parameters: ['string', 'long', 'string'],
    nullable: 'arguments',
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
    parameters: ['string', 'dynamic', 'any'],
    returns: 'string',
    duckdb: replaceStrings,
  },
  replace_regex: {
    doc: 'replace-regex-function',
    aliases: ['replace'],
    parameters: ['string', 'string', 'string'],
    duckdb: replaceAll,
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
}
