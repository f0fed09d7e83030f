/** A verdict per case. The engine comes in as an argument: the judging knows no compiler and no database. */
import type { Case, LocoCase } from './cases.js'
import { type Comparison, compareTables, type Result } from './compare.js'
import { docsAttempts, locoTable, rulesOf } from './expectations.js'
import { failedCheck } from './views.js'

/**
 * - pass: values and header as documented
 * - names-only: the values, under another header
 * - wrong: an answer, and not the documented one: the verdict that hurts people
 * - error: the engine failed without naming what it can not do
 * - unsupported: the engine named what it can not do
 */
export const VERDICTS = ['pass', 'names-only', 'wrong', 'error', 'unsupported'] as const
export type Verdict = (typeof VERDICTS)[number]

export interface Judgement {
  readonly verdict: Verdict
  /** In one line, unless the verdict is pass. */
  readonly reason?: string
  readonly sql?: string
  readonly result?: Result
}

/** What became of a query. */
export type Outcome =
  | { readonly kind: 'result'; readonly sql: string; readonly result: Result }
  | {
      readonly kind: 'error'
      readonly message: string
      readonly codes: readonly string[]
      readonly sql?: string
    }
  | { readonly kind: 'unsupported'; readonly message: string }

export interface Engine {
  readonly answer: (query: string) => Promise<Outcome>
  readonly close: () => Promise<void>
}

export async function judge(candidate: Case, answer: Engine['answer']): Promise<Judgement> {
  if (candidate.source === 'kusto-loco') return judgeLoco(candidate, await answer(candidate.query))

  let first: Judgement | undefined
  for (const attempt of docsAttempts(candidate)) {
    const outcome = await answer(attempt.query)
    const judgement =
      outcome.kind === 'result'
        ? best(
            attempt.tables.map((table) =>
              compared(compareTables(table, outcome.result, attempt.rules), outcome),
            ),
          )
        : refused(outcome, candidate.errors ?? [])
    if (judgement.verdict === 'pass') return judgement
    if (judgement.verdict === 'names-only' && first?.verdict !== 'names-only') first = judgement
    first ??= judgement
  }
  return first as Judgement
}

function judgeLoco(test: LocoCase, outcome: Outcome): Judgement {
  if (outcome.kind !== 'result') return refused(outcome, [])
  if (test.view === 'table') {
    return compared(compareTables(locoTable(test), outcome.result, rulesOf(test, test.query)), outcome)
  }
  const reason = failedCheck(test, outcome.result)
  const { sql, result } = outcome
  return reason === undefined ? { verdict: 'pass', sql, result } : { verdict: 'wrong', reason, sql, result }
}

function compared(comparison: Comparison, outcome: Outcome & { kind: 'result' }): Judgement {
  const { sql, result } = outcome
  const { values, header, difference = '' } = comparison
  if (values && header) return { verdict: 'pass', sql, result }
  return { verdict: values ? 'names-only' : 'wrong', reason: difference, sql, result }
}

function best(judgements: readonly Judgement[]): Judgement {
  const rank = (judgement: Judgement): number => VERDICTS.indexOf(judgement.verdict)
  return [...judgements].sort((left, right) => rank(left) - rank(right))[0] as Judgement
}

function refused(
  outcome: Outcome & { kind: 'error' | 'unsupported' },
  documentedErrors: readonly string[],
): Judgement {
  const reason = outcome.message.split('\n')[0] ?? ''
  if (outcome.kind === 'unsupported') return { verdict: 'unsupported', reason }
  // Microsoft's binder rejects the page's text too, for the same reason.
  const foreseen = documentedErrors.some((error) => outcome.codes.includes(error.split(' ')[0] ?? ''))
  const sql = outcome.sql === undefined ? {} : { sql: outcome.sql }
  return { verdict: foreseen ? 'unsupported' : 'error', reason, ...sql }
}
