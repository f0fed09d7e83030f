/**
 * scan: rows in order against a chain of steps.
 *
 * Every step keeps a state: the records that its sequence has matched so far, one for each step up to it. A row is tried
 * against the steps from the last to the first. It matches a step by the state of the step before (the sequence moves
 * on, and the state of the step before is empty after that) or else by the step's own state (the sequence stays). The
 * first step needs no sequence to match; if it has none, one begins.
 *
 * Here the states are the columns that a fold carries from row to row, and each step is a layer of computed columns.
 */
import { child, type Node, nodes, optional, token, walk } from '../../front/tree.js'
import { bool, call, empty, literal, long, reference } from '../../plan/build.js'
import type { Column, Definition, Fold, Literal, OrderKey, Plan, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { constantScope, type Scope } from '../context.js'
import { convert } from '../convert.js'
import { parameterText } from '../parameters.js'
import { ascending, findColumn, type Relation } from '../relation.js'
import { lowerScalar } from '../scalar.js'
import { share } from '../source.js'
import { typeNameOf } from '../types.js'
import { inputOf, type OperatorTable, type OperatorWork } from './operator.js'

const PAGE = 'scan-operator'

interface Declared {
  readonly name: string
  readonly type: KqlType
  readonly initial: Literal
}

interface Step {
  readonly name: string
  readonly output: boolean
  readonly condition: Node
  readonly assignments: ReadonlyMap<string, Node>
}

/** A value of a record that some step refers to by `step.name`. */
interface Field {
  readonly step: number
  readonly name: string
  readonly initial: Literal
}

interface State {
  readonly active: Scalar
  readonly id: Scalar
  readonly values: ReadonlyMap<Field, Scalar>
}

/** What a step made of a row. */
interface Outcome {
  readonly matched: Column
  readonly id: Column
  readonly declared: readonly Column[]
}

function scan(work: OperatorWork): Relation {
  const { context, node } = work
  const input = inputOf(work)
  if (context.correlated > 0) return context.unsupported(node, 'scan inside mv-apply', PAGE)
  const declared = declarations(work)
  const steps = nodes(node, 'Steps').map((step) => readStep(step, work))
  const builder = new Builder(work, input, declared, steps)
  const outcomes = builder.lower()
  const index = context.column('position', 'long')
  const fold: Fold = {
    kind: 'fold',
    input: input.plan,
    partitionBy: context.partitionBy.map(({ id }) => id),
    orderBy: input.order,
    state: builder.carried,
    body: builder.body,
    index,
  }
  const idName = parameterText(node, 'with_match_id') ?? 'match_id'
  const order = [...context.partitionBy, index].map(ascending)
  const sorted = input.order.length > 0 && context.partitionBy.length === 0 ? order.length : 0
  const shown = outcomes.filter((_, k) => steps[k]!.output)
  if (shown.length === 1) {
    const [{ matched, id, declared: values }] = shown as [Outcome]
    return {
      plan: { kind: 'filter', input: fold, predicate: reference(matched) },
      columns: [...input.columns, ...values, { ...id, name: idName }],
      order,
      sorted,
    }
  }
  return matchesOf(work, { plan: fold, columns: input.columns, order, sorted }, shown, idName)
}

/** A row for each step that a row of the fold has matched, the later step first. */
function matchesOf(
  { context }: OperatorWork,
  folded: Relation,
  outcomes: readonly Outcome[],
  idName: string,
): Relation {
  const own = outcomes.flatMap(({ matched, id, declared }) => [matched, id, ...declared])
  const use = share({ ...folded, columns: [...folded.columns, ...own] }, 'scanned', context)
  const [first] = outcomes
  if (!first) {
    const columns = [...folded.columns, context.column(idName, 'long')].map((c) => context.again(c))
    return { plan: { kind: 'values', columns, rows: [] }, columns, order: [], sorted: 0 }
  }
  const visible = [...folded.columns, ...first.declared, { ...first.id, name: idName }]
  const columns = visible.map((column) => context.again(column))
  const keys = folded.order.map(({ id }) =>
    context.column('order', id === folded.order.at(-1)!.id ? 'long' : 'dynamic'),
  )
  const step = context.column('step', 'long')
  const inputs = outcomes.map((_, k) => {
    const copy = use()
    const width = first.declared.length + 2
    const at = folded.columns.length + k * width
    const [matched, id, ...declared] = copy.columns.slice(at, at + width) as [Column, Column, ...Column[]]
    const values = [...copy.columns.slice(0, folded.columns.length), ...declared, id].map(reference)
    const plan: Plan = { kind: 'filter', input: copy.plan, predicate: reference(matched) }
    const ordinals = copy.order.map((key): Scalar => ({ kind: 'column', id: key.id, type: 'long' }))
    return { plan, values: [...values, ...ordinals, long(-k)] }
  })
  const order: OrderKey[] = [...keys, step].map(ascending)
  return {
    plan: { kind: 'union', columns: [...columns, ...keys, step], inputs },
    columns,
    order,
    sorted: folded.sorted > 0 ? order.length : 0,
  }
}

function declarations({ node, context, environment }: OperatorWork): Declared[] {
  const clause = optional(node, 'DeclareClause')
  return (clause ? nodes(clause, 'Declarations') : []).map((declaration) => {
    const nameAndType = child(declaration, 'NameAndType')
    const type = typeNameOf(child(nameAndType, 'Type'))
    const given = optional(declaration, 'DefaultValue')
    const value = given
      ? convert(lowerScalar(child(given, 'Value'), constantScope(context, environment)), type)
      : empty(type)
    if (value.kind !== 'literal')
      return context.unsupported(declaration, 'a default that is no literal', PAGE)
    return { name: child(nameAndType, 'Name').name ?? '', type, initial: value }
  })
}

function readStep(node: Node, { context }: OperatorWork): Step {
  const clause = optional(node, 'ScanStepOutput')
  const output = clause ? token(clause, 'OutputKind') : 'all'
  if (output === 'last') {
    // Which record is the last is known only when the sequence has gone on; the reference does not say when it shows.
    return context.unsupported(clause!, 'output = last', PAGE)
  }
  const computation = optional(node, 'ComputationClause')
  return {
    name: child(node, 'Name').name ?? '',
    output: output === 'all',
    condition: child(node, 'Condition'),
    assignments: new Map(
      (computation ? nodes(computation, 'Assignments') : []).map((assignment) => [
        child(assignment, 'Name').name ?? '',
        child(assignment, 'Expression'),
      ]),
    ),
  }
}

class Builder {
  readonly #work: OperatorWork
  readonly #input: Relation
  readonly #declared: readonly Declared[]
  readonly #steps: readonly Step[]
  readonly #fields: readonly Field[]
  body: Plan = { kind: 'unit' }
  carried: Fold['state'] = []

  constructor(work: OperatorWork, input: Relation, declared: readonly Declared[], steps: readonly Step[]) {
    this.#work = work
    this.#input = input
    this.#declared = declared
    this.#steps = steps
    this.#fields = this.#findFields()
  }

  #findFields(): Field[] {
    const fields = new Map<string, Field>()
    for (const { condition, assignments } of this.#steps) {
      for (const expression of [condition, ...assignments.values()]) {
        for (const node of walk(expression)) {
          if (node.kind !== 'PathExpression') continue
          const owner = child(node, 'Expression')
          const step = this.#steps.findIndex(
            ({ name }) => owner.kind === 'NameReference' && name === owner.name,
          )
          const name = child(node, 'Selector').name ?? ''
          const type = this.#declared.find((d) => d.name === name) ?? findColumn(this.#input, name)
          if (step < 0 || !type) continue
          const initial = 'initial' in type ? type.initial : empty(type.type)
          fields.set(`${step} ${name}`, { step, name, initial })
        }
      }
    }
    return [...fields.values()]
  }

  /** What each step makes of the row at hand. Fills `body` and `carried`. */
  lower(): Outcome[] {
    const { context } = this.#work
    const counter = context.column('matches', 'long')
    const before = this.#steps.map((step, k) => this.#stateColumns(step, k))
    const states: State[] = before.map(({ active, id, values }) => ({
      active: reference(active),
      id: reference(id),
      values: new Map([...values].map(([field, column]) => [field, reference(column)])),
    }))
    const outcomes: Outcome[] = []
    let count: Scalar = reference(counter)
    for (let k = this.#steps.length - 1; k >= 0; k--) {
      const begins = call('not', [states[0]!.active], 'bool')
      const outcome = this.#step(k, states, count)
      if (k === 0) {
        const next = call('+', [count, long(1)], 'long')
        const begun = call('and', [reference(outcome.matched), begins], 'bool')
        count = this.#held('matches', call('case', [begun, next, count], 'long'))
      }
      outcomes.unshift(outcome)
    }
    this.carried = [
      { column: counter, initial: long(0), next: this.#id('matches', count) },
      ...before.flatMap(({ active, id, values }, k) => [
        { column: active, initial: bool(false), next: this.#id('active', states[k]!.active) },
        { column: id, initial: long(0), next: this.#id('sequence', states[k]!.id) },
        ...[...values].map(([field, column]) => ({
          column,
          initial: field.initial,
          next: this.#id(field.name, states[k]!.values.get(field)!),
        })),
      ]),
    ]
    return outcomes
  }

  #stateColumns({ name }: Step, k: number) {
    const { context } = this.#work
    const fields = this.#fields.filter(({ step }) => step <= k)
    return {
      active: context.column(`${name}_active`, 'bool'),
      id: context.column(`${name}_sequence`, 'long'),
      values: new Map(
        fields.map((field) => [
          field,
          context.column(`${name}_${this.#steps[field.step]!.name}_${field.name}`, field.initial.type),
        ]),
      ),
    }
  }

  /** Tries the row against step `k`; the states are replaced by what they are after it. */
  #step(k: number, states: State[], count: Scalar): Outcome {
    const step = this.#steps[k]!
    const own = states[k]!
    const previous = states[k - 1]
    // A sequence that has just come to this step has no record of it.
    const moved = previous && this.#promoted(previous, k)
    const moves = moved
      ? this.#held(
          'moves',
          truth(call('and', [moved.active, this.#expression(step.condition, moved)], 'bool')),
        )
      : bool(false)
    const fits = this.#expression(step.condition, own)
    const stays = k === 0 ? fits : call('and', [own.active, fits], 'bool')
    const remains = this.#held('stays', call('case', [moves, bool(false), truth(stays)], 'bool'))
    const matched = this.#held('matched', call('or', [moves, remains], 'bool'))
    /** One value if the sequence moves here, one if it stays, else a third. */
    const choose = (move: Scalar | undefined, stay: Scalar, otherwise: Scalar): Scalar =>
      call('case', move ? [moves, move, remains, stay, otherwise] : [remains, stay, otherwise], stay.type)
    const declared = this.#declared.map(({ name, type, initial }) => {
      const node = step.assignments.get(name)
      if (!node) return this.#held(name, initial)
      const value = (state: State) => convert(this.#expression(node, state), type)
      return this.#held(name, choose(moved && value(moved), value(own), initial))
    })
    const record = (name: string): Scalar => {
      const at = this.#declared.findIndex((d) => d.name === name)
      return at >= 0 ? declared[at]! : reference(findColumn(this.#input, name)!)
    }
    const id = this.#held(
      'sequence',
      choose(moved?.id, k === 0 ? call('case', [own.active, own.id, count], 'long') : own.id, own.id),
    )
    states[k] = {
      active: this.#held('active', call('or', [own.active, matched], 'bool')),
      id,
      values: new Map(
        [...own.values].map(([field, value]) => {
          const after =
            field.step === k
              ? call('case', [matched, record(field.name), value], value.type)
              : call('case', [moves, moved!.values.get(field)!, value], value.type)
          return [field, this.#held(field.name, after)]
        }),
      ),
    }
    if (previous) {
      states[k - 1] = {
        active: this.#held('active', call('case', [moves, bool(false), previous.active], 'bool')),
        id: previous.id,
        values: new Map(
          [...previous.values].map(([field, value]) => [
            field,
            this.#held(field.name, call('case', [moves, field.initial, value], value.type)),
          ]),
        ),
      }
    }
    return { matched: columnOf(matched), id: columnOf(id), declared: declared.map(columnOf) }
  }

  #promoted(previous: State, k: number): State {
    const values = new Map(previous.values)
    for (const field of this.#fields) if (field.step === k) values.set(field, field.initial)
    return { ...previous, values }
  }

  /** An expression of a step, in which `step.name` is a value of the state. */
  #expression(node: Node, state: State): Scalar {
    const { context, environment } = this.#work
    const scope: Scope = {
      context,
      environment,
      column: (name) => findColumn(this.#input, name),
      member: (owner, name) => {
        const step = this.#steps.findIndex((s) => s.name === owner)
        if (step < 0) return undefined
        const field = this.#fields.find((f) => f.step === step && f.name === name)
        return field && (state.values.get(field) ?? field.initial)
      },
    }
    return lowerScalar(node, scope)
  }

  /** The value as a column of the body. */
  #held(name: string, value: Scalar): Scalar {
    const column = this.#work.context.column(name, value.type)
    const definitions: Definition[] = [{ column, value }]
    this.body = { kind: 'compute', input: this.body, definitions }
    return reference(column)
  }

  #id(name: string, value: Scalar): number {
    const held = value.kind === 'column' ? value : this.#held(name, value)
    return columnOf(held).id
  }
}

/** False where the condition is null. */
function truth(condition: Scalar): Scalar {
  return call('case', [convert(condition, 'bool'), literal('bool', true), literal('bool', false)], 'bool')
}

function columnOf(value: Scalar): Column {
  if (value.kind !== 'column') throw new Error('a value of a scan step is not held')
  return { id: value.id, name: 'value', type: value.type }
}

export const scanOperators: OperatorTable = { ScanOperator: scan }
