/**
 * Patterns as joins.
 *
 * A match grows from one node of a pattern to the next: each edge is a join with the edges, each node a join with the
 * nodes. A condition is applied as soon as all that it speaks of is bound. A path of several lengths grows edge by edge
 * from what is bound before it; its lengths are united, and what the query asks of its edges and inner nodes (`all`,
 * `any`, `map`) is gathered on the way.
 */
import { child, type Node, nodes as nodesOf } from '../../front/tree.js'
import { bool, call, literal, long, reference, string } from '../../plan/build.js'
import type { Column, Definition, Plan, Scalar } from '../../plan/plan.js'
import type { Context, Environment, GraphNames, Scope } from '../context.js'
import { convert } from '../convert.js'
import { share } from '../source.js'
import { asksForDegrees, type DegreeUse, nodesWithDegrees } from './degrees.js'
import { type EdgeUse, type Graph, undirected } from './graph.js'
import { conjunctsOf, namesIn, type Pattern, type PatternEdge, type PatternNode, turned } from './pattern.js'

const PAGE = 'graph-match-operator'

/** `all`: no edge and no node is barred; `unique_edges`: no edge twice; `none`: no node twice. */
export type Cycles = 'all' | 'unique_edges' | 'none'

/** Something asked of every edge, or every inner node, of a path. */
interface Gathering {
  readonly edge: string
  readonly what: 'all' | 'any' | 'map'
  readonly inner: boolean
  /** Null: the edge or the node itself, as a bag. */
  readonly expression: Node | null
  /** The name of a property instead of an expression. */
  readonly property?: string
}

type Bound =
  | { readonly kind: 'node'; readonly use: DegreeUse }
  | { readonly kind: 'edge'; readonly use: EdgeUse }
  | { readonly kind: 'path'; readonly gathered: ReadonlyMap<string, Column>; readonly length: Column }

export interface Matches {
  readonly plan: Plan
  /** Resolves the names of the pattern. */
  readonly scope: Scope
  /** Ids of the first and the last node of each pattern, and the length of the walk between them. */
  readonly ends: readonly { readonly from: Scalar; readonly to: Scalar; readonly length: Scalar }[]
}

export function matchPatterns(
  operator: Node,
  graph: Graph,
  patterns: readonly Pattern[],
  condition: Node | null,
  cycles: Cycles,
  work: { readonly context: Context; readonly environment: Environment },
): Matches {
  return new Matcher(operator, graph, cycles, work.context, work.environment).match(patterns, condition)
}

class Matcher {
  readonly #operator: Node
  readonly #graph: Graph
  readonly #cycles: Cycles
  readonly #context: Context
  readonly #environment: Environment
  readonly #gatherings: Map<string, Gathering>
  readonly #wantsDegrees: boolean
  readonly #mentioned: ReadonlySet<string>
  readonly #bound = new Map<string, Bound>()
  readonly #ids = new Map<string, Scalar>()
  /** Single edges and paths that are bound, and nodes, so that none is met twice. */
  #edges: { readonly number: Scalar }[] = []
  #paths: { readonly edges: Column }[] = []
  #nodes: Scalar[] = []
  /** Of each pattern the ends so far, and how long the walk between them is. */
  #walks: { from: Scalar; to: Scalar; single: number; paths: Scalar[]; readonly backwards: boolean }[] = []
  #plan: Plan = { kind: 'unit' }
  #waiting: Node[] = []
  /** Of the patterns; a variable of `let` may be called alike. */
  #names: ReadonlySet<string> = new Set()

  constructor(operator: Node, graph: Graph, cycles: Cycles, context: Context, environment: Environment) {
    this.#operator = operator
    this.#graph = graph
    this.#cycles = cycles
    this.#context = context
    this.#environment = environment
    this.#gatherings = new Map()
    this.#wantsDegrees = asksForDegrees(operator)
    this.#mentioned = namesIn(operator)
  }

