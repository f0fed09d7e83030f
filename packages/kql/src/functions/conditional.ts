/** Choice between values, and questions about null and emptiness. */
import type { ScalarFunctionTable, Sql } from './function.js'

function caseOf(args: readonly Sql[]): string {
  const branches: string[] = []
  for (let i = 0; i + 1 < args.length; i += 2)
    branches.push(`WHEN ${args[i]!.bare} THEN ${args[i + 1]!.bare}`)
  return `CASE ${branches.join(' ')} ELSE ${args.at(-1)!.bare} END`
}

/** The first that is not null; of strings the first that is not empty. */
function coalesce(args: readonly Sql[]): string {
  const values = args.map((arg, i) =>
    arg.type === 'string' && i < args.length - 1 ? `nullif(${arg.bare}, '')` : arg.bare,
  )
  return `coalesce(${values.join(', ')})`
}

export const conditionalFunctions: ScalarFunctionTable = {
  case: { doc: 'case-function', aliases: ['iff', 'iif'], duckdb: caseOf },
  coalesce: { doc: 'coalesce-function', duckdb: coalesce },
  isempty: {
    doc: 'isempty-function',
    returns: 'bool',
    nullable: 'never',
    binds: 4,
    duckdb: ([value]) =>
      value!.type === 'string'
        ? `${value} = ''`
        : value!.type === 'dynamic'
          ? `coalesce(${value}, '""') = '""'`
          : `${value} IS NULL`,
  },
  isnotempty: {
    doc: 'isnotempty-function',
    aliases: ['notempty'],
    returns: 'bool',
    nullable: 'never',
    binds: 4,
    duckdb: ([value]) =>
      value!.type === 'string'
        ? `${value} <> ''`
        : value!.type === 'dynamic'
          ? `coalesce(${value}, '""') <> '""'`
          : `${value} IS NOT NULL`,
  },
  isnull: {
    doc: 'isnull-function',
    returns: 'bool',
    nullable: 'never',
    binds: 4,
    duckdb: ([value]) => (value!.type === 'string' ? 'false' : `${value} IS NULL`),
  },
  isnotnull: {
    doc: 'isnotnull-function',
    aliases: ['notnull'],
    returns: 'bool',
    nullable: 'never',
    binds: 4,
    duckdb: ([value]) => (value!.type === 'string' ? 'true' : `${value} IS NOT NULL`),
  },
  assert: {
    doc: 'assert-function',
    parameters: ['bool', 'string'],
    returns: 'bool',
    nullable: 'never',
    duckdb: 'CASE WHEN $0 THEN true ELSE error($1) END',
  },
  max_of: { doc: 'max-of-function', duckdb: 'greatest($*)' },
  min_of: { doc: 'min-of-function', duckdb: 'least($*)' },
}
