/**
 * `set` statements: those that change what a query means are kept; those that only tune how a cluster runs it say
 * nothing here.
 */
import { child, type Node, optional } from '../front/tree.js'
import { bool, literal } from '../plan/build.js'
import type { Scalar } from '../plan/plan.js'
import { type Context, constantScope, type Environment } from './context.js'
import { convert } from './convert.js'
import { readLiteral } from './literal.js'

const PAGE = 'set-statement'

export function applySetting(statement: Node, context: Context, environment: Environment): void {
  const name = (child(statement, 'Name').name ?? '').toLowerCase()
  const clause = optional(statement, 'ValueClause')
  const value = clause
    ? context.lower.scalar(child(clause, 'Expression'), constantScope(context, environment))
    : bool(true)
  const { settings } = context
  const ticks = (): bigint => {
    const time =
      value.kind === 'literal' && value.type === 'string'
        ? readLiteral(String(value.value), 'datetime')
        : convert(value, 'datetime')
    return time?.kind === 'literal' && time.value !== null
      ? BigInt(time.value as string)
      : context.fail(statement, 'AUX111', `The value of '${name}' must be a literal datetime.`, PAGE)
  }
  switch (name) {
    case 'query_now':
      settings.now = ticks()
      return
    case 'query_bin_auto_size':
      settings.binAutoSize = value
      return
    case 'query_bin_auto_at':
      settings.binAutoAt = value
      return
    case 'query_datetimescope_column':
      settings.scopeColumn = value.kind === 'literal' ? String(value.value) : ''
      return
    case 'query_datetimescope_from':
      settings.scopeFrom = ticks()
      return
    case 'query_datetimescope_to':
      settings.scopeTo = ticks()
      return
    case 'query_take_max_records':
      settings.takeMaxRecords = convert(value, 'long')
      return
    case 'truncationmaxrecords':
      settings.maxRecords = convert(value, 'long')
      return
    case 'query_results_apply_getschema':
      settings.applyGetSchema = isTrue(value)
      return
    case 'query_language':
      if (value.kind !== 'literal' || !/^(kql|csl|auto)$/i.test(String(value.value)))
        context.unsupported(statement, 'A query language other than KQL', PAGE)
      return
    default:
  }
}

function isTrue(value: Scalar): boolean {
  const truth = convert(value, 'bool')
  return truth.kind === 'literal' && truth.value === true
}

/** The number of rows, at most as many as the setting allows. */
export function atMost(count: Scalar, most: Scalar | undefined): Scalar {
  if (!most) return count
  if (count.kind === 'literal' && most.kind === 'literal' && count.value !== null && most.value !== null) {
    const least = BigInt(count.value as string) < BigInt(most.value as string) ? count : most
    return literal('long', least.value)
  }
  return { kind: 'call', name: 'min_of', arguments: [count, most], type: 'long' }
}
