/**
 * Doing what a plan says, and undoing it. Before the first file is touched, the bytes of all of them and a manifest
 * are on the disk; each file is replaced whole; a PAM stack that does not parse afterwards is put back at once.
 */
import { createHash } from 'node:crypto'
import { gatherFacts, pamFacts, RULES_FOLDER } from './facts.js'
import { compareRules, type RuleAt } from './loaded-rules.js'
import { moduleName, PAM_FOLDER } from './pam.js'
import type { SetupPlan } from './setup.js'
import type { CommandResult, WritableHost } from './system.js'

export const BACKUP_FOLDER = '/var/lib/auspex/host'

export class SetupError extends Error {
  readonly code: 'refused' | 'install' | 'pam' | 'changed-since' | 'nothing-to-undo' | 'manifest'

  constructor(code: SetupError['code'], message: string) {
    super(message)
    this.name = 'SetupError'
    this.code = code
  }
}

interface ManifestFile {
  readonly path: string
  /** null: there was none. */
  readonly before: {
    readonly sha256: string
    readonly mode: number
    readonly uid: number
    readonly gid: number
    readonly copy: string
  } | null
  /** null: made by a command, and put back whatever it is by then. */
  readonly afterSha256: string | null
}

interface Manifest {
  readonly version: 1
  readonly at: string
  readonly files: readonly ManifestFile[]
  readonly undone: string | null
}

export interface RuleNotLoaded extends RuleAt {
  /** What auditctl said. */
  readonly reason: string
}

export interface Applied {
  readonly files: readonly string[]
  /** Folder with the bytes as they were. */
  readonly backup: string | undefined
  readonly commands: readonly Ran[]
  readonly notLoaded: readonly RuleNotLoaded[]
}

