/**
 * Plans to SELECTs.
 *
 * Walks the plan from the source up and puts each node into the SELECT at hand if the order in which SQL evaluates its
 * clauses allows it (FROM, WHERE, GROUP BY, HAVING, windows, DISTINCT, ORDER BY, LIMIT), else closes that SELECT as a
 * subquery and opens a new one around it. What is asked for from above (`needed`) decides which columns a closed SELECT
 * shows, so unused columns and what computes them vanish.
 */
import type {
  Aggregate,
  Apply,
  Column,
  ColumnId,
  Compute,
  Expand,
  Filter,
  FirstOfEach,
  Fold,
  Join,
  Limit,
  OrderKey,
  Plan,
  QueryPlan,
  Range,
  Reference,
  Scalar,
  Scan,
  Union,
  Unit,
  Values,
  Window,
} from '../../plan/plan.js'
import {
  columnsOf,
  countReferences,
  inputsOf,
  scalarsBelow,
  scalarsOf,
  visitPlans,
} from '../../plan/references.js'
import { ATOM, Fragment } from './fragment.js'
import {
  orderItems,
  renderAggregate,
  renderLiteral,
  renderOrder,
  renderScalar,
  type ScalarEnvironment,
} from './scalar.js'
import {
  type Available,
  indent,
  outputNames,
  type Select,
  select,
  selectText,
  uniqueNames,
} from './select.js'
import { identifier } from './text.js'
import { DUCKDB_TYPES } from './types.js'
import { renderWindow } from './window.js'

type Needed = ReadonlySet<ColumnId>
type Outer = ReadonlyMap<ColumnId, Available>

/** Longer than this, an expression is not written twice. */
const REPEATABLE_LENGTH = 60

export function renderQuery(query: QueryPlan): string {
  return new Renderer(query).query()
}

class Renderer {
  readonly #query: QueryPlan
  #aliases = 0
  /** Units that stand for a row of something. */
  readonly #units = new Map<Unit, Select>()

  constructor(query: QueryPlan) {
    this.#query = query
  }

  query(): string {
    const { shared, plan, output } = this.#query
    const body = this.text(plan, output, new Map())
    const used = this.#usedShared()
    const tables = shared
      .filter((entry) => used.has(entry.name))
      .map((entry) => {
        const names = entry.columns.map((column) => ({ id: column.id, name: `${column.name}#${column.id}` }))
        const text = this.named(entry.plan, names, new Map())
        return `${identifier(entry.name)} AS MATERIALIZED (\n${indent(text)}\n)`
      })
    return tables.length > 0 ? `WITH ${tables.join(',\n')}\n${body}` : body
  }

  #usedShared(): Set<string> {
    const used = new Set<string>()
    const visit = (plan: Plan): void => {
      for (const name of referencedShared(plan)) {
        if (used.has(name)) continue
        used.add(name)
        const entry = this.#query.shared.find((shared) => shared.name === name)
        if (entry) visit(entry.plan)
      }
    }
    visit(this.#query.plan)
    return used
  }

  /** A SELECT of the columns, under their own names. */
  text(plan: Plan, columns: readonly Column[], outer: Outer): string {
    const names = uniqueNames(columns.map(({ name }) => name))
    return this.named(
      plan,
      columns.map(({ id }, i) => ({ id, name: names[i]! })),
      outer,
    )
  }

  named(plan: Plan, shown: readonly { id: ColumnId; name: string }[], outer: Outer): string {
    const ids = new Set(shown.map(({ id }) => id))
    const query = this.select(plan, ids, outer)
    // What is shown twice and would differ is computed once.
    const twice = shown.some(
      ({ id }, i) => query.columns.get(id)?.fragment.volatile && shown.findIndex((s) => s.id === id) < i,
    )
    return selectText(twice ? this.wrap(query, ids) : query, shown)
  }

