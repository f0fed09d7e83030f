/** schema_merge: the schemas that several `getschema` gave, as one. */
import { call, literal, long, reference, string } from '../../plan/build.js'
import type { AggregateDefinition, Column, OrderKey, Plan, Scalar } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { comparison } from '../arithmetic.js'
import { ascending, compute, findColumn, type Relation } from '../relation.js'
import { argument, fail, inputOf, literalOf, type PluginTable, type PluginWork } from './plugin.js'

const NO_ORDER = 'ERROR(columns are out of order)'
const NO_TYPE = 'ERROR(columns have different types)'

function schemaMerge(work: PluginWork): Relation {
  const { context } = work
  const input = inputOf(work)
  const flag = argument(work, 0, 'PreserveOrder')
  const preserve = !flag || literalOf(work, flag, 'PreserveOrder') === true
  const column = (name: string, type: KqlType): Column => {
    const found = findColumn(input, name)
    return found?.type === type
      ? found
      : fail(work, `the input needs a column ${name} of type ${type}, as getschema gives it.`)
  }
  const name = column('ColumnName', 'string')
  const ordinal = column('ColumnOrdinal', 'long')
  const dataType = column('DataType', 'string')
  const columnType = column('ColumnType', 'string')
  // The order in which columns are first met.
  const met = context.column('met', 'long')
  const numbered: Plan = {
    kind: 'window',
    input: input.plan,
    definitions: [{ column: met, name: 'row_number', arguments: [], partitionBy: [], orderBy: input.order }],
  }
  const aggregate = (
    aggregated: Column,
    of: string,
    args: readonly Scalar[],
    orderBy: readonly OrderKey[] = [],
  ): AggregateDefinition => ({
    column: aggregated,
    call: { name: of, arguments: args, type: aggregated.type, filter: null, orderBy },
  })
  const merged = context.again(name)
  const first = context.column('first', 'long')
  const [least, most] = [context.column('least', 'long'), context.column('most', 'long')]
  const types = context.column('types', 'long')
  const [data, type] = [context.again(dataType), context.again(columnType)]
  const inOrder = [ascending(met)]
  const grouped: Plan = {
    kind: 'aggregate',
    input: numbered,
    keys: [{ column: merged, value: reference(name) }],
    aggregates: [
      aggregate(first, 'min', [reference(met)]),
      aggregate(least, 'min', [reference(ordinal)]),
      aggregate(most, 'max', [reference(ordinal)]),
      aggregate(types, 'dcount', [reference(columnType)]),
      aggregate(data, '$any-record', [reference(dataType)], inOrder),
      aggregate(type, '$any-record', [reference(columnType)], inOrder),
    ],
  }
  // A column that moves ends up where it was put last; the places are counted anew.
  const place = context.column('place', 'long')
  const placed: Plan = {
    kind: 'window',
    input: grouped,
    definitions: [
      {
        column: place,
        name: 'row_number',
        arguments: [],
        partitionBy: [],
        orderBy: [ascending(most), ascending(first)],
      },
    ],
  }
  const moved = preserve
    ? call('not', [comparison('==', reference(least), reference(most))], 'bool')
    : literal('bool', false)
  const mixed = comparison('>', reference(types), long(1))
  const choose = (whenMoved: Scalar, whenMixed: Scalar, otherwise: Scalar) =>
    call('case', [moved, whenMoved, mixed, whenMixed, otherwise], otherwise.type)
  const finalOrdinal = preserve ? reference(most) : call('-', [reference(place), long(1)], 'long')
  const columns = [merged, context.again(ordinal), context.again(dataType), context.again(columnType)]
  const error = (text: string) => string(`ERROR(unknown CSL type:${text})`)
  const relation: Relation = { plan: placed, columns, order: [ascending(first)], sorted: 0 }
  return compute(preserve ? relation : { ...relation, order: [ascending(place)] }, [
    { column: columns[1]!, value: choose(long(-1), finalOrdinal, finalOrdinal) },
    { column: columns[2]!, value: choose(error(NO_ORDER), error(NO_TYPE), reference(data)) },
    { column: columns[3]!, value: choose(string(NO_ORDER), string(NO_TYPE), reference(type)) },
  ])
}

export const schemaMergePlugins: PluginTable = { schema_merge: schemaMerge }
