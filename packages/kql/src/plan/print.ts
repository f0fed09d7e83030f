/** A plan as text for people: one node a line, inputs indented below, columns as `name#id`. */
import type { Column, OrderKey, Plan, QueryPlan, Scalar } from './plan.js'
import { inputsOf } from './references.js'

export function printPlan({ shared, plan, output }: QueryPlan): string {
  const blocks = shared.map((entry) => `shared ${entry.name} (${columns(entry.columns)})\n${tree(entry.plan, 1)}`)
  return [...blocks, `output (${columns(output)})\n${tree(plan, 1)}`].join('\n')
}

function tree(plan: Plan, depth: number): string {
  const line = `${'  '.repeat(depth)}${describe(plan)}`
  return [line, ...inputsOf(plan).map((input) => tree(input, depth + 1))].join('\n')
}

function describe(plan: Plan): string {
  switch (plan.kind) {
    case 'unit':
      return 'one row'
    case 'scan':
      return `scan ${plan.table} (${columns(plan.columns)})`
    case 'values':
      return `values of ${plan.rows.length} rows (${columns(plan.columns)})`
    case 'range':
      return `range ${column(plan.column)} from ${scalar(plan.from)} to ${scalar(plan.to)} step ${scalar(plan.step)}`
    case 'reference':
      return `use of ${plan.name} (${plan.columns.map((c) => column(c.column)).join(', ')})`
    case 'filter':
      return `filter ${scalar(plan.predicate)}`
    case 'compute':
      return `compute ${plan.definitions.map((d) => `${column(d.column)} = ${scalar(d.value)}`).join(', ')}`
    case 'aggregate': {
      const calls = plan.aggregates.map(({ column: c, call }) => {
        const filter = call.filter ? ` if ${scalar(call.filter)}` : ''
        const order = call.orderBy.length > 0 ? ` in order ${keys(call.orderBy)}` : ''
        return `${column(c)} = ${call.name}(${call.arguments.map(scalar).join(', ')})${filter}${order}`
      })
      const by = plan.keys.map((key) => `${column(key.column)} = ${scalar(key.value)}`)
      return `aggregate ${calls.join(', ') || 'nothing'}${by.length > 0 ? ` by ${by.join(', ')}` : ''}`
    }
    case 'window':
      return `window ${plan.definitions
        .map((d) => {
          const partition = d.partitionBy.length > 0 ? ` per ${d.partitionBy.map(scalar).join(', ')}` : ''
          return `${column(d.column)} = ${d.name}(${d.arguments.map(scalar).join(', ')})${partition} in order ${keys(d.orderBy)}`
        })
        .join(', ')}`
    case 'sort':
      return `sort by ${keys(plan.keys)}`
    case 'limit':
      return `first ${scalar(plan.count)}${plan.keys.length > 0 ? ` by ${keys(plan.keys)}` : ''}`
    case 'first-of-each':
      return `first of each ${plan.by.map(scalar).join(', ')} by ${keys(plan.keys)}`
    case 'join':
      return `${plan.flavor} join on ${plan.on.map((key) => `${scalar(key.left)} = ${scalar(key.right)}`).join(', ')}`
    case 'union':
      return `union of ${plan.inputs.length} (${columns(plan.columns)})`
    case 'expand':
      return `expand ${plan.expansions.map((e) => `${column(e.column)} in ${scalar(e.value)}`).join(', ')}`
    case 'apply':
      return 'for each row of the first the rows of the second'
    default:
      return plan.kind
  }
}

function column({ name, id }: Column): string {
  return `${name}#${id}`
}

function columns(list: readonly Column[]): string {
  return list.map(column).join(', ')
}

function keys(list: readonly OrderKey[]): string {
  return list.map(({ id, descending }) => `#${id}${descending ? ' desc' : ''}`).join(', ') || 'none'
}

function scalar(value: Scalar): string {
  switch (value.kind) {
    case 'literal':
      return value.type === 'string' ? JSON.stringify(value.value) : `${value.type}(${value.value})`
    case 'column':
      return `#${value.id}`
    case 'call':
      return /^\w/.test(value.name) || value.name.startsWith('$')
        ? `${value.name}(${value.arguments.map(scalar).join(', ')})`
        : `(${value.arguments.map(scalar).join(` ${value.name} `)})`
    case 'scalar-subquery':
      return `toscalar(${column(value.column)} of …)`
    case 'membership':
      return `${scalar(value.value)} in (${column(value.column)} of …)`
  }
}
