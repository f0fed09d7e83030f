/**
 * Makes the native functions known to a DuckDB, as scalar functions of it. DuckDB calls them on the thread of Node that
 * registered them, a vector of up to 2,048 rows at a time. The API of the engine comes in as an argument: this package
 * opens no database.
 */
import type { NativeType, NativeValue } from '../../native/native.js'
import { natives } from '../../native/natives.js'

/** What is needed of `@duckdb/node-api`. */
export interface DuckDBApi {
  readonly DuckDBScalarFunction: {
    create(definition: {
      name: string
      returnType: never
      parameterTypes: readonly never[]
      specialHandling: boolean
      mainFunction: (info: unknown, input: InputChunk, output: OutputVector) => void
    }): unknown
  }
  readonly DuckDBVarCharType: { create(alias?: string): unknown }
  readonly VARCHAR: unknown
  readonly DOUBLE: unknown
  readonly BIGINT: unknown
  readonly BOOLEAN: unknown
  readonly LIST: (type: never) => unknown
}

interface InputChunk {
  readonly rowCount: number
  getColumnVector(index: number): { getItem(row: number): unknown }
}

interface OutputVector {
  setItem(row: number, value: never): void
  flush(): void
}

export interface Registrar {
  registerScalarFunction(scalarFunction: never): void
}

export function registerNatives(connection: Registrar, duckdb: DuckDBApi): void {
  const json = duckdb.DuckDBVarCharType.create('JSON')
  const simple: Readonly<Record<string, unknown>> = {
    text: duckdb.VARCHAR,
    json,
    real: duckdb.DOUBLE,
    long: duckdb.BIGINT,
    bool: duckdb.BOOLEAN,
  }
  const typeOf = (type: NativeType): never =>
    (type.endsWith('[]') ? duckdb.LIST(simple[type.slice(0, -2)] as never) : simple[type]) as never
  for (const { name, parameters, returns, compute } of natives) {
    const call = compute as (...values: NativeValue[]) => NativeValue
    const scalarFunction = duckdb.DuckDBScalarFunction.create({
      name,
      returnType: typeOf(returns),
      parameterTypes: parameters.map(typeOf),
      // Nulls are handed over as well: not every function is null of a null.
      specialHandling: true,
      mainFunction: (_info, input, output) => {
        const vectors = parameters.map((_, i) => input.getColumnVector(i))
        for (let row = 0; row < input.rowCount; row++) {
          const values = vectors.map((vector) => plain(vector.getItem(row)))
          output.setItem(row, call(...values) as never)
        }
        output.flush()
      },
    })
    connection.registerScalarFunction(scalarFunction as never)
  }
}

/** A list comes as an object that holds its items. */
function plain(value: unknown): NativeValue {
  if (value !== null && typeof value === 'object' && 'items' in value) return value.items as NativeValue
  return value as NativeValue
}
