import { KQL_TYPES, type KqlType } from './values.js'

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

/** Columns as KQL writes them, `TimeGenerated:datetime, Computer:string`, with or without brackets around. */
export function columnsFromText(text: string): ColumnSchema[] {
  const inner = text.trim().replace(/^\((.*)\)$/s, '$1')
  if (inner.trim() === '') return []
  return inner.split(',').map((part) => {
    const [name = '', type = ''] = part.split(':').map((word) => word.trim())
    if (name === '' || !KQL_TYPES.includes(type as KqlType))
      throw new Error(
        `'${part.trim()}' is no column: write name:type, with a type of ${KQL_TYPES.join(', ')}`,
      )
    return { name, type: type as KqlType }
  })
}
