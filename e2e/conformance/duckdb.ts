/** Runs compiled SQL on an in-memory DuckDB: one query at a time, each with a deadline and a bound on its rows. */
import { type DuckDBApi, registerNatives } from '@auspex/kql/natives'
import * as duckdb from '@duckdb/node-api'
import { type DuckDBConnection, DuckDBInstance, type DuckDBType, type DuckDBValue } from '@duckdb/node-api'
import type { Value } from './cells.js'
import type { Column, Result } from './compare.js'

export interface Statement {
  readonly sql: string
  readonly parameters: readonly DuckDBValue[]
  readonly columns: readonly Column[]
}

export interface Limits {
  readonly milliseconds: number
  readonly rows: number
}

/** What DuckDB must return for a column of a KQL type. dynamic is JSON, which is VARCHAR with another name. */
const PHYSICAL: Readonly<Record<string, RegExp>> = {
  bool: /^BOOLEAN$/,
  int: /^INTEGER$/,
  long: /^BIGINT$/,
  real: /^DOUBLE$/,
  string: /^VARCHAR$/,
  dynamic: /^(?:JSON|VARCHAR)$/,
  datetime: /^BIGINT$/,
  timespan: /^BIGINT$/,
  guid: /^UUID$/,
  decimal: /^DECIMAL\(\d+,\d+\)$/,
}

/** No query can be judged on an engine that did not start. */
export class PreludeError extends Error {
  readonly code = 'PRELUDE_FAILED'

  constructor(statement: string, cause: Error) {
    super(`DuckDB refuses a statement of the prelude: ${cause.message}\n${statement}`)
    this.name = 'PreludeError'
  }
}

export class Database {
  #connection: DuckDBConnection | undefined
  readonly #prelude: readonly string[]

  constructor(prelude: readonly string[]) {
    this.#prelude = prelude
  }

  async run(statement: Statement, limits: Limits): Promise<Result> {
    const connection = await this.#connect()
    let late = false
    const deadline = setTimeout(() => {
      late = true
      connection.interrupt()
    }, limits.milliseconds)
    try {
      const reader = await connection.streamAndReadUntil(statement.sql, limits.rows + 1, [
        ...statement.parameters,
      ])
      const rows = reader.getRows()
      if (rows.length > limits.rows) throw new Error(`The query gave more than ${limits.rows} rows.`)
      checkPhysicalTypes(statement.columns, reader.columnTypes())
      return { columns: statement.columns, rows: rows.map((row) => row.map(plainValue)) }
    } catch (error) {
      if (late) throw new Error(`The query ran for more than ${limits.milliseconds} ms.`)
      // After an internal error DuckDB refuses all further work on that database.
      if (/^(?:FATAL|INTERNAL) Error/.test(String((error as Error).message))) await this.close()
      throw error
    } finally {
      clearTimeout(deadline)
    }
  }

  async close(): Promise<void> {
    this.#connection?.closeSync()
    this.#connection = undefined
  }

  async #connect(): Promise<DuckDBConnection> {
    if (this.#connection) return this.#connection
    const instance = await DuckDBInstance.create(':memory:', {
      threads: '2',
      memory_limit: '1GB',
      enable_external_access: 'false',
      autoinstall_known_extensions: 'false',
    })
    const connection = await instance.connect()
    for (const statement of this.#prelude) {
      await connection.run(statement).catch((cause: Error) => {
        throw new PreludeError(statement, cause)
      })
    }
    registerNatives(connection, duckdb as unknown as DuckDBApi)
    this.#connection = connection
    return connection
  }
}

function checkPhysicalTypes(columns: readonly Column[], types: readonly DuckDBType[]): void {
  if (columns.length !== types.length) {
    throw new Error(`The SQL gave ${types.length} columns, the plan said ${columns.length}.`)
  }
  for (const [index, column] of columns.entries()) {
    const physical = String(types[index])
    if (!PHYSICAL[column.type]?.test(physical)) {
      throw new Error(
        `Column ${column.name} is ${physical} in DuckDB, where ${column.type} must be another type.`,
      )
    }
  }
}

/** Decimals and guids come as objects that print themselves. */
function plainValue(value: DuckDBValue): Value {
  return value !== null && typeof value === 'object' ? String(value) : value
}