  select(plan: Plan, needed: Needed, outer: Outer): Select {
    switch (plan.kind) {
      case 'unit':
        return this.#units.get(plan) ?? select(null, new Map())
      case 'scan':
        return this.scan(plan)
      case 'values':
        return this.values(plan, needed, outer)
      case 'range':
        return this.range(plan, outer)
      case 'reference':
        return this.reference(plan)
      case 'filter':
        return this.filter(plan, needed, outer)
      case 'compute':
        return this.compute(plan, needed, outer)
      case 'aggregate':
        return this.aggregate(plan, needed, outer)
      case 'window':
        return this.window(plan, needed, outer)
      case 'sort':
        return this.limit(plan.input, plan.keys, null, needed, outer)
      case 'limit':
        return this.limit(plan.input, plan.keys, plan, needed, outer)
      case 'first-of-each':
        return this.firstOfEach(plan, needed, outer)
      case 'join':
        return this.join(plan, needed, outer)
      case 'union':
        return this.union(plan, needed, outer)
      case 'expand':
        return this.expand(plan, needed, outer)
      case 'apply':
        return this.apply(plan, needed, outer)
      case 'fold':
        return this.fold(plan, needed, outer)
    }
  }

  environment(query: Select, outer: Outer): ScalarEnvironment {
    return {
      column: (id) => {
        const available = query.columns.get(id) ?? outer.get(id)
        if (!available) throw new Error(`column ${id} is not available here`)
        return available.fragment
      },
      subquery: (plan, id) => {
        const text = this.named(plan, [{ id, name: 'value' }], new Map([...outer, ...query.columns]))
        return text.includes('\n') ? `\n${indent(text)}\n` : text
      },
    }
  }

  alias(): string {
    return `t${++this.#aliases}`
  }

  /** Closes a SELECT as a subquery of a new one; its columns become plain names. */
  wrap(query: Select, needed: Needed): Select {
    const kept = [...query.columns.values()].filter(({ column }) => needed.has(column.id))
    const names = outputNames(kept.map(({ column }) => column))
    const shown = kept.map(({ column }) => ({ id: column.id, name: names.get(column.id)! }))
    const closed =
      query.limit === null ? { ...query, orderBy: query.distinctOn ? query.orderBy : null } : query
    const text = `(\n${indent(selectText(closed, shown))}\n) AS ${this.alias()}`
    return select(
      text,
      new Map(
        kept.map(({ column, fragment }) => [column.id, reference(column, names.get(column.id)!, fragment)]),
      ),
    )
  }

  scan(plan: Scan): Select {
    return select(
      identifier(plan.table),
      new Map(plan.columns.map((column) => [column.id, reference(column, column.name)])),
    )
  }

  values(plan: Values, needed: Needed, outer: Outer): Select {
    const columns = plan.columns.filter((column) => needed.has(column.id))
    const shown = columns.length > 0 ? columns : plan.columns.slice(0, 1)
    const names = outputNames(shown)
    const environment = this.environment(select(null, new Map()), outer)
    const position = new Map(plan.columns.map((column, i) => [column.id, i]))
    const rows = plan.rows.map((row, i) => {
      const cells = shown.map((column) => {
        const fragment = renderScalar(row[position.get(column.id)!]!, environment)
        // The first row gives the types.
        return i === 0 && !fragment.sql.includes('::')
          ? `${fragment}::${DUCKDB_TYPES[column.type]}`
          : fragment.sql
      })
      return `(${cells.join(', ')})`
    })
    const alias = this.alias()
    const list = shown.map((column) => identifier(names.get(column.id)!)).join(', ')
    const nulls = shown.map((column) => `NULL::${DUCKDB_TYPES[column.type]}`).join(', ')
    const body = rows.length > 0 ? `VALUES\n${indent(rows.join(',\n'))}` : `SELECT ${nulls} WHERE false`
    return select(
      `(${body}${rows.length > 0 ? '\n' : ''}) AS ${alias}(${list})`,
      new Map(
        shown.map((column) => {
          const cells = plan.rows.map((row) => row[position.get(column.id)!]!)
          const nullable =
            column.type !== 'string' && cells.some((cell) => cell.kind !== 'literal' || cell.value === null)
          const fragment = new Fragment(identifier(names.get(column.id)!), column.type, {
            nullable,
            precedence: ATOM,
          })
          return [column.id, { column, fragment }]
        }),
      ),
    )
  }

