/** The command: reads the arguments, runs the cases, prints or writes the report. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { isUsable, readCases } from './cases.js'
import type { Value } from './cells.js'
import { showValue } from './compare.js'
import { type Engine, judge, VERDICTS, type Verdict } from './judge.js'
import { type KnownFaults, knownFault } from './known-faults.js'
import {
  type CaseResult,
  causesReport,
  jsonReport,
  markdownReport,
  terminalReport,
  verboseReport,
} from './report.js'

export interface Effects {
  readonly arguments: readonly string[]
  /** The repository's root. */
  readonly root: string
  readonly print: (text: string) => void
  readonly openEngine: () => Engine
}

const USAGE = `npm run conformance -- [options]
  --cases DIR    folder with docs.jsonl and kusto-loco.jsonl (default: ../shared/kql-cases)
  --filter TEXT  only cases whose id or query holds TEXT
  --list VERDICT ids and reasons of that verdict: ${VERDICTS.join(', ')}
  --causes       failing cases grouped by what they fail on, the largest group first
  --verbose      query, SQL, documented and given rows of every case that does not pass (with --filter: of all)
  --json         everything as JSON
  --write        write e2e/conformance/RESULTS.md
  --check        fail when RESULTS.md is not what --write would write`

/** Returns the exit code: 1 when an answer is wrong or RESULTS.md is stale, 2 for arguments that make no sense. */
export async function main(effects: Effects): Promise<number> {
  const { root, print } = effects
  const options = readOptions(effects.arguments)
  if ('message' in options) {
    print(options.message)
    return options.code
  }
  const folder = options.cases ?? join(root, '../shared/kql-cases')
  const all = readCases(folder)
  if (all.length === 0) {
    print(
      `SKIPPED: there are no cases in ${options.cases ?? relative(root, folder)}. Name a folder with --cases DIR.`,
    )
    return 0
  }

  const folderOfThis = join(root, 'e2e/conformance')
  const faults: KnownFaults = JSON.parse(readFileSync(join(folderOfThis, 'known-faults.json'), 'utf8'))
  const usable = all.filter(isUsable)
  const wanted = usable.filter(
    ({ id, query }) => !options.filter || `${id}\n${query}`.includes(options.filter),
  )
  const leftOut = all.length - usable.length

  const engine = effects.openEngine()
  const results: CaseResult[] = []
  for (const candidate of wanted) {
    const judgement = await judge(candidate, engine.answer)
    const fault = knownFault(faults, candidate.id)
    results.push({ candidate, judgement, ...(fault === undefined ? {} : { knownFault: fault }) })
  }
  await engine.close()

  const counted = results.filter(({ knownFault }) => knownFault === undefined)
  if (options.json) print(jsonReport(results, leftOut))
  else if (options.list) {
    const listed = counted.filter(({ judgement }) => judgement.verdict === options.list)
    for (const { candidate, judgement } of listed) print(`${candidate.id}  ${judgement.reason ?? ''}`)
  } else if (options.causes) print(causesReport(results))
  else {
    if (options.verbose) {
      for (const result of results) {
        if (options.filter || result.judgement.verdict !== 'pass') {
          print(verboseReport(result, (value, type) => showValue(value as Value, type)))
        }
      }
    }
    print(terminalReport(results, leftOut))
  }

  const target = join(folderOfThis, 'RESULTS.md')
  const markdown = markdownReport(results, leftOut)
  if (options.write) writeFileSync(target, markdown)
  const stale = options.check && (!existsSync(target) || readFileSync(target, 'utf8') !== markdown)
  if (stale) print('e2e/conformance/RESULTS.md is stale: run `npm run conformance -- --write` and commit it.')
  return stale || counted.some(({ judgement }) => judgement.verdict === 'wrong') ? 1 : 0
}

interface Options {
  readonly cases?: string | undefined
  readonly filter?: string | undefined
  readonly list?: Verdict | undefined
  readonly causes: boolean
  readonly verbose: boolean
  readonly json: boolean
  readonly write: boolean
  readonly check: boolean
}

/** The options, or what to tell the person instead and the exit code. */
function readOptions(given: readonly string[]): Options | { message: string; code: number } {
  const refuse = (message: string) => ({ message, code: 2 })
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        cases: { type: 'string' },
        filter: { type: 'string' },
        list: { type: 'string' },
        causes: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { message: USAGE, code: 0 }
    const list = VERDICTS.find((verdict) => verdict === values.list)
    if (values.list !== undefined && !list) return refuse(`--list takes one of ${VERDICTS.join(', ')}.`)
    if (values.filter !== undefined && (values.write || values.check)) {
      return refuse('--write and --check are about all cases: leave --filter out.')
    }
    return { ...values, list }
  } catch (error) {
    return refuse(`${(error as Error).message}\n${USAGE}`)
  }
}
