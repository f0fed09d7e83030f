/** Runs the tests beside rule files, each log in a store of its own that is thrown away afterwards. */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { ingestFile } from '@auspex/collect'
import {
  differences,
  type Found,
  findWithHunt,
  findWithRule,
  isHunting,
  parseHunting,
  parseRule,
  parseRuleTests,
  type RuleTest,
  type RuleTestParts,
} from '@auspex/detect'
import { ticksFromDate } from '@auspex/kql'
import { Compiler, readFunctionFolder } from '@auspex/server'
import { openStore, type Store } from '@auspex/store'
import { contentFolders, testedFolders } from '../../content.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { printable } from '../../output/table.js'
import { readRuleFiles } from './files.js'

/** Stores by the logs that are in them: many rules are tested over the same few. */
class Logs {
  readonly #folder: string
  readonly #stores = new Map<string, Promise<Store>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  open(files: readonly string[], computer: string): Promise<Store> {
    const key = JSON.stringify([files, computer])
    const known = this.#stores.get(key)
    if (known !== undefined) return known
    const store = this.#load(join(this.#folder, String(this.#stores.size)), files, computer)
    this.#stores.set(key, store)
    return store
  }

  async #load(directory: string, files: readonly string[], computer: string): Promise<Store> {
    const store = await openStore({ directory, memoryLimit: '256MB' })
    for (const file of files) await ingestFile(file, store, { computer })
    return store
  }

  async close(): Promise<void> {
    for (const store of await Promise.allSettled(this.#stores.values())) {
      if (store.status === 'fulfilled') await store.value.close()
    }
    await rm(this.#folder, { recursive: true, force: true })
  }
}

interface Outcome {
  readonly file: string
  readonly test: RuleTest
  readonly problems: readonly string[]
}

interface Tested {
  readonly outcomes: readonly Outcome[]
  /** What is wrong with the files themselves. */
  readonly broken: readonly string[]
  readonly untested: boolean
}

const testFileOf = (file: string) => file.replace(/(\.ya?ml)$/, '.test$1')

async function testFile(file: string, text: string, logs: Logs, parts: RuleTestParts): Promise<Tested> {
  const none = { outcomes: [], broken: [], untested: true }
  const path = testFileOf(file)
  if (!existsSync(path)) return none
  const { tests, problems } = parseRuleTests(await readFile(path, 'utf8'))
  const broken = problems.map(
    ({ line, column, severity, message }) => `${path}:${line}:${column}: ${severity}: ${message}`,
  )
  const hunt = isHunting(text) ? parseHunting(text) : undefined
  const { rule, problems: found } = hunt ?? parseRule(text)
  if (rule === undefined) {
    const errors = found.map(({ line, column, message }) => `${file}:${line}:${column}: error: ${message}`)
    return { ...none, broken: [...broken, ...errors] }
  }
  const outcomes: Outcome[] = []
  for (const test of tests) {
    outcomes.push({ file: path, test, problems: await run(test) })
  }
  return { outcomes, broken, untested: tests.length === 0 }

  async function run(test: RuleTest): Promise<string[]> {
    try {
      const paths = test.logs.map((log) => resolve(dirname(path), log))
      const store = await logs.open(paths, test.computer)
      const result: Found = hunt
        ? await findWithHunt(rule!, store, parts)
        : await findWithRule(rule!, store, parts)
      return differences(test, result)
    } catch (error) {
      return [(error as Error).message]
    }
  }
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`

/** 1 when a test fails. */
export async function testRules(
  paths: readonly string[],
  verbose: boolean,
  effects: Effects,
): Promise<ExitCode> {
  const files = await readRuleFiles(paths.length > 0 ? paths : testedFolders())
  if (files.length === 0) throw new CliError(`no rule file (*.yaml) is in ${paths.join(', ')}`, 2)
  const compiler = new Compiler()
  const logs = new Logs(await mkdtemp(join(tmpdir(), 'auspex-rules-test-')))
  const functions = await readFunctionFolder(contentFolders().functions)
  const parts = { compile: compiler.compile, functions, now: ticksFromDate(effects.now()) }
  let passed = 0
  let failed = 0
  const untested: string[] = []
  const say = (text: string) => effects.out.write(`${printable(text)}\n`)
  try {
    for (const { file, text } of files) {
      effects.signal.throwIfAborted()
      const tested = await testFile(file, text, logs, parts)
      if (tested.untested) untested.push(file)
      for (const problem of tested.broken) say(problem)
      failed += tested.broken.length
      for (const { file: path, test, problems } of tested.outcomes) {
        if (problems.length === 0) {
          passed++
          if (verbose) say(`${path}:${test.line}: ok: ${test.name}`)
          continue
        }
        failed++
        for (const problem of problems) say(`${path}:${test.line}: ${test.name}: ${problem}`)
      }
    }
  } finally {
    await logs.close()
    compiler.close()
  }
  if (verbose) for (const file of untested) say(`${file}: no test`)
  say(
    `${count(files.length, 'rule')}: ${passed} passed, ${failed} failed, ${count(untested.length, 'rule')} without a test.`,
  )
  return failed > 0 ? 1 : 0
}
