/** Totals over the verdicts, and their three forms: for the terminal, for RESULTS.md, and as JSON. */
import { type Area, areaOf, type Case, pageOf } from './cases.js'
import { type Judgement, VERDICTS, type Verdict } from './judge.js'
import { operatorsOf } from './operators.js'

export interface CaseResult {
  readonly candidate: Case
  readonly judgement: Judgement
  /** Why what the source shows is wrong: such a case is neither passed nor failed. */
  readonly knownFault?: string
}

export type Tally = Record<Verdict, number> & { cases: number }

export interface Totals {
  readonly headline: Tally
  readonly sources: Readonly<Record<Case['source'], Tally>>
  readonly areas: Readonly<Record<Exclude<Area, 'language'>, Tally>>
  readonly knownFaults: Tally
  readonly operators: ReadonlyMap<string, Tally>
  readonly pages: ReadonlyMap<string, Tally>
}

const emptyTally = (): Tally => ({ cases: 0, pass: 0, 'names-only': 0, wrong: 0, error: 0, unsupported: 0 })

export function totalsOf(results: readonly CaseResult[]): Totals {
  const totals = {
    headline: emptyTally(),
    sources: { docs: emptyTally(), 'kusto-loco': emptyTally() },
    areas: { geo: emptyTally(), graph: emptyTally(), plugins: emptyTally() },
    knownFaults: emptyTally(),
    operators: new Map<string, Tally>(),
    pages: new Map<string, Tally>(),
  }
  const keyed = (map: Map<string, Tally>, key: string): Tally => {
    const tally = map.get(key) ?? emptyTally()
    map.set(key, tally)
    return tally
  }
  for (const { candidate, judgement, knownFault } of results) {
    const add = (tally: Tally): void => {
      tally.cases++
      tally[judgement.verdict]++
    }
    if (knownFault !== undefined) {
      add(totals.knownFaults)
      continue
    }
    const area = areaOf(candidate)
    add(keyed(totals.pages, `${candidate.source} / ${pageOf(candidate)}`))
    if (area !== 'language') {
      add(totals.areas[area])
      continue
    }
    add(totals.headline)
    add(totals.sources[candidate.source])
    for (const operator of operatorsOf(candidate.query)) add(keyed(totals.operators, operator))
  }
  return totals
}

const HEADINGS = ['cases', ...VERDICTS] as const

function shares(tally: Tally): string {
  return tally.cases === 0 ? '' : `${((100 * tally.pass) / tally.cases).toFixed(1)} %`
}

function mainLines(totals: Totals): [string, Tally][] {
  return [
    ['headline', totals.headline],
    ...Object.entries(totals.sources).map(([source, tally]): [string, Tally] => [`  of it ${source}`, tally]),
    ...Object.entries(totals.areas),
    ['known faults', totals.knownFaults],
  ]
}

function sorted(tallies: ReadonlyMap<string, Tally>): [string, Tally][] {
  return [...tallies].sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0))
}

export function terminalReport(results: readonly CaseResult[], leftOut: number): string {
  const totals = totalsOf(results)
  const line = (label: string, cells: readonly (string | number)[]): string =>
    label.padEnd(44) + cells.map((cell) => String(cell).padStart(12)).join('')
  const block = (title: string, tallies: readonly [string, Tally][]): string[] => [
    line(title, [...HEADINGS, 'passed']),
    ...tallies.map(([label, tally]) =>
      line(label, [...HEADINGS.map((heading) => tally[heading]), shares(tally)]),
    ),
    '',
  ]
  return [
    ...block('page', sorted(totals.pages)),
    ...block('operator', sorted(totals.operators)),
    ...block('total', mainLines(totals)),
    `${leftOut} cases are left out: they need tables or a clock, are cut short, or are not of the language.`,
    ...staleFaults(results),
  ].join('\n')
}

/** Faults of the source that are met all the same: an entry that may have to go. */
function staleFaults(results: readonly CaseResult[]): string[] {
  return results
    .filter(({ knownFault, judgement }) => knownFault !== undefined && judgement.verdict === 'pass')
    .map(
      ({ candidate }) => `${candidate.id} is listed as a known fault and passes: look at known-faults.json.`,
    )
}

/** Failing cases that share a reason, the largest group first: where the next hour is best spent. */
export function causesReport(results: readonly CaseResult[]): string {
  const groups = new Map<string, CaseResult[]>()
  for (const result of results) {
    const { verdict, reason = '' } = result.judgement
    if (verdict === 'pass' || result.knownFault !== undefined) continue
    const cause = verdict === 'wrong' || verdict === 'names-only' ? pageOf(result.candidate) : reason
    const key = `${verdict}: ${cause}`
    groups.set(key, [...(groups.get(key) ?? []), result])
  }
  return [...groups]
    .sort(([leftKey, left], [rightKey, right]) => right.length - left.length || (leftKey < rightKey ? -1 : 1))
    .map(
      ([key, group]) =>
        `${group.length} x ${key}\n    ${group.map(({ candidate }) => candidate.id).join(' ')}`,
    )
    .join('\n')
}