  range(plan: Range, outer: Outer): Select {
    const environment = this.environment(select(null, new Map()), outer)
    const [from, to, step] = [plan.from, plan.to, plan.step].map((scalar) =>
      renderScalar(scalar, environment),
    )
    const { column } = plan
    const alias = this.alias()
    const name = identifier(column.name)
    const series =
      column.type === 'real'
        ? `(SELECT ${from} + i * ${step} FROM generate_series(0, floor((${to} - ${from}) / ${step})::BIGINT) AS s(i))`
        : `generate_series(${from!.sql}, ${to!.sql}, ${step!.sql})`
    const from_ =
      column.type === 'int'
        ? `(SELECT i::INTEGER FROM ${series} AS s(i)) AS ${alias}(${name})`
        : `${series} AS ${alias}(${name})`
    const fragment = new Fragment(name, column.type, { nullable: false, precedence: ATOM })
    return select(from_, new Map([[column.id, { column, fragment }]]))
  }

  reference(plan: Reference): Select {
    const shared = this.#query.shared.find((entry) => entry.name === plan.name)
    if (!shared) throw new Error(`nothing shared is called ${plan.name}`)
    const sources = new Map(shared.columns.map((column) => [column.id, column]))
    return select(
      identifier(plan.name),
      new Map(
        plan.columns.map(({ column, source }) => [
          column.id,
          reference(column, `${sources.get(source)!.name}#${source}`),
        ]),
      ),
    )
  }

  /**
   * The SELECT of an input, ready to take expressions: closed first if it is past the stage at which they would be
   * evaluated, or if they would repeat a long or volatile expression of it.
   */
  ready(
    input: Plan,
    needed: Needed,
    scalars: readonly Scalar[],
    outer: Outer,
    late: (query: Select) => boolean,
    uses: { readonly again?: Needed; readonly rowLevel?: boolean } = {},
  ): Select {
    const below = union(needed, columnsOf(scalars))
    const query = this.select(input, below, outer)
    if (late(query)) return this.wrap(query, below)
    const counts = countReferences(scalars)
    for (const [id, count] of counts) {
      const fragment = query.columns.get(id)?.fragment
      if (!fragment || fragment.trivial) continue
      const evaluations = count + (uses.again?.has(id) ? 1 : 0)
      const costly = fragment.volatile || fragment.sql.length > REPEATABLE_LENGTH
      if ((costly && evaluations > 1) || fragment.window) return this.wrap(query, below)
      if (uses.rowLevel && (fragment.aggregate || fragment.volatile)) return this.wrap(query, below)
    }
    return query
  }

  filter(plan: Filter, needed: Needed, outer: Outer): Select {
    const late = (query: Select) =>
      query.windowed || query.limit !== null || query.distinctOn !== null || query.groupBy !== null
    const query = this.ready(plan.input, needed, [plan.predicate], outer, late, {
      again: needed,
      rowLevel: true,
    })
    const environment = this.environment(query, outer)
    const where = conjuncts(plan.predicate).map((conjunct) => renderScalar(conjunct, environment, true))
    return { ...query, where: [...query.where, ...where] }
  }

  compute(plan: Compute, needed: Needed, outer: Outer): Select {
    const definitions = plan.definitions.filter(({ column }) => needed.has(column.id))
    const below = without(
      needed,
      definitions.map(({ column }) => column.id),
    )
    if (definitions.length === 0) return this.select(plan.input, below, outer)
    const values = definitions.map(({ value }) => value)
    const late = (query: Select) =>
      query.distinctOn !== null || (query.windowed && values.some((v) => v.kind === 'call'))
    const query = this.ready(plan.input, below, values, outer, late, { again: below })
    const environment = this.environment(query, outer)
    const columns = new Map(query.columns)
    for (const { column, value } of definitions) {
      columns.set(column.id, { column, fragment: renderScalar(value, environment) })
    }
    return { ...query, columns }
  }

