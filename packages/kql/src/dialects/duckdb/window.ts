/** Window columns to SQL. */
import type { WindowDefinition } from '../../plan/plan.js'
import { ATOM, Fragment } from './fragment.js'
import { renderOrder, renderScalar, type ScalarEnvironment } from './scalar.js'
import { DUCKDB_TYPES } from './types.js'

const FRAME = ' ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW'

export function renderWindow(definition: WindowDefinition, environment: ScalarEnvironment): Fragment {
  const { column, partitionBy, orderBy } = definition
  const args = definition.arguments.map((argument) => renderScalar(argument, environment))
  const partition = partitionBy.map((scalar) => renderScalar(scalar, environment).sql).join(', ')
  const order = renderOrder(orderBy, (id) => environment.column(id))
  const over = (frame = '') => {
    const parts = [partition ? `PARTITION BY ${partition}` : '', order ? `ORDER BY ${order}` : '']
    return ` OVER (${parts.filter((part) => part !== '').join(' ')}${order ? frame : ''})`
  }
  const list = args.map((arg) => arg.sql).join(', ')
  const fragment = (sql: string, nullable: boolean) =>
    new Fragment(sql, column.type, { nullable, window: true, precedence: ATOM })
  switch (definition.name) {
    case 'row_number':
      return fragment(`row_number()${over()}`, false)
    case 'lag':
    case 'lead':
      return fragment(`${definition.name}(${list})${over()}`, column.type !== 'string')
    case 'sum': {
      const sql = `coalesce(sum(${list})${over(FRAME)}, 0)`
      return new Fragment(`${sql}::${DUCKDB_TYPES[column.type]}`, column.type, {
        nullable: false,
        window: true,
      })
    }
    case 'min':
    case 'max':
      return fragment(`${definition.name}(${list})${over()}`, true)
    case 'session': {
      const [time, most] = args
      const times = `list(${time!.sql})${over(FRAME)}`
      return new Fragment(
        `list_reduce(${times}, lambda start, t: CASE WHEN t - start > ${most} THEN t ELSE start END)`,
        column.type,
        { nullable: true, window: true },
      )
    }
    default:
      throw new Error(`the plan uses the window function ${definition.name}, which the dialect does not know`)
  }
}
