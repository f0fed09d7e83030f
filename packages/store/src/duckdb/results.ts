import { type DuckDBDataChunk, DuckDBDecimalValue } from '@duckdb/node-api'
import type { ColumnSchema } from '../schema.js'

/** A chunk of a result as plain values, a list a column. */
export function readChunk(chunk: DuckDBDataChunk, columns: readonly ColumnSchema[]): unknown[][] {
  return columns.map((column, index) => {
    const values: unknown[] = chunk.getColumnValues(index)
    const convert = CONVERSIONS[column.type]
    return convert ? values.map((value) => (value === null ? null : convert(value))) : values
  })
}

/** Where the binding's value is not the one of the contract. */
const CONVERSIONS: { readonly [type: string]: ((value: unknown) => unknown) | undefined } = {
  long: toBigInt,
  datetime: toBigInt,
  timespan: toBigInt,
  int: Number,
  real: Number,
  guid: String,
  decimal: (value) => (value instanceof DuckDBDecimalValue ? trimDecimal(value.toString()) : String(value)),
  dynamic: (value) => (typeof value === 'string' ? value : JSON.stringify(value)),
}

function toBigInt(value: unknown): bigint {
  return typeof value === 'bigint' ? value : BigInt(Math.trunc(Number(value)))
}

function trimDecimal(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