  aggregate(plan: Aggregate, needed: Needed, outer: Outer): Select {
    const aggregates = plan.aggregates.filter(({ column }) => needed.has(column.id))
    const scalars = [
      ...plan.keys.map(({ value }) => value),
      ...aggregates.flatMap(({ call }) => [
        ...call.arguments,
        ...(call.filter ? [call.filter] : []),
        ...call.orderBy.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' })),
      ]),
    ]
    const late = (query: Select) =>
      query.groupBy !== null || query.windowed || query.limit !== null || query.distinctOn !== null
    const query = this.ready(plan.input, new Set(), scalars, outer, late, { rowLevel: true })
    const environment = this.environment(query, outer)
    const columns = new Map<ColumnId, Available>()
    const groupBy: Fragment[] = []
    for (const { column, value } of plan.keys) {
      const fragment = renderScalar(value, environment)
      columns.set(column.id, { column, fragment })
      // A literal number would be taken for a position.
      if (fragment.constant === undefined) groupBy.push(fragment)
    }
    for (const { column, call } of aggregates) {
      columns.set(column.id, { column, fragment: renderAggregate(call, environment) })
    }
    // Of keys that are all constant there is a group only if there is a row.
    const having = plan.keys.length > 0 && groupBy.length === 0 ? ['count(*) > 0'] : []
    return { ...query, columns, groupBy, having, orderBy: null }
  }

  window(plan: Window, needed: Needed, outer: Outer): Select {
    const definitions = plan.definitions.filter(({ column }) => needed.has(column.id))
    const below = without(
      needed,
      definitions.map(({ column }) => column.id),
    )
    if (definitions.length === 0) return this.select(plan.input, below, outer)
    const scalars = definitions.flatMap((definition) => [
      ...definition.arguments,
      ...definition.partitionBy,
      ...definition.orderBy.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' })),
    ])
    const late = (query: Select) =>
      query.limit !== null || query.distinctOn !== null || query.groupBy !== null
    const query = this.ready(plan.input, below, scalars, outer, late, { again: below })
    const environment = this.environment(query, outer)
    const columns = new Map(query.columns)
    for (const definition of definitions) {
      columns.set(definition.column.id, {
        column: definition.column,
        fragment: renderWindow(definition, environment),
      })
    }
    return { ...query, columns, windowed: true }
  }

  limit(input: Plan, keys: readonly OrderKey[], limit: Limit | null, needed: Needed, outer: Outer): Select {
    const scalars = keys.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' }))
    const late = (query: Select) => query.distinctOn !== null || (query.limit !== null && limit !== null)
    let query = this.ready(input, needed, scalars, outer, late)
    const environment = this.environment(query, outer)
    const orderBy = keys.length > 0 ? orderItems(keys, (id) => environment.column(id)) : null
    if (query.limit !== null && JSON.stringify(query.orderBy) !== JSON.stringify(orderBy)) {
      // Sorting what has been limited in another order.
      query = this.wrap(query, union(needed, columnsOf(scalars)))
      return { ...query, orderBy: orderItems(keys, (id) => this.environment(query, outer).column(id)) }
    }
    if (!limit) return { ...query, orderBy }
    return { ...query, orderBy: orderBy ?? query.orderBy, limit: limitText(limit.count, environment) }
  }

  firstOfEach(plan: FirstOfEach, needed: Needed, outer: Outer): Select {
    const scalars = [
      ...plan.by,
      ...plan.keys.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' })),
    ]
    // Its ORDER BY must not meet a name of the select list that means something else.
    const renames = (query: Select) =>
      [...query.columns.values()].some(({ column, fragment }) => fragment.sql !== identifier(column.name))
    const late = (query: Select) =>
      query.windowed ||
      query.limit !== null ||
      query.distinctOn !== null ||
      query.groupBy !== null ||
      renames(query)
    const query = this.ready(plan.input, needed, scalars, outer, late, { again: needed })
    const environment = this.environment(query, outer)
    const by = plan.by.map((scalar) => renderScalar(scalar, environment))
    const order = orderItems(plan.keys, (id) => environment.column(id))
    return { ...query, distinctOn: by, orderBy: order.length === 0 ? null : order }
  }

  /** A side of a join under an alias: a table by its name, anything else as a subquery. */
  side(
    plan: Plan,
    needed: Needed,
    outer: Outer,
  ): { readonly from: string; readonly columns: Map<ColumnId, Available> } {
    const query = this.select(plan, needed, outer)
    const alias = this.alias()
    const kept = [...query.columns.values()].filter(({ column }) => needed.has(column.id))
    const isTable = plan.kind === 'scan' || plan.kind === 'reference'
    const names = outputNames(kept.map(({ column }) => column))
    const shown = kept.map(({ column }) => ({ id: column.id, name: names.get(column.id)! }))
    const from = isTable
      ? `${query.from} AS ${alias}`
      : `(\n${indent(selectText(query, shown))}\n) AS ${alias}`
    const columns = new Map(
      kept.map(({ column, fragment }) => {
        const name = isTable ? fragment.sql : identifier(names.get(column.id)!)
        const qualified = new Fragment(`${alias}.${name}`, column.type, {
          nullable: fragment.nullable,
          precedence: ATOM,
        })
        return [column.id, { column, fragment: qualified }]
      }),
    )
    return { from, columns }
  }

