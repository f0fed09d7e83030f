/**
 * A plan for a person to read: an operator a line, its inputs below it and further in. A column shows its name
 * and its id (`Computer#12`); of a table only the columns that something above it uses are shown.
 */
import type {
  AggregateDefinition,
  Column,
  ColumnId,
  Definition,
  OrderKey,
  Plan,
  QueryPlan,
  Scalar,
  WindowDefinition,
} from './plan.js'

/** Every id that is used anywhere, found as what it is: an `id` of a reference or a key, a column of the result. */
function usedIds(plan: QueryPlan): ReadonlySet<ColumnId> {
  const used = new Set<ColumnId>(plan.output.map(({ id }) => id))
  const walk = (value: unknown, field: string): void => {
    if (Array.isArray(value)) {
      for (const item of value) walk(item, field)
    } else if (typeof value === 'number' && ID_FIELDS.has(field)) {
      used.add(value)
    } else if (value !== null && typeof value === 'object') {
      // The columns of a scan say what there is, not what is used.
      if ((value as { kind?: unknown }).kind === 'scan') return
      for (const [name, inner] of Object.entries(value)) walk(inner, name)
    }
  }
  walk([plan.shared, plan.plan], '')
  return used
}

const ID_FIELDS: ReadonlySet<string> = new Set(['id', 'source', 'next', 'partitionBy'])

class Formatter {
  readonly #used: ReadonlySet<ColumnId>
  readonly #names = new Map<ColumnId, string>()

  constructor(used: ReadonlySet<ColumnId>) {
    this.#used = used
  }

  /** Columns are named where they are made, and everything below a line is made before it. */
  learn(value: unknown): void {
    if (value === null || typeof value !== 'object') return
    const { id, name } = value as { id?: unknown; name?: unknown }
    if (typeof id === 'number' && typeof name === 'string') this.#names.set(id, name)
    for (const inner of Object.values(value)) this.learn(inner)
  }

  name(id: ColumnId): string {
    return `${this.#names.get(id) ?? '?'}#${id}`
  }

  column({ id, type }: Column): string {
    return `${this.name(id)}:${type}`
  }

  scalar(scalar: Scalar): string {
    switch (scalar.kind) {
      case 'literal':
        return scalar.type === 'string' ? JSON.stringify(scalar.value) : `${scalar.type}(${scalar.value})`
      case 'column':
        return this.name(scalar.id)
      case 'call': {
        const args = scalar.arguments.map((argument) => this.scalar(argument))
        const infix = args.length === 2 && !/^[$a-z]/i.test(scalar.name)
        return infix ? `(${args[0]} ${scalar.name} ${args[1]})` : `${scalar.name}(${args.join(', ')})`
      }
      case 'scalar-subquery':
        return `toscalar(${this.name(scalar.column.id)} of ${this.inline(scalar.plan)})`
      case 'membership':
        return `(${this.scalar(scalar.value)} ${scalar.ignoreCase ? 'in~' : 'in'} ${this.inline(scalar.plan)})`
    }
  }

  inline(plan: Plan): string {
    return `[${this.plan(plan, 0).join(' <- ').replace(/ +/g, ' ')}]`
  }

  keys(keys: readonly OrderKey[]): string {
    return keys
      .map(
        ({ id, descending, nullsFirst }) =>
          `${this.name(id)} ${descending ? 'desc' : 'asc'} nulls ${nullsFirst ? 'first' : 'last'}`,
      )
      .join(', ')
  }

  definitions(definitions: readonly Definition[]): string {
    return definitions.map(({ column, value }) => `${this.column(column)} = ${this.scalar(value)}`).join(', ')
  }

  aggregates(aggregates: readonly AggregateDefinition[]): string {
    return aggregates
      .map(({ column, call }) => {
        const args = call.arguments.map((argument) => this.scalar(argument)).join(', ')
        const filter = call.filter === null ? '' : ` if ${this.scalar(call.filter)}`
        const order = call.orderBy.length === 0 ? '' : ` in order of ${this.keys(call.orderBy)}`
        return `${this.column(column)} = ${call.name}(${args})${filter}${order}`
      })
      .join(', ')
  }

