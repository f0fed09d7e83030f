/** Runs a query and keeps its rows; one worker per tab of the Logs page. Ending the worker cancels the query. */
import { ApiError, send, setCsrfToken } from '../../api/client'
import type { QueryAnswer } from '../../kql/answer'
import type { Failure, Question, Reply, RunRequest } from './protocol'
import { ResultSet } from './result-set'

const EMPTY: QueryAnswer = {
  columns: [],
  rows: [],
  truncated: false,
  statistics: { compileMs: 0, executeMs: 0, tables: [] },
}
let results = new ResultSet(EMPTY)

const reply = (message: Reply) => postMessage(message)

async function run(id: number, { csrf, ...body }: RunRequest) {
  setCsrfToken(csrf)
  // The rows of before are let go first: two answers of 100,000 rows need not be held at once.
  results = new ResultSet(EMPTY)
  const answer = await send('/api/query', { method: 'POST', body })
  const reader = answer.body!.getReader()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    chunks.push(value)
    bytes += value.length
    reply({ id, bytes })
  }
  const text = await new Blob(chunks).text()
  results = new ResultSet(JSON.parse(text) as QueryAnswer)
  return { summary: results.summary(), bytes }
}

async function answer({ id, kind, ask }: Question): Promise<unknown> {
  switch (kind) {
    case 'run':
      return run(id, ask)
    case 'arrange':
      return results.arrange(ask)
    case 'slice':
      return results.slice(ask.from, ask.to)
    case 'facets':
      return results.facets(ask.column, ask.limit)
    case 'export':
      return new Blob(results.export(ask.format, ask.columns))
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ApiError) {
    const { status, code, message, diagnostics } = error
    return { status, code, message, diagnostics }
  }
  return { status: 0, code: 'Internal', message: (error as Error).message, diagnostics: [] }
}

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  answer(data).then(
    (value) => reply({ id: data.id, answer: value }),
    (error: unknown) => reply({ id: data.id, failure: failureOf(error) }),
  )
})