  join(plan: Join, needed: Needed, outer: Outer): Select {
    const below = union(needed, columnsOf(scalarsOf(plan)))
    const left = this.side(plan.left, below, outer)
    const right = this.side(plan.right, below, outer)
    const environment = this.environment(select(null, new Map([...left.columns, ...right.columns])), outer)
    const on = plan.on.map(
      (key) =>
        `${renderScalar(key.left, environment).within(5)} = ${renderScalar(key.right, environment).within(5)}`,
    )
    if (plan.where) {
      const conditions = conjuncts(plan.where).map((conjunct) => renderScalar(conjunct, environment, true))
      on.push(...conditions.map((condition) => condition.within(2)))
    }
    const condition = plan.flavor === 'cross' ? '' : `\n  ON ${on.length > 0 ? on.join(' AND ') : 'true'}`
    const from = `${left.from}\n${JOIN_KEYWORDS[plan.flavor]} ${right.from}${condition}`
    const leftOptional = plan.flavor === 'right' || plan.flavor === 'full'
    const rightOptional = plan.flavor === 'left' || plan.flavor === 'full'
    const both = plan.flavor !== 'semi' && plan.flavor !== 'anti'
    return select(
      from,
      new Map([
        ...(leftOptional ? optionalSide(left.columns) : left.columns),
        ...(both ? (rightOptional ? optionalSide(right.columns) : right.columns) : []),
      ]),
    )
  }

  union(plan: Union, needed: Needed, outer: Outer): Select {
    const columns = plan.columns.filter((column) => needed.has(column.id))
    const names = outputNames(columns)
    if (plan.inputs.length === 0)
      return this.values({ kind: 'values', columns: plan.columns, rows: [] }, needed, outer)
    const position = new Map(plan.columns.map((column, i) => [column.id, i]))
    const parts = plan.inputs.map((input) => {
      const values = columns.map((column) => ({ column, value: input.values[position.get(column.id)!]! }))
      const query = this.ready(
        input.plan,
        new Set(),
        values.map(({ value }) => value),
        outer,
        (q) => q.distinctOn !== null || q.orderBy !== null || q.limit !== null,
      )
      const environment = this.environment(query, outer)
      const shown = new Map(query.columns)
      for (const { column, value } of values)
        shown.set(column.id, { column, fragment: renderScalar(value, environment) })
      const list = columns.map((column) => ({ id: column.id, name: names.get(column.id)! }))
      return selectText({ ...query, columns: shown }, list)
    })
    const text = parts.map((part) => indent(part)).join('\nUNION ALL\n')
    return select(
      `(\n${text}\n) AS ${this.alias()}`,
      new Map(columns.map((column) => [column.id, reference(column, names.get(column.id)!)])),
    )
  }

  expand(plan: Expand, needed: Needed, outer: Outer): Select {
    const values = plan.expansions.map(({ value }) => value)
    const below = without(needed, [plan.index.id, ...plan.expansions.map(({ column }) => column.id)])
    const late = (query: Select) =>
      query.windowed || query.groupBy !== null || query.limit !== null || query.distinctOn !== null
    const query = this.ready(plan.input, below, values, outer, late, { again: below })
    const environment = this.environment(query, outer)
    const columns = new Map(query.columns)
    const limit = plan.limit ? `, ${limitText(plan.limit, environment)}` : ''
    const lists = plan.expansions.map(({ value, bagAsPairs }) => {
      const items = `${bagAsPairs ? 'kql_pairs' : 'kql_items'}(${renderScalar(value, environment).sql})`
      return limit === '' ? items : `list_slice(${items}, 1${limit})`
    })
    plan.expansions.forEach(({ column }, i) => {
      columns.set(column.id, {
        column,
        fragment: new Fragment(`unnest(${lists[i]})`, column.type, { window: true }),
      })
    })
    const longest =
      lists.length === 1 ? `len(${lists[0]})` : `greatest(${lists.map((list) => `len(${list})`).join(', ')})`
    const index = new Fragment(`unnest(range(${longest}))`, 'long', { nullable: false, window: true })
    columns.set(plan.index.id, { column: plan.index, fragment: index })
    // Rows are made even if nobody looks at what they hold.
    const wanted = union(needed, new Set(plan.expansions.map(({ column }) => column.id)))
    return this.wrap({ ...query, columns, windowed: true }, wanted)
  }

