/**
 * All that can be known of rule files before they run: their structure, their mappings, techniques against
 * tactics, the query bound against the tables, the columns that the rule takes from its result, and a dry run.
 * What the build of Azure-Sentinel checks is in here (source: `.script/tests` of that repository).
 */
import { type CompiledQuery, type DatabaseSchema, prepare } from '@auspex/kql'
import { isHunting, parseHunting } from '../../hunting/hunting-query.js'
import type { Compile } from '../../runs/compile.js'
import { parseRule, type RuleFile } from '../read.js'
import type { Finding } from './finding.js'
import { MODEL_CHECKS } from './model-checks.js'
import { checkColumns, kqlFindings } from './query-checks.js'

export interface SourceFile {
  readonly file: string
  readonly text: string
}

export interface ValidateParts {
  readonly schema: DatabaseSchema
  readonly compile: Compile
  /** Ticks. */
  readonly now: bigint
  /** Runs a query as far as it shows that it can be run; rejects when it can not. */
  readonly dryRun?: (query: CompiledQuery) => Promise<void>
}

/** A dry run reads nothing: it shows that the query can be run, not what it finds. */
const noRows = ({ tables }: DatabaseSchema) =>
  Object.fromEntries(tables.map(({ name }) => [name, { upTo: 0n }]))

interface Read {
  readonly file: string
  readonly text: string
  readonly source: RuleFile
}

function structure({ file, source }: Read): Finding[] {
  return source.problems.map((problem) => ({ file, ...problem, check: 'structure' }))
}

function model({ file, text, source }: Read): Finding[] {
  const { rule } = source
  if (rule === undefined) return []
  return MODEL_CHECKS.flatMap(({ name, check }) =>
    [...check(rule, text)].map(({ at, severity, message }) => ({
      file,
      ...source.at(at),
      severity,
      check: name,
      message,
    })),
  )
}

/** A file whose rule has the id of an earlier file's. */
function sameIds(files: readonly Read[]): Finding[] {
  const first = new Map<string, string>()
  return files.flatMap(({ file, source }): Finding[] => {
    const id = source.rule?.id.toLowerCase()
    if (id === undefined || id === '') return []
    const other = first.get(id)
    if (other === undefined) {
      first.set(id, file)
      return []
    }
    const message = `the id is that of ${other}; every rule needs one of its own`
    return [{ file, ...source.at(['id']), severity: 'error', check: 'id', message }]
  })
}

async function query({ file, source }: Read, parts: ValidateParts): Promise<Finding[]> {
  const { rule } = source
  if (rule === undefined || rule.query.trim() === '') return []
  let compiled: CompiledQuery
  try {
    compiled = await prepare(
      rule.query,
      { schema: parts.schema, now: parts.now, rows: noRows(parts.schema) },
      async () => [],
      parts.compile,
    )
  } catch (error) {
    return kqlFindings(file, source, error)
  }
  const warnings = compiled.warnings.map(
    ({ line, column, message, code }): Finding => ({
      file,
      ...source.inQuery(line, column),
      severity: 'warning',
      check: 'kql',
      message: `${message} (${code})`,
    }),
  )
  const columns = checkColumns(file, source, rule, compiled)
  if (parts.dryRun === undefined) return [...warnings, ...columns]
  try {
    await parts.dryRun(compiled)
  } catch (error) {
    const message = `the query can not be run: ${(error as Error).message}`
    return [
      ...warnings,
      ...columns,
      { file, ...source.at(['query']), severity: 'error', check: 'run', message },
    ]
  }
  return [...warnings, ...columns]
}

/** Findings of all files, those of a file in the order of their places. */
export async function validateRules(files: readonly SourceFile[], parts: ValidateParts): Promise<Finding[]> {
  const read = files.map(
    ({ file, text }): Read => ({
      file,
      text,
      source: isHunting(text) ? parseHunting(text) : parseRule(text),
    }),
  )
  const twins = sameIds(read)
  const findings: Finding[] = []
  for (const one of read) {
    const own = [
      ...structure(one),
      ...model(one),
      ...twins.filter(({ file }) => file === one.file),
      ...(await query(one, parts)),
    ]
    findings.push(...own.sort((a, b) => a.line - b.line || a.column - b.column))
  }
  return findings
}