export interface ApplyEffects {
  readonly now: () => Date
  /** Told each step as it begins. */
  readonly say?: (step: string) => void
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

interface Ran {
  readonly command: string
  readonly result: CommandResult
}

type Run = (command: string, ...args: readonly string[]) => Promise<CommandResult | undefined>

/** Runs commands where the host can, says each, and keeps what came back. */
function runner(host: WritableHost, say: (step: string) => void): { run: Run; commands: Ran[] } {
  const commands: Ran[] = []
  const run: Run = async (name, ...args) => {
    if (host.run === undefined) return undefined
    const command = [name, ...args].join(' ')
    say(command)
    const result = await host.run(name, args)
    commands.push({ command, result })
    return result
  }
  return { run, commands }
}

/** The first half of a setup: what it installs decides what the rest of the plan is, so plan again after it. */
export async function installPackages(
  plan: SetupPlan,
  host: WritableHost,
  { say = () => {} }: ApplyEffects,
): Promise<void> {
  const { run } = runner(host, say)
  for (const [command, ...args] of plan.install) {
    const result = await run(command, ...args)
    if (result === undefined) {
      throw new SetupError('install', `${plan.packages.join(', ')} can not be installed in a folder of files`)
    }
    if (result.code !== 0) {
      throw new SetupError(
        'install',
        `${command} ${args.join(' ')} failed: ${result.stderr.trim() || result.stdout.trim()}`,
      )
    }
  }
}

export async function applySetup(
  plan: SetupPlan,
  host: WritableHost,
  { now, say = () => {} }: ApplyEffects,
): Promise<Applied> {
  if (plan.refusals.length > 0) throw new SetupError('refused', plan.refusals.join('; '))
  const { run, commands } = runner(host, say)
  const backup = plan.changes.length === 0 ? undefined : writeFiles(plan, host, now(), say)
  const rulesChanged = plan.changes.some(({ path }) => isRules(path))
  for (const [command, ...args] of plan.start) await run(command, ...args)
  if (rulesChanged) await run('augenrules', '--load')
  if (plan.changes.some(({ path }) => path.includes('/plugins.d/'))) await run('auditctl', '--signal', 'HUP')
  return {
    files: plan.changes.map(({ path }) => path),
    backup,
    commands,
    notLoaded: rulesChanged ? await explainMissing(host) : [],
  }
}

const isRules = (path: string): boolean => path.startsWith(`${RULES_FOLDER}/`)

/** What augenrules makes of rules.d. */
const GENERATED = ['/etc/audit/audit.rules', '/etc/audit/audit.rules.prev']

function writeFiles(plan: SetupPlan, host: WritableHost, at: Date, say: (step: string) => void): string {
  const folder = `${BACKUP_FOLDER}/${at.toISOString().replaceAll(':', '')}`
  const keep = (path: string, afterSha256: string | null): ManifestFile => {
    const bytes = host.readBytes(path)
    const state = host.stat(path)
    if (bytes === undefined || state === undefined) return { path, before: null, afterSha256 }
    const copy = `${folder}/${path.slice(1).replaceAll('/', '_')}`
    host.write(copy, bytes, { mode: 0o600, uid: 0, gid: 0 })
    const { mode, uid, gid } = state
    return { path, before: { sha256: sha256(bytes), mode, uid, gid, copy }, afterSha256 }
  }
  for (const { path, before } of plan.changes) {
    if (host.read(path) === before) continue
    throw new SetupError('changed-since', `${path} changed since the plan was made; plan again`)
  }
  const files = plan.changes.map(({ path, after }) => keep(path, sha256(encode(after))))
  const generated = files.some(({ path }) => isRules(path)) ? GENERATED.map((path) => keep(path, null)) : []
  writeManifest(
    folder,
    { version: 1, at: at.toISOString(), files: [...files, ...generated], undone: null },
    host,
  )

  const problemsBefore = pamProblems(host)
  for (const [i, change] of plan.changes.entries()) {
    say(`write ${change.path}`)
    const { uid = 0, gid = 0 } = host.stat(change.path) ?? {}
    host.write(change.path, encode(change.after), { mode: change.mode, uid, gid })
    if (!change.path.startsWith(`${PAM_FOLDER}/`)) continue
    const broken = pamProblems(host).find((problem) => !problemsBefore.includes(problem))
    if (broken === undefined) continue
    restore(files[i]!, host)
    throw new SetupError('pam', `${change.path} was put back, as with the change ${broken}`)
  }
  return folder
}

const writeManifest = (folder: string, manifest: Manifest, host: WritableHost): void =>
  host.write(`${folder}/manifest.json`, encode(`${JSON.stringify(manifest, undefined, 2)}\n`), {
    mode: 0o600,
    uid: 0,
    gid: 0,
  })

/** What is wrong with the stacks of sessions, and which of their modules are not on the disk. */
function pamProblems(host: WritableHost): string[] {
  const { services, pamModules } = pamFacts(host)
  return [...services].flatMap(([, { problems, lines }]) => [
    ...problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ...lines
      .filter(({ module, mayBeAbsent }) => !mayBeAbsent && !pamModules.has(moduleName(module)))
      .map(({ file, module }) => `${file} needs ${module}, which is not on the disk`),
  ])
}

function restore({ path, before }: ManifestFile, host: WritableHost): void {
  if (before === null) {
    host.remove(path)
    return
  }
  const bytes = host.readBytes(before.copy)
  if (bytes === undefined || sha256(bytes) !== before.sha256) {
    throw new SetupError(
      'manifest',
      `the copy of ${path} in ${before.copy} is gone or was changed; ${path} is left as it is`,
    )
  }
  host.write(path, bytes, before)
}

/** Rules of the disk that the kernel does not have, each tried alone to hear why. */
async function explainMissing(host: WritableHost): Promise<RuleNotLoaded[]> {
  const facts = await gatherFacts(host)
  if (facts.loadedRules === undefined || host.run === undefined) return []
  const found: RuleNotLoaded[] = []
  for (const rule of compareRules(facts).missing) {
    const { code, stderr } = await host.run(
      'auditctl',
      rule.text.match(/(?:\\ |[^ ])+/g)!.map((word) => word.replaceAll('\\ ', ' ')),
    )
    if (code !== 0) found.push({ ...rule, reason: stderr.trim().split('\n').at(-1) ?? '' })
  }
  return found
}

export interface Undone {
  readonly files: readonly string[]
  /** Files that somebody changed after setup, and that are left as they are. */
  readonly changedSince: readonly string[]
  readonly commands: readonly Ran[]
}

/** Puts back what the latest setup changed, byte for byte. */
export async function undoSetup(host: WritableHost, { now, say = () => {} }: ApplyEffects): Promise<Undone> {
  const latest = latestManifest(host)
  if (latest === undefined) {
    throw new SetupError('nothing-to-undo', `no setup of Auspex is left to undo (${BACKUP_FOLDER})`)
  }
  const { folder, manifest } = latest
  const files: string[] = []
  const changedSince: string[] = []
  const { run, commands } = runner(host, say)
  for (const file of manifest.files.filter(({ afterSha256 }) => afterSha256 !== null).toReversed()) {
    const bytes = host.readBytes(file.path)
    const sum = bytes === undefined ? undefined : sha256(bytes)
    if (sum === file.before?.sha256) continue
    if (sum !== file.afterSha256) {
      changedSince.push(file.path)
      continue
    }
    say(`restore ${file.path}`)
    restore(file, host)
    files.push(file.path)
  }
  if (files.some(isRules)) {
    await run('augenrules', '--load')
    if (!changedSince.some(isRules)) {
      for (const file of manifest.files.filter(({ afterSha256 }) => afterSha256 === null)) restore(file, host)
    }
  }
  if (files.some((path) => path.includes('/plugins.d/'))) await run('auditctl', '--signal', 'HUP')
  writeManifest(folder, { ...manifest, undone: now().toISOString() }, host)
  return { files, changedSince, commands }
}

function latestManifest(host: WritableHost): { folder: string; manifest: Manifest } | undefined {
  for (const name of [...host.list(BACKUP_FOLDER)].reverse()) {
    const folder = `${BACKUP_FOLDER}/${name}`
    const text = host.read(`${folder}/manifest.json`)
    if (text === undefined) continue
    const manifest = parseManifest(text, folder)
    if (manifest.undone === null) return { folder, manifest }
  }
  return undefined
}

function parseManifest(text: string, folder: string): Manifest {
  try {
    const manifest = JSON.parse(text) as Manifest
    if (manifest.version === 1 && Array.isArray(manifest.files)) return manifest
  } catch {
    // Told below.
  }
  throw new SetupError(
    'manifest',
    `${folder}/manifest.json can not be read; restore by hand from the copies beside it`,
  )
}
