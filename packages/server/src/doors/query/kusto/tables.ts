/** Tables in the two forms that Kusto's REST answers have: v1 (`Tables`) and v2 (frames). */
import type { ColumnSchema, KqlType } from '@auspex/kql'

/** .NET types, as v1 names them. */
const DATA_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'SByte',
  int: 'Int32',
  long: 'Int64',
  real: 'Double',
  decimal: 'SqlDecimal',
  string: 'String',
  guid: 'Guid',
  datetime: 'DateTime',
  timespan: 'TimeSpan',
  dynamic: 'Object',
}

/** Types as `.show … schema` names them. */
export const SYSTEM_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'System.SByte',
  int: 'System.Int32',
  long: 'System.Int64',
  real: 'System.Double',
  decimal: 'System.Data.SqlTypes.SqlDecimal',
  string: 'System.String',
  guid: 'System.Guid',
  datetime: 'System.DateTime',
  timespan: 'System.TimeSpan',
  dynamic: 'System.Object',
}

export const columnsV1 = (columns: readonly ColumnSchema[]) =>
  columns.map(({ name, type }) => ({ ColumnName: name, DataType: DATA_TYPES[type], ColumnType: type }))

export const columnsV2 = (columns: readonly ColumnSchema[]) =>
  columns.map(({ name, type }) => ({ ColumnName: name, ColumnType: type }))

/** A small table that is here already: what a command answers. */
export interface SmallTable {
  readonly columns: readonly ColumnSchema[]
  readonly rows: readonly (readonly unknown[])[]
}

export const smallV1 = ({ columns, rows }: SmallTable, name = 'Table_0') => ({
  TableName: name,
  Columns: columnsV1(columns),
  Rows: rows,
})

export const smallV2 = (table: SmallTable, id: number, kind: string, name: string) => ({
  FrameType: 'DataTable',
  TableId: id,
  TableKind: kind,
  TableName: name,
  Columns: columnsV2(table.columns),
  Rows: table.rows,
})

/** Columns as `name:type` words. */
export const columns = (text: string): ColumnSchema[] =>
  text.split(' ').map((word) => {
    const [name = '', type = 'string'] = word.split(':')
    return { name, type: type as KqlType }
  })