  windows(definitions: readonly WindowDefinition[]): string {
    return definitions
      .map(({ column, name, arguments: args, partitionBy, orderBy }) => {
        const by = partitionBy.map((scalar) => this.scalar(scalar)).join(', ')
        const over = [by && `by ${by}`, orderBy.length > 0 && `in order of ${this.keys(orderBy)}`]
        const call = `${name}(${args.map((argument) => this.scalar(argument)).join(', ')})`
        return `${this.column(column)} = ${call} ${over.filter(Boolean).join(' ')}`
      })
      .join(', ')
  }

  /** What the node does, and its inputs. */
  node(plan: Plan): [string, readonly Plan[]] {
    switch (plan.kind) {
      case 'scan': {
        const shown = plan.columns.filter(({ id }) => this.#used.has(id))
        return [`${plan.table} (${shown.map((column) => this.column(column)).join(', ')})`, []]
      }
      case 'values':
        return [
          `${plan.rows.length} rows (${plan.columns.map((column) => this.column(column)).join(', ')})`,
          [],
        ]
      case 'range': {
        const [from, to, step] = [plan.from, plan.to, plan.step].map((scalar) => this.scalar(scalar))
        return [`${this.column(plan.column)} from ${from} to ${to} step ${step}`, []]
      }
      case 'filter':
        return [this.scalar(plan.predicate), [plan.input]]
      case 'compute':
        return [this.definitions(plan.definitions), [plan.input]]
      case 'aggregate': {
        const by = plan.keys.length === 0 ? '' : ` by ${this.definitions(plan.keys)}`
        return [`${this.aggregates(plan.aggregates)}${by}`, [plan.input]]
      }
      case 'window':
        return [this.windows(plan.definitions), [plan.input]]
      case 'sort':
        return [this.keys(plan.keys), [plan.input]]
      case 'limit': {
        const order = plan.keys.length === 0 ? '' : ` in order of ${this.keys(plan.keys)}`
        return [`${this.scalar(plan.count)}${order}`, [plan.input]]
      }
      case 'first-of-each': {
        const by = plan.by.map((scalar) => this.scalar(scalar)).join(', ')
        return [`${by} in order of ${this.keys(plan.keys)}`, [plan.input]]
      }
      case 'join': {
        const on = plan.on
          .map(({ left, right }) => `${this.scalar(left)} == ${this.scalar(right)}`)
          .join(' and ')
        return [`${plan.flavor}${on === '' ? '' : ` on ${on}`}`, [plan.left, plan.right]]
      }
      case 'union': {
        const columns = plan.columns.filter(({ id }) => this.#used.has(id))
        return [
          columns.map((column) => this.column(column)).join(', '),
          plan.inputs.map((input) => input.plan),
        ]
      }
      case 'expand': {
        const expansions = plan.expansions.map(
          ({ column, value }) => `${this.column(column)} of ${this.scalar(value)}`,
        )
        return [expansions.join(', '), [plan.input]]
      }
      case 'apply':
        return [plan.outer ? 'outer' : '', [plan.input, plan.body]]
      case 'fold': {
        const state = plan.state.map(
          ({ column, initial, next }) =>
            `${this.column(column)} = ${this.scalar(initial)}, then ${this.name(next)}`,
        )
        return [`${state.join(', ')} in order of ${this.keys(plan.orderBy)}`, [plan.input, plan.body]]
      }
      case 'unit':
        return ['', []]
      case 'reference':
        return [plan.name, []]
    }
  }

  plan(plan: Plan, depth: number): string[] {
    const [text, inputs] = this.node(plan)
    const line = `${'  '.repeat(depth)}${plan.kind} ${text}`.trimEnd()
    return [line, ...inputs.flatMap((input) => this.plan(input, depth + 1))]
  }
}

export function formatPlan(plan: QueryPlan): string {
  const formatter = new Formatter(usedIds(plan))
  formatter.learn(plan)
  const shared = plan.shared.flatMap(({ name, plan: inner }) => [
    `shared ${name}`,
    ...formatter.plan(inner, 1),
  ])
  const output = `result ${plan.output.map((column) => formatter.column(column)).join(', ')}`
  return [...shared, output, ...formatter.plan(plan.plan, 1)].join('\n')
}