  match(patterns: readonly Pattern[], condition: Node | null): Matches {
    this.#names = new Set(
      patterns.flatMap(({ nodes, edges }) => [...nodes, ...edges].flatMap(({ name }) => name ?? [])),
    )
    this.#findGatherings(patterns)
    this.#waiting = condition ? conjunctsOf(condition) : []
    for (const pattern of patterns) this.#walkPattern(pattern)
    for (const left of this.#waiting.splice(0)) this.#filter(this.#condition(left))
    return { plan: this.#plan, scope: this.#scope(), ends: this.#ends() }
  }

  /** Which properties of paths are asked for, anywhere in the operator. */
  #findGatherings(patterns: readonly Pattern[]): void {
    const paths = new Set(
      patterns.flatMap(({ edges }) => edges.flatMap(({ name, range }) => (range && name ? [name] : []))),
    )
    const add = (gathering: Gathering) => {
      this.#gatherings.set(keyOf(gathering), gathering)
    }
    const visit = (node: Node): void => {
      if (node.kind === 'FunctionCallExpression') {
        const gathering = this.#gathering(node)
        if (gathering && paths.has(gathering.edge)) {
          add(gathering)
          return
        }
      }
      if (node.kind === 'PathExpression') {
        const owner = child(node, 'Expression')
        if (owner.kind === 'NameReference' && paths.has(owner.name ?? '')) {
          add({ ...everyEdge(owner.name!), property: child(node, 'Selector').name ?? '' })
          return
        }
      }
      if (node.kind === 'NameReference' && node.symbol?.kind === 'Variable' && paths.has(node.name ?? ''))
        add(everyEdge(node.name!))
      for (const value of Object.values(node.fields)) {
        if (typeof value === 'string') continue
        for (const item of Array.isArray(value) ? value : [value as Node])
          if (typeof item !== 'string') visit(item)
      }
    }
    visit(this.#operator)
  }

  #gathering(call_: Node): Gathering | null {
    const what = child(call_, 'Name').name
    if (what !== 'all' && what !== 'any' && what !== 'map') return null
    const [subject, expression] = nodesOf(child(call_, 'ArgumentList'), 'Expressions')
    if (!subject || !expression) return null
    if (subject.kind === 'NameReference') return { edge: subject.name ?? '', what, inner: false, expression }
    if (subject.kind !== 'FunctionCallExpression' || child(subject, 'Name').name !== 'inner_nodes')
      return null
    const [edge] = nodesOf(child(subject, 'ArgumentList'), 'Expressions')
    return { edge: edge?.name ?? '', what, inner: true, expression }
  }

