/** The engine under test: @auspex/kql compiles, DuckDB runs. */
import { type CompiledQuery, DUCKDB_PRELUDE, KqlError, prepare } from '@auspex/kql'
import { Database, PreludeError } from './duckdb.js'
import type { Engine, Outcome } from './judge.js'
import { datetimeTicks } from './ticks.js'

/** now() of every case: the results must not change with the day. */
const NOW = datetimeTicks('2026-01-01') as bigint
const OPTIONS = { schema: { name: 'Conformance', tables: [] }, now: NOW }
/** The code of "… is not supported". */
const UNSUPPORTED = 'AUX100'
const LIMITS = { milliseconds: 10_000, rows: 10_000 }
/** The one column of an answer: text, or JSON as text. */
const ANSWER = [{ name: 'answer', type: 'dynamic' }] as const

export function openAuspex(): Engine {
  const database = new Database(DUCKDB_PRELUDE)
  const ask = async (sql: string): Promise<(string | null)[]> => {
    const { rows } = await database.run({ sql, parameters: [], columns: ANSWER }, LIMITS)
    return rows.map(([value]) => (value ?? null) as string | null)
  }
  const answer = async (query: string): Promise<Outcome> => {
    let compiled: CompiledQuery
    try {
      compiled = await prepare(query, OPTIONS, ask)
    } catch (error) {
      if (error instanceof PreludeError) throw error
      return compileFailure(error)
    }
    try {
      return { kind: 'result', sql: compiled.sql, result: await database.run(compiled, LIMITS) }
    } catch (error) {
      if (error instanceof PreludeError) throw error
      return { kind: 'error', message: (error as Error).message, codes: [], sql: compiled.sql }
    }
  }
  return { answer, close: () => database.close() }
}

function compileFailure(error: unknown): Outcome {
  if (!(error instanceof KqlError)) return { kind: 'error', message: String(error), codes: [] }
  const errors = error.diagnostics.filter(({ severity }) => severity === 'error')
  const message = errors.map(({ code, message }) => `${code} ${message}`).join('; ')
  const unsupported = errors.some(({ code }) => code === UNSUPPORTED)
  return unsupported
    ? { kind: 'unsupported', message }
    : { kind: 'error', message, codes: errors.map(({ code }) => code) }
}