  apply(plan: Apply, needed: Needed, outer: Outer): Select {
    const free = columnsOfPlan(plan.body)
    const inputNeeds = union(needed, free)
    const left = this.side(plan.input, inputNeeds, outer)
    const body = this.select(plan.body, needed, new Map([...outer, ...left.columns]))
    const kept = [...body.columns.values()].filter(
      ({ column }) => needed.has(column.id) && !left.columns.has(column.id),
    )
    const names = outputNames(kept.map(({ column }) => column))
    const shown = kept.map(({ column }) => ({ id: column.id, name: names.get(column.id)! }))
    const alias = this.alias()
    const text = `(\n${indent(selectText(body, shown))}\n) AS ${alias}`
    const from = plan.outer
      ? `${left.from}\nLEFT JOIN LATERAL ${text} ON true`
      : `${left.from}\nCROSS JOIN LATERAL ${text}`
    const columns = new Map(left.columns)
    for (const { column, fragment } of kept) {
      const qualified = new Fragment(`${alias}.${identifier(names.get(column.id)!)}`, column.type, {
        nullable: fragment.nullable || plan.outer,
        precedence: ATOM,
      })
      columns.set(column.id, { column, fragment: qualified })
    }
    return select(from, columns)
  }

  /**
   * A recursive query that takes the row after the one it has come to. All partitions go in step, so that there are as
   * many rounds as the longest has rows.
   */
  fold(plan: Fold, needed: Needed, outer: Outer): Select {
    const wanted = union(needed, columnsOf([...scalarsBelow(plan.body), ...scalarsOf(plan)]))
    const input = this.wrap(this.select(plan.input, wanted, outer), wanted)
    const environment = this.environment(input, outer)
    const carried = [...input.columns.values()].map(({ column }) => column)
    const states = plan.state.map(({ column }) => column)
    const rows = this.alias()
    const walk = this.alias()
    const at = (alias: string, name: string, { type }: Column) =>
      new Fragment(`${alias}.${name}`, type, { nullable: type !== 'string', precedence: ATOM })

    const names = outputNames([plan.index, ...carried, ...states])
    const nameOf = (column: Column) => identifier(names.get(column.id)!)
    const partition = plan.partitionBy.map((id) => environment.column(id).sql).join(', ')
    const order = renderOrder(plan.orderBy, (id) => environment.column(id))
    const window = [partition && `PARTITION BY ${partition}`, order && `ORDER BY ${order}`]
      .filter(Boolean)
      .join(' ')
    const position = new Fragment(`row_number() OVER (${window})`, 'long')
    const numbered = selectText(
      {
        ...input,
        columns: new Map([...input.columns, [plan.index.id, { column: plan.index, fragment: position }]]),
      },
      [plan.index, ...carried].map(({ id }) => ({ id, name: names.get(id)! })),
    )

    const parts = carried.filter(({ id }) => plan.partitionBy.includes(id)).map(nameOf)
    const following = [
      `r.${nameOf(plan.index)} = w.${nameOf(plan.index)} + 1`,
      ...parts.map((name) => `r.${name} IS NOT DISTINCT FROM w.${name}`),
    ]
    const row = new Map<ColumnId, Available>()
    for (const column of [plan.index, ...carried])
      row.set(column.id, { column, fragment: at('r', nameOf(column), column) })
    for (const column of states) row.set(column.id, { column, fragment: at('w', nameOf(column), column) })
    const from = `${walk} AS w\nJOIN ${rows} AS r ON ${following.join(' AND ')}`
    this.#units.set(unitOf(plan.body), select(from, row))
    const nexts = plan.state.map(({ next }) => next)
    const body = this.select(plan.body, union(wanted, new Set([plan.index.id, ...nexts])), outer)
    const known = new Set([...row.keys()])
    const computed = [...body.columns.values()]
      .map(({ column }) => column)
      .filter(({ id }) => needed.has(id) && !known.has(id))
    const all = outputNames([plan.index, ...carried, ...states, ...computed])
    const shown = [
      ...[plan.index, ...carried].map(({ id }) => ({ id, name: all.get(id)! })),
      ...plan.state.map(({ column, next }) => ({ id: next, name: all.get(column.id)! })),
      ...computed.map(({ id }) => ({ id, name: all.get(id)! })),
    ]
    const step = selectText(body, shown)

    const nothing = (column: Column) =>
      `NULL::${DUCKDB_TYPES[column.type]} AS ${identifier(all.get(column.id)!)}`
    const start = [
      `0::BIGINT AS ${nameOf(plan.index)}`,
      ...carried.map((column) => (parts.includes(nameOf(column)) ? nameOf(column) : nothing(column))),
      ...plan.state.map(({ column, initial }) => `${renderLiteral(initial).sql} AS ${nameOf(column)}`),
      ...computed.map(nothing),
    ]
    const first = `SELECT ${parts.length > 0 ? 'DISTINCT ' : ''}${start.join(', ')}${parts.length > 0 ? ` FROM ${rows}` : ''}`
    const text = [
      `WITH RECURSIVE ${rows} AS MATERIALIZED (\n${indent(numbered)}\n),`,
      `${walk} AS (\n${indent(`${first}\nUNION ALL\n${step}`)}\n)`,
      `SELECT * FROM ${walk} WHERE ${nameOf(plan.index)} > 0`,
    ].join('\n')
    const columns = new Map<ColumnId, Available>()
    for (const column of [plan.index, ...carried, ...computed])
      columns.set(column.id, reference(column, all.get(column.id)!))
    return select(`(\n${indent(text)}\n) AS ${this.alias()}`, columns)
  }
}