  #walkPattern(written: Pattern): void {
    const backwards = this.#isBetterFromItsEnd(written)
    const pattern = backwards ? turned(written) : written
    const from = this.#begin(pattern.nodes[0]!)
    const walk = { from, to: from, single: 0, paths: [] as Scalar[], backwards }
    this.#walks.push(walk)
    pattern.edges.forEach((edge, i) => {
      const next = pattern.nodes[i + 1]!
      if (edge.range) {
        const path = this.#follow(walk.to, edge, edge.range, backwards)
        walk.paths.push(reference(path.length))
        walk.to = this.#arrive(reference(path.end), next)
      } else {
        walk.single++
        walk.to = this.#cross(walk.to, edge, next)
      }
    })
  }

  #ends(): Matches['ends'] {
    return this.#walks.map(({ from, to, single, paths, backwards }) => {
      const length = paths.reduce((total, one) => call('+', [total, one], 'long'), long(single) as Scalar)
      return backwards ? { from: to, to: from, length } : { from, to, length }
    })
  }

  /** Whether only the last node of the pattern is bound already, or has a condition to itself. */
  #isBetterFromItsEnd({ nodes }: Pattern): boolean {
    const strength = ({ name }: PatternNode): number => {
      if (name === null) return 0
      if (this.#bound.has(name) || this.#ids.has(name)) return 2
      const own = (node: Node) => {
        const names = namesIn(node)
        return names.size === 1 && names.has(name)
      }
      return this.#waiting.some(own) ? 1 : 0
    }
    return strength(nodes.at(-1)!) > strength(nodes[0]!)
  }

  /** The id of the node that a pattern begins at. */
  #begin(node: PatternNode): Scalar {
    const known = node.name === null ? undefined : this.#ids.get(node.name)
    if (known) return known
    const use = this.#nodeUse()
    this.#plan =
      this.#plan.kind === 'unit'
        ? use.plan
        : { kind: 'join', flavor: 'cross', left: this.#plan, right: use.plan, on: [] }
    return this.#bindNode(node, use, reference(use.id))
  }

  #nodeUse(): DegreeUse {
    return this.#wantsDegrees ? nodesWithDegrees(this.#graph, this.#context) : this.#graph.nodes()
  }

  #bindNode(node: PatternNode, use: DegreeUse | null, id: Scalar): Scalar {
    if (node.name !== null) {
      this.#ids.set(node.name, id)
      if (use) this.#bound.set(node.name, { kind: 'node', use })
    }
    if (this.#cycles === 'none') {
      for (const other of this.#nodes) this.#filter(different(id, other))
      this.#nodes.push(id)
    }
    this.#applyConditions()
    return id
  }

  /** A node whose id is known: the one that bears the name already, or another one. */
  #arrive(id: Scalar, node: PatternNode): Scalar {
    const known = node.name === null ? undefined : this.#ids.get(node.name)
    if (known) {
      this.#filter(call('==', [id, known], 'bool'))
      return known
    }
    // Of a node that nobody asks about the id is all there is to know.
    if (node.name === null || !this.#mentioned.has(node.name)) return this.#bindNode(node, null, id)
    const use = this.#nodeUse()
    this.#plan = {
      kind: 'join',
      flavor: 'inner',
      left: this.#plan,
      right: use.plan,
      on: [{ left: id, right: reference(use.id) }],
    }
    return this.#bindNode(node, use, reference(use.id))
  }

  #cross(from: Scalar, edge: PatternEdge, next: PatternNode): Scalar {
    const { use, near, far } = this.#edgeUse(edge)
    this.#plan = {
      kind: 'join',
      flavor: 'inner',
      left: this.#plan,
      right: use.plan,
      on: [{ left: from, right: reference(near) }],
    }
    const number = reference(use.number)
    if (this.#cycles === 'unique_edges') {
      for (const other of this.#edges) this.#filter(different(number, other.number))
      for (const { edges } of this.#paths)
        this.#filter(call('not', [within(number, reference(edges))], 'bool'))
    }
    this.#edges.push({ number })
    if (edge.name !== null) this.#bound.set(edge.name, { kind: 'edge', use })
    return this.#arrive(reference(far), next)
  }

  /** The edges in the direction of the pattern: the end that is near, and the one that is far. */
  #edgeUse({ direction }: PatternEdge): { use: EdgeUse; near: Column; far: Column } {
    const use = direction === 'either' ? undirected(this.#graph, this.#context) : this.#graph.edges()
    return direction === 'backward'
      ? { use, near: use.target, far: use.source }
      : { use, near: use.source, far: use.target }
  }

  /** Follows a path of each length in the range. */
  #follow(
    from: Scalar,
    edge: PatternEdge,
    { least, most }: { readonly least: number; readonly most: number },
    backwards: boolean,
  ): { end: Column; length: Column } {
    const { context } = this.#within()
    const gatherings = [...this.#gatherings].filter(([, gathering]) => gathering.edge === edge.name)
    const own = {
      end: context.column('$end', from.type),
      length: context.column('$length', 'long'),
      edges: context.column('$edges', 'string'),
      nodes: context.column('$nodes', 'string'),
      gathered: gatherings.map(([, { what }]) =>
        context.column(`$${what}`, what === 'map' ? 'dynamic' : 'bool'),
      ),
    }
    const carried = this.#carriedColumns()
    const start = this.#plan
    const startDefinitions: Definition[] = [
      { column: own.end, value: from },
      { column: own.length, value: long(0) },
      { column: own.edges, value: string(',') },
      { column: own.nodes, value: marked(from) },
      ...gatherings.map(
        ([, { what }], i): Definition => ({
          column: own.gathered[i]!,
          value: what === 'map' ? literal('dynamic', '[]') : bool(what === 'all'),
        }),
      ),
    ]
    const walking = [own.end, own.length, own.edges, own.nodes, ...own.gathered]
    const levels: (() => readonly [Plan, readonly Column[]])[] = []
    const keep = (plan: Plan, columns: readonly Column[]) => {
      const use = share({ plan, columns, order: [], sorted: 0 }, 'paths', context)
      levels.push(() => {
        const relation = use()
        return [relation.plan, relation.columns]
      })
    }
    keep({ kind: 'compute', input: start, definitions: startDefinitions }, [...carried, ...walking])
    for (let length = 1; length <= most; length++) {
      const [before, columns] = levels[length - 1]!()
      const names = new Map(carried.map((column, i) => [column.id, columns[i]!]))
      const [end, count, edges, nodes, ...gathered] = columns.slice(carried.length) as [
        Column,
        Column,
        Column,
        Column,
      ]
      const step = this.#step(
        edge,
        before,
        { end, edges, nodes },
        gatherings.some(([, { inner }]) => inner),
      )
      const definitions: Definition[] = [
        { column: context.again(own.end), value: reference(step.far) },
        { column: context.again(own.length), value: call('+', [reference(count), long(1)], 'long') },
        {
          column: context.again(own.edges),
          value: call('strcat', [reference(edges), numbered(step.use)], 'string'),
        },
        {
          column: context.again(own.nodes),
          value: call('strcat', [reference(nodes), marked(reference(step.far))], 'string'),
        },
        ...gatherings.map(
          ([, gathering], i): Definition => ({
            column: context.again(own.gathered[i]!),
            value: this.#gathered(gathering, (gathered as Column[])[i]!, step, length, backwards, names),
          }),
        ),
      ]
      keep({ kind: 'compute', input: step.plan, definitions }, [
        ...columns.slice(0, carried.length),
        ...definitions.map(({ column }) => column),
      ])
    }
    const all = [...carried, ...walking]
    const united = all.map((column) => context.again(column))
    this.#plan = {
      kind: 'union',
      columns: united,
      inputs: levels.slice(least, most + 1).map((level) => {
        const [plan, columns] = level()
        return { plan, values: columns.map(reference) }
      }),
    }
    this.#rename(new Map(carried.map((column, i) => [column.id, united[i]!])))
    const [end, length, edges, , ...gathered] = united.slice(carried.length) as [
      Column,
      Column,
      Column,
      Column,
    ]
    if (this.#cycles === 'unique_edges') {
      for (const { number } of this.#edges)
        this.#filter(call('not', [within(number, reference(edges))], 'bool'))
    }
    this.#paths.push({ edges })
    if (edge.name !== null) {
      this.#bound.set(edge.name, {
        kind: 'path',
        length,
        gathered: new Map(gatherings.map(([key], i) => [key, (gathered as Column[])[i]!])),
      })
    }
    return { end, length }
  }

  #within() {
    return { context: this.#context, environment: this.#environment }
  }

  /** One more edge of a path, and the node before it where it is asked about. */
  #step(
    edge: PatternEdge,
    before: Plan,
    { end, edges, nodes }: { end: Column; edges: Column; nodes: Column },
    wantsInner: boolean,
  ) {
    const { use, near, far } = this.#edgeUse(edge)
    let plan: Plan = {
      kind: 'join',
      flavor: 'inner',
      left: before,
      right: use.plan,
      on: [{ left: reference(end), right: reference(near) }],
    }
    const inner = wantsInner ? this.#nodeUse() : null
    if (inner) {
      plan = {
        kind: 'join',
        flavor: 'inner',
        left: plan,
        right: inner.plan,
        on: [{ left: reference(end), right: reference(inner.id) }],
      }
    }
    const barred =
      this.#cycles === 'unique_edges'
        ? within(reference(use.number), reference(edges))
        : this.#cycles === 'none'
          ? call('contains_cs', [reference(nodes), marked(reference(far))], 'bool')
          : null
    if (barred) plan = { kind: 'filter', input: plan, predicate: call('not', [barred], 'bool') }
    return { plan, use, far, inner }
  }

  /** What has been gathered along a path, with one more edge, or one more inner node. */
  #gathered(
    { what, inner, expression, property }: Gathering,
    before: Column,
    step: { readonly use: EdgeUse; readonly inner: DegreeUse | null },
    length: number,
    backwards: boolean,
    names: ReadonlyMap<number, Column>,
  ): Scalar {
    // Before the first edge stands no inner node.
    if (inner && length === 1) return reference(before)
    const columns = inner ? step.inner!.columns : step.use.columns
    const scope = this.#scope({
      columns,
      ...(inner ? { node: step.inner! } : {}),
      rename: names,
    })
    const value = property
      ? reference(columns.find(({ name }) => name === property) ?? this.#unknown(property))
      : expression
        ? this.#context.lower.scalar(expression, scope)
        : call(
            'bag_pack',
            columns.flatMap((column) => [string(column.name), reference(column)]),
            'dynamic',
          )
    if (what === 'map') {
      const one = call('pack_array', [value], 'dynamic')
      return call('array_concat', backwards ? [one, reference(before)] : [reference(before), one], 'dynamic')
    }
    const truth = call('case', [convert(value, 'bool'), bool(true), bool(false)], 'bool')
    return call(what === 'all' ? 'and' : 'or', [reference(before), truth], 'bool')
  }

  #unknown(name: string): never {
    return this.#context.fail(
      this.#operator,
      'KS142',
      `The name '${name}' does not refer to any known column.`,
    )
  }

  /** The columns of all that is bound so far. */
  #carriedColumns(): Column[] {
    const columns = new Map<number, Column>()
    const add = (column: Column) => columns.set(column.id, column)
    for (const bound of this.#bound.values()) {
      if (bound.kind === 'path') {
        add(bound.length)
        for (const column of bound.gathered.values()) add(column)
      } else {
        for (const column of bound.use.columns) add(column)
        if (bound.kind === 'node') {
          add(bound.use.id)
          if (bound.use.degrees) [bound.use.degrees.in, bound.use.degrees.out].forEach(add)
        } else [bound.use.source, bound.use.target, bound.use.number].forEach(add)
      }
    }
    for (const { edges } of this.#paths) add(edges)
    for (const scalar of [
      ...this.#ids.values(),
      ...this.#nodes,
      ...this.#edges.map(({ number }) => number),
    ]) {
      if (scalar.kind === 'column') add({ id: scalar.id, name: '$id', type: scalar.type })
    }
    return [...columns.values()]
  }

  /** Puts columns in the place of those that are bound. */
  #rename(names: ReadonlyMap<number, Column>): void {
    const column = (old: Column): Column => names.get(old.id) ?? old
    const scalar = (old: Scalar): Scalar =>
      old.kind === 'column' ? { ...old, id: names.get(old.id)?.id ?? old.id } : old
    for (const [name, bound] of this.#bound) {
      if (bound.kind === 'path') {
        const gathered = new Map([...bound.gathered].map(([key, old]) => [key, column(old)]))
        this.#bound.set(name, { ...bound, length: column(bound.length), gathered })
      } else if (bound.kind === 'node') {
        const { use } = bound
        this.#bound.set(name, {
          kind: 'node',
          use: {
            ...use,
            columns: use.columns.map((old) => ({ ...column(old), name: old.name })),
            id: column(use.id),
            ...(use.degrees ? { degrees: { in: column(use.degrees.in), out: column(use.degrees.out) } } : {}),
          },
        })
      } else {
        const { use } = bound
        this.#bound.set(name, {
          kind: 'edge',
          use: {
            ...use,
            columns: use.columns.map((old) => ({ ...column(old), name: old.name })),
            source: column(use.source),
            target: column(use.target),
            number: column(use.number),
          },
        })
      }
    }
    for (const [name, id] of this.#ids) this.#ids.set(name, scalar(id))
    this.#nodes = this.#nodes.map(scalar)
    this.#edges = this.#edges.map(({ number }) => ({ number: scalar(number) }))
    this.#paths = this.#paths.map(({ edges }) => ({ edges: column(edges) }))
    for (const walk of this.#walks) {
      walk.from = scalar(walk.from)
      walk.to = scalar(walk.to)
      walk.paths = walk.paths.map(scalar)
    }
  }

  #filter(predicate: Scalar): void {
    this.#plan = { kind: 'filter', input: this.#plan, predicate }
  }

  /** Applies the conditions whose names are all bound. */
  #applyConditions(): void {
    const isBound = (name: string) => this.#bound.has(name) || !this.#names.has(name)
    const ready = this.#waiting.filter((condition) => [...namesIn(condition)].every(isBound))
    this.#waiting = this.#waiting.filter((condition) => !ready.includes(condition))
    for (const condition of ready) this.#filter(this.#condition(condition))
  }

  #condition(condition: Node): Scalar {
    return convert(this.#context.lower.scalar(condition, this.#scope()), 'bool')
  }

  /** What expressions can name; `item` is the edge or the inner node at hand, inside `all`, `any` and `map`. */
  #scope(item?: {
    readonly columns: readonly Column[]
    readonly node?: DegreeUse
    readonly rename: ReadonlyMap<number, Column>
  }): Scope {
    const context = this.#context
    const renamed = (column: Column): Scalar => reference(item?.rename.get(column.id) ?? column)
    const graph: GraphNames = {
      call: (name, node, args) => {
        if (name === 'labels')
          return context.unsupported(
            node,
            'labels()',
            'labels-graph-function',
            'speaks of graphs that a cluster keeps',
          )
        const gathering = this.#gathering(node)
        const gathered = gathering && this.#gatheredColumn(gathering)
        if (gathered) return renamed(gathered)
        if (name !== 'node_id' && name !== 'node_degree_in' && name !== 'node_degree_out') return undefined
        const bound = args[0] ? this.#bound.get(args[0].name ?? '') : undefined
        const use = args[0] ? (bound?.kind === 'node' ? bound.use : undefined) : item?.node
        if (!use) return context.fail(node, 'AUX162', `${name}() needs a node of the pattern.`, PAGE)
        const value = (column: Column) => (args[0] ? renamed(column) : reference(column))
        if (name === 'node_id') return value(use.id)
        return value(name === 'node_degree_in' ? use.degrees!.in : use.degrees!.out)
      },
      variable: (name, node) => {
        const bound = this.#bound.get(name)
        if (!bound) return undefined
        if (bound.kind === 'path')
          return renamed(this.#gatheredColumn(everyEdge(name)) ?? this.#unknown(name))
        const columns = bound.use.columns
        if (columns.length === 0)
          return context.fail(node, 'AUX163', `'${name}' has no properties to show.`, PAGE)
        return call(
          'bag_pack',
          columns.flatMap((column) => [string(column.name), renamed(column)]),
          'dynamic',
        )
      },
    }
    return {
      context,
      environment: this.#environment,
      column: (name) => item?.columns.find((column) => column.name === name),
      member: (owner, name) => {
        const bound = this.#bound.get(owner)
        if (!bound) return undefined
        if (bound.kind === 'path') {
          const gathered = this.#gatheredColumn({ ...everyEdge(owner), property: name })
          return gathered && renamed(gathered)
        }
        const column = bound.use.columns.find((candidate) => candidate.name === name)
        return column && renamed(column)
      },
      graph,
    }
  }

  #gatheredColumn(gathering: Gathering): Column | undefined {
    const bound = this.#bound.get(gathering.edge)
    return bound?.kind === 'path' ? bound.gathered.get(keyOf(gathering)) : undefined
  }
}

function everyEdge(edge: string): Gathering {
  return { edge, what: 'map', inner: false, expression: null }
}

function keyOf({ edge, what, inner, expression, property }: Gathering): string {
  return `${edge} ${what} ${inner} ${expression ? `${expression.start}+${expression.length}` : ''} ${property ?? ''}`
}

function different(a: Scalar, b: Scalar): Scalar {
  return call('!=', [a, b], 'bool')
}

/** `,7,` */
function numbered(use: EdgeUse): Scalar {
  return call('strcat', [call('tostring', [reference(use.number)], 'string'), string(',')], 'string')
}

/** Whether the number of an edge is among those of a path. */
function within(number: Scalar, edges: Scalar): Scalar {
  const text = call('strcat', [string(','), call('tostring', [number], 'string'), string(',')], 'string')
  return call('contains_cs', [edges, text], 'bool')
}

/** An id among those of a path, between marks that no id holds. */
function marked(id: Scalar): Scalar {
  const text = id.type === 'string' ? id : call('tostring', [id], 'string')
  return call('strcat', [string('\u0001'), text, string('\u0001')], 'string')
}
