import { expect, test } from 'vitest'
import { areaOf, type DocsCase, isUsable, type LocoCase, pageOf } from './cases.js'
import type { Verdict } from './judge.js'
import { knownFault } from './known-faults.js'
import { type CaseResult, causesReport, markdownReport, terminalReport, totalsOf } from './report.js'

const docs = (over: Partial<DocsCase> = {}): DocsCase => ({
  source: 'docs',
  id: 'p#1',
  page: 'p',
  group: 'Scalar functions',
  query: 'print 1',
  columns: [],
  rows: [],
  official_columns: null,
  ordered: true,
  order_by: 'print',
  usable: true,
  ...over,
})
const loco = (over: Partial<LocoCase> = {}): LocoCase => ({
  source: 'kusto-loco',
  id: 'SomeTests.One/1',
  query: 'print 1 | take 1',
  view: 'last_row',
  checks: [],
  ordered: true,
  ...over,
})
const result = (candidate: CaseResult['candidate'], verdict: Verdict, over = {}): CaseResult => ({
  candidate,
  judgement: verdict === 'pass' ? { verdict } : { verdict, reason: `why | ${verdict}` },
  ...over,
})

test('what can not be held against an engine is left out', () => {
  expect(isUsable(docs())).toBe(true)
  expect(isUsable(docs({ usable: false }))).toBe(false)
  expect(isUsable(loco())).toBe(true)
  expect(isUsable(loco({ skip: 'a bug of theirs' }))).toBe(false)
  expect(isUsable(loco({ culture: true }))).toBe(false)
  expect(isUsable(loco({ nonstandard: ['trimws'] }))).toBe(false)
  expect(isUsable(loco({ nonstandard: [] }))).toBe(true)
})

test('geo, graph and plugins are told by group or by query', () => {
  expect(areaOf(docs({ group: 'Geospatial' }))).toBe('geo')
  expect(areaOf(loco({ query: 'print geo_point_to_geohash(1, 2)' }))).toBe('geo')
  expect(areaOf(docs({ query: 'E | make-graph a --> b' }))).toBe('graph')
  expect(areaOf(docs({ query: 'T | evaluate bag_unpack(d)' }))).toBe('plugins')
  expect(areaOf(docs())).toBe('language')
})

test('the headline is the language without the known faults', () => {
  const totals = totalsOf([
    result(docs(), 'pass'),
    result(docs(), 'wrong'),
    result(loco(), 'pass'),
    result(docs({ group: 'Geospatial' }), 'unsupported'),
    result(docs(), 'pass', { knownFault: 'the page is wrong' }),
  ])
  expect(totals.headline).toMatchObject({ cases: 3, pass: 2, wrong: 1 })
  expect(totals.sources.docs).toMatchObject({ cases: 2, pass: 1 })
  expect(totals.areas.geo).toMatchObject({ cases: 1, unsupported: 1 })
  expect(totals.knownFaults.cases).toBe(1)
  expect(totals.operators.get('take')).toMatchObject({ cases: 1, pass: 1 })
  expect(totals.pages.get('kusto-loco / SomeTests')).toMatchObject({ cases: 1 })
})

test('a fault that does not show is pointed at', () => {
  expect(terminalReport([result(docs(), 'pass', { knownFault: 'no' })], 0)).toMatch(
    /p#1 is listed as a known fault/,
  )
  expect(terminalReport([result(docs(), 'wrong', { knownFault: 'no' })], 0)).not.toMatch(/known-faults\.json/)
})

test('a fault is found by id or for the whole page', () => {
  const faults = { 'a#1': 'one', 'b#*': 'all' }
  expect(knownFault(faults, 'a#1')).toBe('one')
  expect(knownFault(faults, 'a#2')).toBeUndefined()
  expect(knownFault(faults, 'b#7')).toBe('all')
})

test('causes: failing cases by reason, the most common first', () => {
  const error = (id: string, reason: string): CaseResult => ({
    candidate: docs({ id }),
    judgement: { verdict: 'error', reason },
  })
  const report = causesReport([
    error('a#1', 'x'),
    error('b#1', 'y'),
    error('c#1', 'y'),
    result(docs(), 'pass'),
  ])
  expect(report).toBe('2 x error: y\n    b#1 c#1\n1 x error: x\n    a#1')
})

test('the committed table does not depend on the order of the cases, and keeps its cells apart', () => {
  const results = [
    result(docs({ id: 'b#1', page: 'b' }), 'wrong'),
    result(docs({ id: 'a#1', page: 'a' }), 'error'),
  ]
  const markdown = markdownReport(results, 3)
  expect(markdown).toBe(markdownReport([...results].reverse(), 3))
  expect(markdown).toContain('| b#1 | wrong | why \\| wrong |')
  expect(markdown.indexOf('| a#1 |')).toBeLessThan(markdown.indexOf('| b#1 |'))
})

test('a test belongs to its class', () => {
  expect(pageOf(loco())).toBe('SomeTests')
  expect(pageOf(docs())).toBe('p')
})
