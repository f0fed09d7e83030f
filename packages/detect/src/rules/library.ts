/**
 * The rules of a workspace. Each is a file: those that are shipped, and the workspace's own, in a folder that a
 * person or a repository may write to as well. A file of the workspace with the id of a shipped rule takes its
 * place; deleting it brings the shipped one back. Whether a rule is on is not in its file: it is in the control
 * state, with who decided it and why.
 *
 * Edits keep the file: what did not change stays as it is written, with its comments (see write.ts).
 */
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Selectable } from 'kysely'
import type { ControlDatabase } from '../control/database.js'
import type { RuleSettingTable } from '../control/schema.js'
import type { Actor } from '../incidents/change.js'
import { NotFoundError } from '../incidents/incidents.js'
import { type PastRun, pastRuns } from '../runs/history.js'
import type { FileProblem } from '../yaml/reader.js'
import { parseRule, RuleFileError } from './read.js'
import type { AnalyticsRule } from './rule.js'
import { rewriteRule, writeRule } from './write.js'

export interface RuleEntry {
  readonly rule: AnalyticsRule
  readonly file: string
  /** Shipped, or the workspace's own; `replaced` is one of its own in a shipped one's place. */
  readonly origin: 'shipped' | 'own' | 'replaced'
  readonly isEnabled: boolean
  /** Turned off by failures, not by a person. */
  readonly isAutoDisabled: boolean
  /** The rule's name, marked when failures turned it off, as Sentinel does. */
  readonly displayName: string
  readonly reason: string | null
  readonly changedBy: string | null
  readonly changedTime: string | null
  /** Why the last run failed; null when it did not. */
  readonly lastError: string | null
}

/** A file that holds no rule that can be run. */
export interface BrokenFile {
  readonly file: string
  readonly problems: readonly FileProblem[]
}

export interface LibraryParts {
  readonly shipped: string
  /** Made when the first rule is saved. */
  readonly own: string
  readonly control: ControlDatabase
  /** ISO, seven digits. */
  readonly now: () => string
  readonly onWarning?: (message: string) => void
}

interface RuleText {
  readonly rule: AnalyticsRule
  readonly file: string
  readonly text: string
}

/** `x.yaml` is a rule, `x.test.yaml` its tests. */
export const isRuleFile = (name: string): boolean => /(?<!\.test)\.ya?ml$/.test(name)

const MAX_FILES = 5000

/** What is known of a file by its size and time, so that only changed files are read again. */
type Known = { readonly stamp: string; readonly read: RuleText | BrokenFile }