function unitOf(plan: Plan): Unit {
  let at = plan
  while (at.kind !== 'unit') at = inputsOf(at)[0]!
  return at
}

const JOIN_KEYWORDS: Readonly<Record<Join['flavor'], string>> = {
  inner: 'JOIN',
  left: 'LEFT JOIN',
  right: 'RIGHT JOIN',
  full: 'FULL JOIN',
  semi: 'SEMI JOIN',
  anti: 'ANTI JOIN',
  cross: 'CROSS JOIN',
}

/** Columns of a side that may have no row: null there, and '' for strings. */
function optionalSide(columns: ReadonlyMap<ColumnId, Available>): Map<ColumnId, Available> {
  return new Map(
    [...columns].map(([id, { column, fragment }]) => {
      const optional =
        column.type === 'string'
          ? new Fragment(`coalesce(${fragment.sql}, '')`, 'string', { nullable: false })
          : new Fragment(fragment.sql, column.type, { nullable: true, precedence: ATOM })
      return [id, { column, fragment: optional }]
    }),
  )
}

function reference(column: Column, name: string, source?: Fragment): Available {
  const nullable = column.type !== 'string' && (source?.nullable ?? true)
  return { column, fragment: new Fragment(identifier(name), column.type, { nullable, precedence: ATOM }) }
}

function limitText(count: Scalar, environment: ScalarEnvironment): string {
  if (count.kind === 'literal' && count.value !== null) return String(count.value)
  return `(${count.kind === 'literal' ? renderLiteral(count).sql : renderScalar(count, environment).sql})`
}

function conjuncts(scalar: Scalar): Scalar[] {
  return scalar.kind === 'call' && scalar.name === 'and' ? scalar.arguments.flatMap(conjuncts) : [scalar]
}

function union(a: Needed, b: Needed): Needed {
  return new Set([...a, ...b])
}

function without(set: Needed, ids: readonly ColumnId[]): Needed {
  const result = new Set(set)
  for (const id of ids) result.delete(id)
  return result
}

function columnsOfPlan(plan: Plan): Needed {
  return columnsOf(scalarsBelow(plan))
}

function referencedShared(plan: Plan): string[] {
  const names: string[] = []
  visitPlans(plan, (p) => {
    if (p.kind === 'reference') names.push(p.name)
  })
  return names
}
