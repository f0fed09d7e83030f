/**
 * When could a query find anything? Its rows come from scans, most of them behind conditions. Where no row of a
 * scan meets its conditions, whatever is built on that scan is empty. Who has to run a query over thousands of
 * windows of time asks this first, and runs it over the windows that are left.
 *
 * A footprint is never too small; it may be too big. Conditions that depend on the time of the run are left out:
 * they are told by a second plan, the same query compiled for another time.
 */
import { call, datetime, reference, timespan } from './build.js'
import type { Column, ColumnId, Compute, Filter, Plan, QueryPlan, Scalar, Scan } from './plan.js'

export type Footprint =
  /** Any time: the query gives rows without any, or nothing is known. */
  | { readonly kind: 'always' }
  /** The plan gives one column, a timespan since `origin`: the slots of time that hold such rows. */
  | { readonly kind: 'slots'; readonly plan: QueryPlan }
  /** At a time that is in all, or in any, of these. */
  | { readonly kind: 'all' | 'any'; readonly of: readonly Footprint[] }

export interface SlotOptions {
  /** Ticks: where a slot begins. */
  readonly origin: bigint
  /** Ticks: how long each is. */
  readonly step: bigint
}

const ALWAYS: Footprint = { kind: 'always' }

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Whether the scalar looks at other rows than the one at hand. */
function hasSubquery(scalar: Scalar): boolean {
  if (scalar.kind === 'scalar-subquery' || scalar.kind === 'membership') return true
  return scalar.kind === 'call' && scalar.arguments.some(hasSubquery)
}

type Chain = { readonly scan: Scan; readonly above: readonly (Filter | Compute)[] }

/** The scan that a plan is, with the conditions and columns right above it; undefined when it is more than that. */
function chainOf(plan: Plan): Chain | undefined {
  if (plan.kind === 'scan') return { scan: plan, above: [] }
  if (plan.kind !== 'filter' && plan.kind !== 'compute') return undefined
  const chain = chainOf(plan.input)
  return chain && { scan: chain.scan, above: [...chain.above, plan] }
}

function slotsOf(
  chain: Chain,
  other: Chain,
  { origin, step }: SlotOptions,
  newId: () => ColumnId,
): Footprint {
  const time = chain.scan.columns.find(({ name, type }) => name === 'TimeGenerated' && type === 'datetime')
  if (time === undefined) return ALWAYS
  let input: Plan = chain.scan
  for (const [i, node] of chain.above.entries()) {
    const twin = other.above[i]
    if (node.kind === 'compute') {
      const isPlain = twin?.kind === 'compute' && same(node.definitions, twin.definitions)
      // What is above may use these columns, and their values are not those of another time.
      if (!isPlain || node.definitions.some(({ value }) => hasSubquery(value))) break
      input = { ...node, input }
    } else if (
      twin?.kind === 'filter' &&
      same(node.predicate, twin.predicate) &&
      !hasSubquery(node.predicate)
    ) {
      input = { ...node, input }
    }
  }
  const slot: Column = { id: newId(), name: 'Slot', type: 'timespan' }
  const since = call('-', [reference(time), datetime(origin)], 'timespan')
  const value = call('bin', [since, timespan(step)], 'timespan')
  const plan: Plan = { kind: 'aggregate', input, keys: [{ column: slot, value }], aggregates: [] }
  return { kind: 'slots', plan: { shared: [], plan, output: [slot] } }
}

class Walk {
  readonly #query: QueryPlan
  readonly #other: QueryPlan
  readonly #slots: SlotOptions
  readonly #shared = new Map<string, Footprint>()
  #lastId: number

  constructor(query: QueryPlan, other: QueryPlan, slots: SlotOptions) {
    this.#query = query
    this.#other = other
    this.#slots = slots
    this.#lastId = Math.max(0, ...idsIn(query))
  }

  of(plan: Plan, other: Plan): Footprint {
    if (plan.kind !== other.kind) return ALWAYS
    const chain = chainOf(plan)
    const twin = chainOf(other)
    if (chain !== undefined && twin !== undefined)
      return slotsOf(chain, twin, this.#slots, () => ++this.#lastId)
    switch (plan.kind) {
      case 'reference':
        return this.#reference(plan.name)
      case 'aggregate':
        // Without keys there is a row even of nothing.
        return plan.keys.length === 0 ? ALWAYS : this.of(plan.input, (other as typeof plan).input)
      case 'join':
        return this.#join(plan, other as typeof plan)
      case 'union': {
        const twins = (other as typeof plan).inputs
        return any(plan.inputs.map((input, i) => (twins[i] ? this.of(input.plan, twins[i].plan) : ALWAYS)))
      }
      case 'filter':
      case 'compute':
      case 'window':
      case 'sort':
      case 'limit':
      case 'first-of-each':
      case 'expand':
      case 'apply':
      case 'fold':
        return this.of(plan.input, (other as typeof plan).input)
      default:
        return ALWAYS
    }
  }

  #join(plan: Extract<Plan, { kind: 'join' }>, other: Extract<Plan, { kind: 'join' }>): Footprint {
    const left = () => this.of(plan.left, other.left)
    const right = () => this.of(plan.right, other.right)
    switch (plan.flavor) {
      case 'inner':
      case 'semi':
      case 'cross':
        return all([left(), right()])
      case 'left':
      case 'anti':
        return left()
      case 'right':
        return right()
      case 'full':
        return any([left(), right()])
    }
  }

  #reference(name: string): Footprint {
    const known = this.#shared.get(name)
    if (known !== undefined) return known
    const plan = this.#query.shared.find((shared) => shared.name === name)?.plan
    const other = this.#other.shared.find((shared) => shared.name === name)?.plan
    const found = plan === undefined || other === undefined ? ALWAYS : this.of(plan, other)
    this.#shared.set(name, found)
    return found
  }
}

function all(of: readonly Footprint[]): Footprint {
  const known = of.filter(({ kind }) => kind !== 'always')
  if (known.length === 0) return ALWAYS
  return known.length === 1 ? known[0]! : { kind: 'all', of: known }
}

function any(of: readonly Footprint[]): Footprint {
  if (of.length === 0 || of.some(({ kind }) => kind === 'always')) return ALWAYS
  return of.length === 1 ? of[0]! : { kind: 'any', of }
}

/** Every id in the plan, of columns and of references to them. */
function* idsIn(value: unknown): Generator<number> {
  if (typeof value !== 'object' || value === null) return
  const { id } = value as { id?: unknown }
  if (typeof id === 'number') yield id
  for (const inner of Object.values(value)) yield* idsIn(inner)
}

/** `other` is the plan of the same query, compiled for another time (`now`). */
export function footprint(query: QueryPlan, other: QueryPlan, slots: SlotOptions): Footprint {
  return new Walk(query, other, slots).of(query.plan, other.plan)
}