export function markdownReport(results: readonly CaseResult[], leftOut: number): string {
  const totals = totalsOf(results)
  const table = (title: string, tallies: readonly [string, Tally][]): string[] => [
    `| ${[title, ...HEADINGS, 'passed'].join(' | ')} |`,
    `| --- |${' ---: |'.repeat(HEADINGS.length + 1)}`,
    ...tallies.map(
      ([label, tally]) =>
        `| ${[label.trim(), ...HEADINGS.map((heading) => tally[heading]), shares(tally)].join(' | ')} |`,
    ),
    '',
  ]
  const byId = [...results].sort((left, right) => (left.candidate.id < right.candidate.id ? -1 : 1))
  const failing = byId.filter(({ knownFault, judgement }) => !knownFault && judgement.verdict !== 'pass')
  const faults = byId.filter(({ knownFault }) => knownFault !== undefined)
  return [
    '# KQL against its documented results',
    '',
    'Written by `npm run conformance -- --write`; what the words mean is in [README.md](README.md).',
    'The headline is the language itself: geo, graph, plugins and faults of the sources are counted apart.',
    '',
    ...table('', mainLines(totals)),
    `${leftOut} further cases are left out: they need tables or a clock, are cut short, or are not of the language.`,
    '',
    '## By operator',
    '',
    ...table('operator', sorted(totals.operators)),
    '## Not passed',
    '',
    '| case | verdict | reason |',
    '| --- | --- | --- |',
    ...failing.map(
      ({ candidate, judgement }) =>
        `| ${candidate.id} | ${judgement.verdict} | ${markdownCell(judgement.reason ?? '')} |`,
    ),
    '',
    '## Known faults of the sources',
    '',
    '| case | what is wrong with it |',
    '| --- | --- |',
    ...faults.map(({ candidate, knownFault }) => `| ${candidate.id} | ${markdownCell(knownFault ?? '')} |`),
    '',
    '## By page',
    '',
    ...table('page', sorted(totals.pages)),
  ].join('\n')
}

const REASON_LENGTH = 200

function markdownCell(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const cut = line.length > REASON_LENGTH ? `${line.slice(0, REASON_LENGTH - 1)}…` : line
  return cut.replace(/[|<>\\`*_[\]]/g, (character) => `\\${character}`)
}

export function jsonReport(results: readonly CaseResult[], leftOut: number): string {
  const totals = totalsOf(results)
  const cases = results.map(({ candidate, judgement, knownFault }) => ({
    id: candidate.id,
    source: candidate.source,
    page: pageOf(candidate),
    area: areaOf(candidate),
    operators: operatorsOf(candidate.query),
    verdict: judgement.verdict,
    ...(judgement.reason === undefined ? {} : { reason: judgement.reason }),
    ...(knownFault === undefined ? {} : { knownFault }),
  }))
  const { headline, sources, areas, knownFaults } = totals
  return JSON.stringify({ totals: { headline, sources, areas, knownFaults, leftOut }, cases }, null, 2)
}

/** All about one case: what was asked, what it became, what was documented and what came. */
export function verboseReport(
  { candidate, judgement, knownFault }: CaseResult,
  show: (value: unknown, type: string) => string,
): string {
  const { verdict, reason, sql, result } = judgement
  const documented =
    candidate.source === 'docs' || candidate.view === 'table'
      ? [candidate.columns ?? [], ...(candidate.rows ?? [])].map((row) => `  ${row.join(' ¦ ')}`)
      : [`  ${candidate.view}: ${JSON.stringify(candidate.checks)}`]
  const got = result
    ? [
        result.columns.map((column) => `${column.name}:${column.type}`),
        ...result.rows.map((row) =>
          row.map((value, index) => show(value, result.columns[index]?.type ?? '')),
        ),
      ].map((row) => `  ${row.join(' ¦ ')}`)
    : []
  return [
    `== ${candidate.id}: ${verdict}${reason ? `: ${reason}` : ''}`,
    ...(knownFault ? [`known fault: ${knownFault}`] : []),
    candidate.query,
    ...(sql ? ['-- SQL', sql] : []),
    '-- documented',
    ...documented,
    ...(got.length > 0 ? ['-- got', ...got] : []),
    '',
  ].join('\n')
}
