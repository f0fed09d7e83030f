/** Text: length, parts, case, search and replacement. */
import type { ScalarFunctionTable } from './function.js'

export const stringFunctions: ScalarFunctionTable = {
  strcat: {
    doc: 'strcat-function',
    parameters: ['...string'],
    returns: 'string',
    duckdb: (args) => (args.length === 1 ? args[0]!.bare : args.join(' || ')),
  },
  strlen: { doc: 'strlen-function', parameters: ['string'], duckdb: 'length($0)' },
  tolower: { doc: 'tolower-function', parameters: ['string'], duckdb: 'lower($0)' },
  toupper: { doc: 'toupper-function', parameters: ['string'], duckdb: 'upper($0)' },
  substring: {
    doc: 'substring-function',
    parameters: ['string', 'long', 'long'],
    duckdb: ([text, start, length]) =>
      length
        ? `kql_substring(${text!.bare}, ${start!.bare}, ${length.bare})`
        : `kql_substring(${text!.bare}, ${start!.bare}, NULL)`,
  },
  split: {
    doc: 'split-function',
    parameters: ['string', 'string', 'long'],
    duckdb: ([text, delimiter, index]) =>
      index
        ? `kql_split_at(${text!.bare}, ${delimiter!.bare}, ${index.bare})`
        : `to_json(string_split(${text!.bare}, ${delimiter!.bare}))`,
  },
  replace_string: {
    doc: 'replace-string-function',
    parameters: ['string', 'string', 'string'],
    duckdb: 'replace($0, $1, $2)',
  },
  replace_regex: {
    doc: 'replace-regex-function',
    aliases: ['replace'],
    parameters: ['string', 'string', 'string'],
    duckdb: "regexp_replace($0, $1, $2, 'g')",
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
}
