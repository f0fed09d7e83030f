/** The command: compiles and runs the query of each rule of a folder, prints or writes what came of it. */
import { existsSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { type CompiledQuery, type DatabaseSchema, DUCKDB_PRELUDE, KqlError, prepare } from '@auspex/kql'
import { Database } from '../conformance/duckdb.js'
import { datetimeTicks } from '../conformance/ticks.js'
import { type Rule, readRules } from './rules.js'
import { setup, tablesOf } from './tables.js'

export interface Effects {
  readonly arguments: readonly string[]
  /** The repository's root. */
  readonly root: string
  readonly print: (text: string) => void
}

const USAGE = `npm run conformance:rules -- [options]
  --rules DIR    folder with rules as Azure-Sentinel publishes them (default: ../shared/data/sentinel-rules)
  --filter TEXT  only rules whose path or query holds TEXT
  --verbose      the query and the SQL of each that fails
  --write        write e2e/sentinel-rules/RESULTS.md`

const NOW = datetimeTicks('2026-01-01') as bigint
const LIMITS = { milliseconds: 20_000, rows: 100_000 }
const ANSWER = [{ name: 'answer', type: 'dynamic' }] as const

interface Outcome {
  readonly rule: Rule
  readonly verdict: 'runs' | 'refused' | 'invalid' | 'fails'
  readonly reason: string
  readonly sql?: string
}

/** Returns the exit code: 1 when a query fails that compiled, 2 for arguments that make no sense. */
export async function main({ arguments: given, root, print }: Effects): Promise<number> {
  const { values } = parseArgs({
    args: [...given],
    options: {
      rules: { type: 'string' },
      filter: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    print(USAGE)
    return 0
  }
  const folder = values.rules ?? join(root, '../shared/data/sentinel-rules')
  if (!existsSync(folder)) {
    print(`SKIPPED: there are no rules in ${relative(root, folder)}. Name a folder with --rules DIR.`)
    return 0
  }
  const rules = readRules(folder).filter(
    ({ file, query }) => !values.filter || `${file}\n${query}`.includes(values.filter),
  )
  const tables = tablesOf(root)
  const database = new Database([...DUCKDB_PRELUDE, ...setup(tables, NOW)])
  const outcomes: Outcome[] = []
  for (const rule of rules) outcomes.push(await tryRule(rule, { name: 'Sentinel', tables }, database))
  await database.close()
  for (const { rule, verdict, reason, sql } of outcomes) {
    if (verdict === 'runs') continue
    print(`${verdict}  ${rule.file}\n         ${reason.replaceAll('\n', '\n         ')}`)
    if (values.verbose) print(`${rule.query}\n${sql ?? ''}`)
  }
  print(summary(outcomes))
  if (values.write) writeFileSync(join(root, 'e2e/sentinel-rules/RESULTS.md'), page(outcomes))
  return outcomes.some(({ verdict }) => verdict === 'fails') ? 1 : 0
}

async function tryRule(rule: Rule, schema: DatabaseSchema, database: Database): Promise<Outcome> {
  let compiled: CompiledQuery
  try {
    compiled = await prepare(rule.query, { schema, now: NOW }, async (sql) => {
      const { rows } = await database.run({ sql, parameters: [], columns: ANSWER }, LIMITS)
      return rows.map(([value]) => (value ?? null) as string | null)
    })
  } catch (error) {
    if (!(error instanceof KqlError))
      return { rule, verdict: 'fails', reason: String((error as Error).stack) }
    const refused = error.diagnostics.some(({ code }) => code === 'AUX100')
    const lines = error.diagnostics.map(({ code, line, message }) => `line ${line}: ${code} ${message}`)
    return { rule, verdict: refused ? 'refused' : 'invalid', reason: lines.join('\n') }
  }
  try {
    await database.run(compiled, LIMITS)
    return { rule, verdict: 'runs', reason: '' }
  } catch (error) {
    return { rule, verdict: 'fails', reason: (error as Error).message, sql: compiled.sql }
  }
}

function summary(outcomes: readonly Outcome[]): string {
  const count = (verdict: Outcome['verdict']) => outcomes.filter((o) => o.verdict === verdict).length
  return `${outcomes.length} rules: ${count('runs')} run, ${count('refused')} refused by name, ${count('invalid')} that Kusto's own binder refuses, ${count('fails')} fail`
}

function page(outcomes: readonly Outcome[]): string {
  const rows = outcomes.filter(({ verdict }) => verdict !== 'runs')
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', '<br>')
  return [
    '# Published Sentinel rules',
    '',
    'Written by `npm run conformance:rules -- --write`: whether the query of each rule compiles against the tables of `content/tables` and runs on made-up rows.',
    '',
    `${summary(outcomes)}.`,
    '',
    '| rule | what came of it | why |',
    '| --- | --- | --- |',
    ...rows.map(({ rule, verdict, reason }) => `| ${cell(rule.file)} | ${verdict} | ${cell(reason)} |`),
    '',
  ].join('\n')
}