async function names(folder: string): Promise<string[]> {
  try {
    const all = await readdir(folder, { recursive: true })
    return all.filter(isRuleFile).sort().slice(0, MAX_FILES)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

const slug = (name: string) =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 80) || 'rule'

export class RuleLibrary {
  readonly #parts: LibraryParts
  readonly #known = new Map<string, Known>()
  #entries: readonly RuleEntry[] = []
  #broken: readonly BrokenFile[] = []

  private constructor(parts: LibraryParts) {
    this.#parts = parts
  }

  /** A file that can not be read stops nothing: its rule does not run, and is listed in {@link broken}. */
  static async open(parts: LibraryParts): Promise<RuleLibrary> {
    const library = new RuleLibrary(parts)
    await library.refresh()
    return library
  }

  get entries(): readonly RuleEntry[] {
    return this.#entries
  }

  /** The rules that are on. */
  get enabled(): readonly AnalyticsRule[] {
    return this.#entries.filter(({ isEnabled }) => isEnabled).map(({ rule }) => rule)
  }

  /** Files that can not be read; their rules do not run. */
  get broken(): readonly BrokenFile[] {
    return this.#broken
  }

  find(id: string): RuleEntry | undefined {
    return this.#entries.find(({ rule }) => rule.id.toLowerCase() === id.toLowerCase())
  }

  /** By id, by file name, or by a name that only one rule has. Throws {@link NotFoundError}. */
  get(idOrName: string): RuleEntry {
    const wanted = idOrName.toLowerCase()
    const named = this.#entries.filter(
      ({ rule, file }) =>
        rule.name.toLowerCase() === wanted ||
        basename(file)
          .replace(/\.ya?ml$/, '')
          .toLowerCase() === wanted,
    )
    const entry = this.find(idOrName) ?? (named.length === 1 ? named[0] : undefined)
    if (entry !== undefined) return entry
    const many = named.length > 1 ? ' only one: take its id' : ''
    throw new NotFoundError(`rule "${idOrName}"${many}`)
  }

  /** The file of a rule as it is written. */
  async text(id: string): Promise<string> {
    return readFile(this.get(id).file, 'utf8')
  }

  runs(id: string, limit = 50): Promise<PastRun[]> {
    return pastRuns(this.#parts.control, this.get(id).rule.id, limit)
  }

  /** Reads files that changed, and what was decided about rules. */
  async refresh(): Promise<void> {
    const { shipped, own, control } = this.#parts
    const shippedFiles = await this.#folder(shipped)
    const ownFiles = await this.#folder(own)
    const settings = new Map(
      (await control.selectFrom('rule_setting').selectAll().execute()).map((row) => [row.rule_id, row]),
    )
    const errors = new Map(
      (
        await control
          .selectFrom('rule_state')
          .select(['rule_id', 'last_error'])
          .where('last_error', 'is not', null)
          .execute()
      ).map(({ rule_id, last_error }) => [rule_id, last_error]),
    )
    const entries = new Map<string, RuleEntry>()
    const broken = [...shippedFiles, ...ownFiles].filter((one): one is BrokenFile => 'problems' in one)
    const add = (read: RuleText, origin: 'shipped' | 'own') => {
      const { id } = read.rule
      const other = entries.get(id.toLowerCase())
      if (other !== undefined && other.origin !== 'shipped') {
        const message = `the id is that of ${other.file}: this rule is not run`
        broken.push({ file: read.file, problems: [{ severity: 'error', message, line: 1, column: 1 }] })
        return
      }
      const where = other === undefined ? origin : 'replaced'
      entries.set(id.toLowerCase(), entryOf(read, where, settings.get(id), errors.get(id) ?? null))
    }
    for (const read of shippedFiles) if ('rule' in read) add(read, 'shipped')
    for (const read of ownFiles) if ('rule' in read) add(read, 'own')
    this.#entries = [...entries.values()]
    this.#broken = broken
  }

  async #folder(folder: string): Promise<(RuleText | BrokenFile)[]> {
    const found: (RuleText | BrokenFile)[] = []
    for (const name of await names(folder)) {
      const file = join(folder, name)
      const { size, mtimeMs, ino } = await stat(file)
      const stamp = `${size} ${mtimeMs} ${ino}`
      let known = this.#known.get(file)
      if (known?.stamp !== stamp) {
        known = { stamp, read: this.#read(file, await readFile(file, 'utf8')) }
        this.#known.set(file, known)
      }
      found.push(known.read)
    }
    return found
  }

  #read(file: string, text: string): RuleText | BrokenFile {
    const { rule, problems } = parseRule(text)
    const errors = problems.filter(({ severity }) => severity === 'error')
    if (rule === undefined) {
      this.#parts.onWarning?.(`${new RuleFileError(file, errors).message} (the rule is not run)`)
      return { file, problems: errors }
    }
    for (const { line, column, message } of problems) {
      this.#parts.onWarning?.(`${file}:${line}:${column}: ${message}`)
    }
    return { rule, file, text }
  }

  /**
   * Writes a rule into the workspace's folder: a new file, or its own one changed where the rule changed. A
   * shipped rule gets a file of the workspace's own, in its place.
   */
  async save(rule: AnalyticsRule): Promise<RuleEntry> {
    const before = this.find(rule.id)
    // A copy of a shipped rule keeps the comments that explain it.
    const text =
      before === undefined ? writeRule(rule) : rewriteRule(await readFile(before.file, 'utf8'), rule)
    return this.saveText(text)
  }

  /** Writes a rule's file as it is given. Throws {@link RuleFileError} when it is none. */
  async saveText(text: string): Promise<RuleEntry> {
    const { rule, problems } = parseRule(text)
    if (rule === undefined)
      throw new RuleFileError(
        'rule',
        problems.filter(({ severity }) => severity === 'error'),
      )
    const { own } = this.#parts
    await mkdir(own, { recursive: true, mode: 0o700 })
    const before = this.find(rule.id)
    const file =
      before !== undefined && before.origin !== 'shipped' ? before.file : await this.#newFile(rule, before)
    const draft = `${file}.new`
    await writeFile(draft, text, { mode: 0o600 })
    await rename(draft, file)
    await this.refresh()
    return this.get(rule.id)
  }

  async #newFile(rule: AnalyticsRule, before: RuleEntry | undefined): Promise<string> {
    const { own } = this.#parts
    const taken = new Set(await names(own))
    const base = before === undefined ? slug(rule.name) : basename(before.file).replace(/\.ya?ml$/, '')
    let name = `${base}.yaml`
    for (let i = 2; taken.has(name); i++) name = `${base}-${i}.yaml`
    return join(own, name)
  }

  /** Deletes a file of the workspace's own; a shipped rule can only be turned off. */
  async remove(id: string): Promise<void> {
    const entry = this.get(id)
    if (entry.origin === 'shipped') {
      throw new NotFoundError(
        `rule "${entry.rule.name}" of this workspace's own: it is shipped; disable it instead`,
      )
    }
    await rm(entry.file)
    await this.refresh()
  }

  /** Turns a rule on or off, and forgives its failures. */
  async setEnabled(
    id: string,
    isEnabled: boolean,
    by: Actor,
    reason: string | null = null,
  ): Promise<RuleEntry> {
    const { rule } = this.get(id)
    await this.#decide(rule.id, isEnabled, false, by.name, reason)
    return this.get(rule.id)
  }

  /** Turns a rule off because it fails again and again. */
  async autoDisable(rule: AnalyticsRule, reason: string): Promise<void> {
    await this.#decide(rule.id, false, true, 'Auspex', reason)
  }

  async #decide(
    ruleId: string,
    isEnabled: boolean,
    isAuto: boolean,
    by: string,
    reason: string | null,
  ): Promise<void> {
    const { control, now } = this.#parts
    const row = {
      rule_id: ruleId,
      enabled: isEnabled ? 1 : 0,
      auto_disabled: isAuto ? 1 : 0,
      reason,
      changed_by: by,
      changed_time: now(),
    }
    await control.transaction().execute(async (db) => {
      await db
        .insertInto('rule_setting')
        .values(row)
        .onConflict((conflict) => conflict.column('rule_id').doUpdateSet(row))
        .execute()
      if (!isEnabled) return
      await db
        .updateTable('rule_state')
        .set({ failures: 0, permanent_failures: 0, retry_at: null, last_error: null })
        .where('rule_id', '=', ruleId)
        .execute()
    })
    await this.refresh()
  }
}

const AUTO_DISABLED = 'AUTO DISABLED '

function entryOf(
  { rule, file }: RuleText,
  origin: RuleEntry['origin'],
  setting: Selectable<RuleSettingTable> | undefined,
  lastError: string | null,
): RuleEntry {
  const isAutoDisabled = setting?.auto_disabled === 1
  return {
    rule,
    file,
    origin,
    isEnabled: setting === undefined ? rule.enabled : setting.enabled === 1,
    isAutoDisabled,
    displayName: isAutoDisabled ? `${AUTO_DISABLED}${rule.name}` : rule.name,
    reason: setting?.reason ?? null,
    changedBy: setting?.changed_by ?? null,
    changedTime: setting?.changed_time ?? null,
    lastError,
  }
}
