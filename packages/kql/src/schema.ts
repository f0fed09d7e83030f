import type { KqlType } from './values.js'

export interface ColumnSchema {
  readonly name: string
  readonly type: KqlType
  readonly docstring?: string
}

export interface TableSchema {
  readonly name: string
  readonly columns: readonly ColumnSchema[]
  readonly docstring?: string
}

export interface StoredFunction {
  readonly name: string
  /** As written in KQL, with the parentheses: `(host:string, window:timespan=1h)`. */
  readonly parameters: string
  readonly body: string
  readonly docstring?: string
}

/** All that a query can see. What is not here can not be read. */
export interface DatabaseSchema {
  readonly name: string
  readonly tables: readonly TableSchema[]
  readonly functions?: readonly StoredFunction[]
}
