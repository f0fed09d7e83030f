import { expect, test } from 'vitest'
import type { DocsCase, LocoCase } from './cases.js'
import { judge, type Outcome } from './judge.js'

const docs: DocsCase = {
  source: 'docs',
  id: 'p#1',
  page: 'p',
  group: 'Scalar functions',
  query: 'page text',
  columns: ['x'],
  rows: [['1']],
  official_columns: [['x', 'long']],
  ordered: true,
  order_by: 'print',
  usable: true,
}

const rows = (value: bigint, name = 'x'): Outcome => ({
  kind: 'result',
  sql: 'SELECT',
  result: { columns: [{ name, type: 'long' }], rows: [[value]] },
})
const error: Outcome = { kind: 'error', message: 'KS142 no x\nat line 1', codes: ['KS142'] }
const verdict = async (candidate: DocsCase | LocoCase, ...outcomes: Outcome[]) => {
  const queue = [...outcomes]
  return (await judge(candidate, async () => queue.shift() as Outcome)).verdict
}

test('the five verdicts', async () => {
  expect(await verdict(docs, rows(1n))).toBe('pass')
  expect(await verdict(docs, rows(1n, 'y'))).toBe('names-only')
  expect(await verdict(docs, rows(2n))).toBe('wrong')
  expect(await verdict(docs, error)).toBe('error')
  expect(await verdict(docs, { kind: 'unsupported', message: 'no geo' })).toBe('unsupported')
})

test('the link may pass for the page, and can not harm it', async () => {
  const linked = { ...docs, link_query: 'link text' }
  expect(await verdict(linked, rows(2n), rows(1n))).toBe('pass')
  expect(await verdict(linked, rows(1n, 'y'), rows(2n))).toBe('names-only')
  expect(await verdict(linked, rows(2n), error)).toBe('wrong')
  expect(await verdict(linked, rows(2n), rows(1n, 'y'))).toBe('names-only')
  expect(await verdict(linked, error, rows(2n))).toBe('error')
})

test('a text that the binder rejects too is refused by name, but only for the same reason', async () => {
  expect(await verdict({ ...docs, errors: ['KS142 The name x …'] }, error)).toBe('unsupported')
  expect(await verdict({ ...docs, errors: ['KS204 The name x …'] }, error)).toBe('error')
  expect(await verdict({ ...docs, errors: ['KS142 The name x …'] }, rows(1n))).toBe('pass')
})

test('the reason is one line', async () => {
  expect((await judge(docs, async () => error)).reason).toBe('KS142 no x')
})

test('kusto-loco: a table by its cells, any other view by its checks', async () => {
  const loco: LocoCase = {
    source: 'kusto-loco',
    id: 'T.1',
    query: 'q',
    view: 'table',
    columns: ['x'],
    types: ['long'],
    rows: [['1']],
    checks: [{ op: 'equals', value: 'x:long\n---\n1' }],
    ordered: true,
  }
  expect(await verdict(loco, rows(1n))).toBe('pass')
  expect(await verdict(loco, rows(1n, 'y'))).toBe('names-only')
  const last: LocoCase = { ...loco, view: 'last_row', checks: [{ op: 'equals', value: '1' }] }
  expect(await verdict(last, rows(1n, 'y'))).toBe('pass')
  expect(await verdict(last, rows(2n))).toBe('wrong')
  expect(await verdict(last, error)).toBe('error')
})
