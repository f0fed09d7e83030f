import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Outcome } from './judge.js'
import { main } from './main.js'

let root: string
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'conformance-')), 'repository')
  mkdirSync(join(root, 'e2e/conformance'), { recursive: true })
  mkdirSync(join(root, 'cases'))
  writeFileSync(join(root, 'e2e/conformance/known-faults.json'), '{ "fault#1": "the page is wrong" }')
})
afterEach(() => rmSync(root, { recursive: true }))

const docs = (id: string, documented: string): string =>
  JSON.stringify({
    id,
    page: id.split('#')[0],
    group: 'Scalar functions',
    query: 'print x = 1',
    columns: ['x'],
    rows: [[documented]],
    official_columns: [['x', 'long']],
    ordered: true,
    order_by: 'print',
    usable: true,
  })

const one: Outcome = {
  kind: 'result',
  sql: 'SELECT 1',
  result: { columns: [{ name: 'x', type: 'long' }], rows: [[1n]] },
}

async function run(cases: string[], ...args: string[]): Promise<{ code: number; output: string }> {
  writeFileSync(join(root, 'cases/docs.jsonl'), `${cases.join('\n')}\n`)
  return runBare('--cases', join(root, 'cases'), ...args)
}

async function runBare(...args: string[]): Promise<{ code: number; output: string }> {
  let output = ''
  const code = await main({
    arguments: args,
    root,
    print: (text) => {
      output += `${text}\n`
    },
    openEngine: () => ({ answer: async () => one, close: async () => {} }),
  })
  return { code, output }
}

test('a wrong answer fails the run, a known fault does not', async () => {
  expect((await run([docs('good#1', '1')])).code).toBe(0)
  expect((await run([docs('good#1', '1'), docs('fault#1', '2')])).code).toBe(0)
  const bad = await run([docs('good#1', '1'), docs('bad#1', '2')], '--list', 'wrong')
  expect(bad).toEqual({ code: 1, output: 'bad#1  row 1, column x: 1, documented "2"\n' })
})

test('without cases the run is skipped aloud', async () => {
  const { code, output } = await runBare()
  expect(code).toBe(0)
  expect(output).toMatch(/^SKIPPED: there are no cases in \.\.\/shared\/kql-cases\. .*--cases DIR/)
})

test('the committed table is written and checked', async () => {
  const cases = [docs('good#1', '1')]
  expect((await run(cases, '--check')).code).toBe(1)
  expect((await run(cases, '--write')).code).toBe(0)
  expect(readFileSync(join(root, 'e2e/conformance/RESULTS.md'), 'utf8')).toContain('| headline | 1 | 1 |')
  expect((await run(cases, '--check')).code).toBe(0)
  expect((await run([...cases, docs('other#1', '1')], '--check')).code).toBe(1)
})

test('a filter keeps to the cases whose id or query holds the text', async () => {
  const cases = [docs('good#1', '1'), docs('bad#1', '2')]
  expect((await run(cases, '--filter', 'good')).code).toBe(0)
  expect((await run(cases, '--filter', 'print x', '--json')).output).toContain('"bad#1"')
})

test('verbose shows query, SQL, the documented and the given rows', async () => {
  const { output } = await run([docs('bad#1', '2')], '--verbose')
  expect(output).toContain('== bad#1: wrong')
  for (const part of ['print x = 1', 'SELECT 1', '  2', '  1']) expect(output).toContain(`${part}\n`)
})

test('arguments that make no sense are refused', async () => {
  expect((await runBare('--list', 'good')).code).toBe(2)
  expect((await runBare('--nonsense')).code).toBe(2)
  expect((await runBare('--write', '--filter', 'x')).code).toBe(2)
  expect((await runBare('--help')).code).toBe(0)
})
