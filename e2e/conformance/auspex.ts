/** The engine under test: @auspex/kql compiles, DuckDB runs. */
import { compile, KqlError } from '@auspex/kql'
import { Database } from './duckdb.js'
import type { Engine, Outcome } from './judge.js'
import { datetimeTicks } from './ticks.js'

/** now() of every case: the results must not change with the day. */
const NOW = datetimeTicks('2026-01-01') as bigint
const LIMITS = { milliseconds: 10_000, rows: 10_000 }

export function openAuspex(): Engine {
  const database = new Database([])
  const answer = async (query: string): Promise<Outcome> => {
    let compiled: ReturnType<typeof compile>
    try {
      compiled = compile(query, { schema: { name: 'Conformance', tables: [] }, now: NOW })
    } catch (error) {
      return compileFailure(error)
    }
    try {
      return { kind: 'result', sql: compiled.sql, result: await database.run(compiled, LIMITS) }
    } catch (error) {
      return { kind: 'error', message: (error as Error).message, codes: [], sql: compiled.sql }
    }
  }
  return { answer, close: () => database.close() }
}

function compileFailure(error: unknown): Outcome {
  if (!(error instanceof KqlError)) return { kind: 'error', message: String(error), codes: [] }
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
  const message = errors.map(({ code, message }) => `${code} ${message}`).join('; ')
  const unsupported = errors.every(({ code }) => code.startsWith('AUX'))
  return unsupported
    ? { kind: 'unsupported', message }
    : { kind: 'error', message, codes: errors.map(({ code }) => code) }
}
