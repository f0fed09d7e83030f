/** Window functions: `row_number`, `prev`, `next`, `row_cumsum`, `row_rank_*`, `row_window_session`. */
import type { Node } from '../front/tree.js'
import { child } from '../front/tree.js'
import { call, empty, literal, long, reference } from '../plan/build.js'
import type { Column, OrderKey, Scalar, WindowDefinition } from '../plan/plan.js'
import type { KqlType } from '../values.js'
import { comparison } from './arithmetic.js'
import type { Context, RowsInWork, Scope } from './context.js'
import { convert } from './convert.js'
import { compute } from './relation.js'
import { boundType } from './types.js'

interface WindowWork {
  readonly context: Context
  readonly rows: RowsInWork
}

/** Adds a window column to the relation in work. */
export function addWindow(
  { context, rows }: WindowWork,
  name: string,
  args: readonly Scalar[],
  type: KqlType,
  over: { partitionBy?: readonly Scalar[]; orderBy?: readonly OrderKey[] } = {},
): Scalar {
  const column: Column = context.column(name, type)
  const definition: WindowDefinition = {
    column,
    name,
    arguments: args,
    partitionBy: over.partitionBy ?? [],
    orderBy: over.orderBy ?? rows.relation.order,
  }
  const { relation } = rows
  rows.relation = {
    ...relation,
    // From here on ties count too: the result must show the rows in the order the window saw them.
    sorted: relation.order.length,
    plan: { kind: 'window', input: relation.plan, definitions: [definition] },
  }
  return reference(column)
}

/** A value as a column, so that a window function's argument is computed below it. */
function held({ context, rows }: WindowWork, value: Scalar, name: string): Scalar {
  if (value.kind !== 'call') return value
  const column = context.column(name, value.type)
  rows.relation = compute(rows.relation, [{ column, value }])
  return reference(column)
}

/** Number of the run of rows that a `restart` condition cuts the table into. */
function segments(work: WindowWork, restart: Scalar): Scalar {
  const flag = held(work, call('case', [restart, long(1), long(0)], 'long'), 'restart')
  return addWindow(work, 'sum', [flag], 'long')
}

export function lowerWindowCall(node: Node, argumentNodes: readonly Node[], scope: Scope): Scalar {
  const { context, rows } = scope
  const name = child(node, 'Name').name ?? ''
  if (!rows) return context.fail(node, 'AUX120', `${name}() needs the rows of a table.`, 'window-functions')
  const work = { context, rows }
  const args = argumentNodes.map((argument) => context.lower.scalar(argument, scope))
  const type = boundType(node) ?? args[0]?.type ?? 'long'
  switch (name) {
    case 'prev':
    case 'next': {
      const offset = args[1] ?? long(1)
      const fallback = convert(args[2] ?? empty(args[0]!.type), args[0]!.type)
      return addWindow(
        work,
        name === 'prev' ? 'lag' : 'lead',
        [held(work, args[0]!, 'value'), offset, fallback],
        args[0]!.type,
      )
    }
    case 'row_number': {
      const start = args[0] ?? long(1)
      const partitionBy = args[1] ? [segments(work, convert(args[1], 'bool'))] : []
      const number = addWindow(work, 'row_number', [], 'long', { partitionBy })
      return call('+', [number, call('-', [convert(start, 'long'), long(1)], 'long')], 'long')
    }
    case 'row_cumsum': {
      const term = held(work, args[0]!, 'term')
      const partitionBy = args[1] ? [segments(work, convert(args[1], 'bool'))] : []
      return addWindow(work, 'sum', [term], type, { partitionBy })
    }
    case 'row_rank':
    case 'row_rank_dense':
    case 'row_rank_min': {
      const partitionBy = args[1] ? [segments(work, convert(args[1], 'bool'))] : []
      const term = held(work, args[0]!, 'term')
      if (name === 'row_rank_min') {
        // The number of the first row of each run of equal values.
        const run = runs(work, term, partitionBy)
        const number = addWindow(work, 'row_number', [], 'long', { partitionBy })
        return addWindow(work, 'min', [number], 'long', { partitionBy: [...partitionBy, run], orderBy: [] })
      }
      return runs(work, term, partitionBy)
    }
    case 'row_window_session':
      return lowerSession(work, args)
    default:
      return context.unsupported(node, `The function ${name}()`, `${name.replaceAll('_', '-')}-function`)
  }
}

/** 1 for the first run of equal values, 2 for the next, … */
function runs(work: WindowWork, term: Scalar, partitionBy: readonly Scalar[]): Scalar {
  const before = addWindow(work, 'lag', [term, long(1), empty(term.type)], term.type, { partitionBy })
  const number = addWindow(work, 'row_number', [], 'long', { partitionBy })
  const changed = call(
    'or',
    [comparison('==', number, long(1)), call('$distinct', [term, before], 'bool')],
    'bool',
  )
  const flag = held(work, call('case', [changed, long(1), long(0)], 'long'), 'changed')
  return addWindow(work, 'sum', [flag], 'long', { partitionBy })
}

/**
 * The start of a row's session: a new one begins at a restart, when more than `maxBetween` has passed since the row
 * before, or when `maxFromStart` has passed since the session's first row. The last of these depends on where the
 * session began, so the dialect has to walk the rows; see `$session` there.
 */
function lowerSession(work: WindowWork, args: readonly Scalar[]): Scalar {
  const [time, fromStart, between, restart] = args
  const term = held(work, convert(time!, 'datetime'), 'time')
  const partitionBy = restart ? [segments(work, restart)] : []
  const before = addWindow(work, 'lag', [term, long(1), literal('datetime', null)], 'datetime', {
    partitionBy,
  })
  const apart = call('-', [term, before], 'timespan')
  const begins = call(
    'or',
    [call('isnull', [before], 'bool'), comparison('>', apart, convert(between!, 'timespan'))],
    'bool',
  )
  const flag = held(work, call('case', [begins, long(1), long(0)], 'long'), 'begins')
  const run = addWindow(work, 'sum', [flag], 'long', { partitionBy })
  return addWindow(work, 'session', [term, convert(fromStart!, 'timespan')], 'datetime', {
    partitionBy: [...partitionBy, run],
  })
}
