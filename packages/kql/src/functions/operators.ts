/** Logical, comparison and arithmetic operators. */
import type { ScalarFunctionTable, Sql, TemplateContext } from './function.js'

/** `null == 5` is false and `null == null` is null. */
function equals([a, b]: readonly Sql[], { predicate }: TemplateContext): string {
  if (predicate || (!a!.nullable && !b!.nullable)) return `${a} = ${b}`
  if (!a!.nullable || !b!.nullable) return `${a} IS NOT DISTINCT FROM ${b}`
  return `CASE WHEN ${a} IS NULL AND ${b} IS NULL THEN NULL ELSE ${a} IS NOT DISTINCT FROM ${b} END`
}

function differs([a, b]: readonly Sql[], { predicate }: TemplateContext): string {
  if (!a!.nullable && !b!.nullable) return `${a} <> ${b}`
  if (predicate || !a!.nullable || !b!.nullable) return `${a} IS DISTINCT FROM ${b}`
  return `CASE WHEN ${a} IS NULL AND ${b} IS NULL THEN NULL ELSE ${a} IS DISTINCT FROM ${b} END`
}

/** Values of one type; a null among them matches nothing. */
function isIn([value, ...list]: readonly Sql[], { predicate }: TemplateContext): string {
  const items = list.filter((item) => item.constant !== null)
  if (items.length === 0) return 'false'
  const test =
    items.length === 1
      ? `${value} = ${items[0]}`
      : `${value} IN (${items.map((item) => item.bare).join(', ')})`
  const nullable = value!.nullable || items.some((item) => item.nullable)
  return nullable && !predicate ? `coalesce(${test}, false)` : test
}

function divide([a, b]: readonly Sql[], { type }: TemplateContext): string {
  if (type === 'timespan' && b!.type === 'real') return `trunc(${a} / ${b})::BIGINT`
  if (type === 'real' && a!.type === 'timespan') return `${a}::DOUBLE / ${b}`
  if (type === 'real' || type === 'decimal') return `${a} / ${b}`
  return `${a} // ${b}`
}

function times([a, b]: readonly Sql[], { type }: TemplateContext): string {
  const fraction = a!.type === 'real' || b!.type === 'real'
  return type === 'timespan' && fraction ? `trunc(${a} * ${b})::BIGINT` : `${a} * ${b}`
}

export const operatorFunctions: ScalarFunctionTable = {
  and: { doc: 'logical-operators', binds: 2, duckdb: '$0 AND $1' },
  or: { doc: 'logical-operators', binds: 1, duckdb: '$0 OR $1' },
  not: { doc: 'not-function', parameters: ['bool'], returns: 'bool', binds: 3, duckdb: 'NOT $0' },
  '==': { doc: 'numerical-operators', binds: 4, duckdb: equals },
  '!=': { doc: 'numerical-operators', binds: 4, duckdb: differs },
  '<': { doc: 'numerical-operators', binds: 4, duckdb: '$0 < $1' },
  '<=': { doc: 'numerical-operators', binds: 4, duckdb: '$0 <= $1' },
  '>': { doc: 'numerical-operators', binds: 4, duckdb: '$0 > $1' },
  '>=': { doc: 'numerical-operators', binds: 4, duckdb: '$0 >= $1' },
  between: { doc: 'between-operator', binds: 4, duckdb: '$0 BETWEEN $1 AND $2' },
  in: { doc: 'in-cs-operator', binds: 4, nullable: 'never', duckdb: isIn },
  '+': { doc: 'numerical-operators', binds: 6, duckdb: '$0 + $1' },
  '-': { doc: 'numerical-operators', binds: 6, duckdb: '$0 - $1' },
  '*': { doc: 'numerical-operators', binds: 7, duckdb: times },
  '/': { doc: 'numerical-operators', binds: 7, nullable: 'always', duckdb: divide },
  '%': { doc: 'numerical-operators', nullable: 'always', duckdb: 'kql_mod($0, $1)' },
}
