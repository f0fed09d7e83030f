/**
 * What a query wants of each table at most: for an engine that can skip what no scan reads.
 *
 * Only conditions are counted that stand right above a scan and compare a column with literals; they stay in the
 * query all the same. Several scans of one table are taken together, so all of it holds for each of them.
 */
import type { ColumnId, Plan, QueryPlan, Scalar } from './plan.js'
import { inputsOf, scalarsOf } from './references.js'

export interface ScanNeeds {
  readonly table: string
  /** By column: every row that is read has a value in these bounds (both included), or one of these texts. */
  readonly bounds: ReadonlyMap<string, Bounds>
}

export interface Bounds {
  readonly from?: bigint
  readonly to?: bigint
  readonly oneOf?: readonly string[]
}

export function scanNeeds(query: QueryPlan): ScanNeeds[] {
  const needs = new Map<string, ReadonlyMap<string, Bounds>>()
  const visit = (plan: Plan, conditions: readonly Scalar[]): void => {
    for (const scalar of scalarsOf(plan)) visitScalar(scalar)
    if (plan.kind === 'scan') {
      const names = new Map(plan.columns.map(({ id, name }) => [id, name]))
      const bounds = boundsOf(conditions, names)
      const before = needs.get(plan.table)
      needs.set(plan.table, before === undefined ? bounds : either(before, bounds))
    } else if (plan.kind === 'filter') visit(plan.input, [...conditions, ...conjuncts(plan.predicate)])
    else if (plan.kind === 'compute' || plan.kind === 'sort') visit(plan.input, conditions)
    else for (const input of inputsOf(plan)) visit(input, [])
  }
  const visitScalar = (scalar: Scalar): void => {
    if (scalar.kind === 'call') scalar.arguments.forEach(visitScalar)
    if (scalar.kind === 'membership') visitScalar(scalar.value)
    if (scalar.kind === 'scalar-subquery' || scalar.kind === 'membership') visit(scalar.plan, [])
  }
  visit(query.plan, [])
  for (const { plan } of query.shared) visit(plan, [])
  return Array.from(needs, ([table, bounds]) => ({ table, bounds }))
}

function conjuncts(scalar: Scalar): readonly Scalar[] {
  return scalar.kind === 'call' && scalar.name === 'and' ? scalar.arguments.flatMap(conjuncts) : [scalar]
}

function boundsOf(conditions: readonly Scalar[], names: ReadonlyMap<ColumnId, string>): Map<string, Bounds> {
  const all = new Map<string, Bounds>()
  for (const condition of conditions) {
    if (condition.kind !== 'call') continue
    const [first, ...others] = condition.arguments
    const name = first?.kind === 'column' ? names.get(first.id) : undefined
    const bounds = name === undefined ? undefined : boundsOfCall(condition.name, first!.type, others)
    if (name !== undefined && bounds !== undefined) all.set(name, both(all.get(name) ?? {}, bounds))
  }
  return all
}

function boundsOfCall(name: string, type: string, others: readonly Scalar[]): Bounds | undefined {
  if (type === 'string') {
    if (name !== '==' && name !== 'in') return undefined
    const texts = others.map((other) => (other.kind === 'literal' ? other.value : undefined))
    return texts.every((text) => typeof text === 'string') ? { oneOf: texts } : undefined
  }
  if (type !== 'datetime' && type !== 'long') return undefined
  const values = others.map(integerOf)
  const [first, second] = values
  if (first === undefined || values.includes(undefined)) return undefined
  switch (name) {
    case '==':
      return { from: first, to: first }
    case '>=':
      return { from: first }
    case '>':
      return { from: first + 1n }
    case '<=':
      return { to: first }
    case '<':
      return { to: first - 1n }
    case 'between':
      return second === undefined ? undefined : { from: first, to: second }
    default:
      return undefined
  }
}

/** The value of a literal, or of a sum or difference of literals. */
function integerOf(scalar: Scalar): bigint | undefined {
  if (scalar.kind === 'literal') {
    if (typeof scalar.value === 'number')
      return Number.isSafeInteger(scalar.value) ? BigInt(scalar.value) : undefined
    return typeof scalar.value === 'string' && /^-?[0-9]{1,19}$/.test(scalar.value)
      ? BigInt(scalar.value)
      : undefined
  }
  if (scalar.kind !== 'call' || (scalar.name !== '+' && scalar.name !== '-')) return undefined
  const [left, right] = scalar.arguments.map(integerOf)
  if (left === undefined || right === undefined) return undefined
  return scalar.name === '+' ? left + right : left - right
}

function both(a: Bounds, b: Bounds): Bounds {
  const from = a.from === undefined || (b.from !== undefined && b.from > a.from) ? b.from : a.from
  const to = a.to === undefined || (b.to !== undefined && b.to < a.to) ? b.to : a.to
  const oneOf =
    a.oneOf === undefined
      ? b.oneOf
      : b.oneOf === undefined
        ? a.oneOf
        : a.oneOf.filter((text) => b.oneOf!.includes(text))
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(oneOf === undefined ? {} : { oneOf }),
  }
}

function either(a: ReadonlyMap<string, Bounds>, b: ReadonlyMap<string, Bounds>): Map<string, Bounds> {
  const all = new Map<string, Bounds>()
  for (const [name, first] of a) {
    const second = b.get(name)
    if (second === undefined) continue
    const from =
      first.from === undefined || second.from === undefined
        ? undefined
        : first.from < second.from
          ? first.from
          : second.from
    const to =
      first.to === undefined || second.to === undefined
        ? undefined
        : first.to > second.to
          ? first.to
          : second.to
    const oneOf =
      first.oneOf === undefined || second.oneOf === undefined
        ? undefined
        : [...new Set([...first.oneOf, ...second.oneOf])]
    all.set(name, {
      ...(from === undefined ? {} : { from }),
      ...(to === undefined ? {} : { to }),
      ...(oneOf === undefined ? {} : { oneOf }),
    })
  }
  return all
}
