/** `auspex host check`, `setup` and `undo`: is this host audited, make it so, and back. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { host } from '@auspex/collect'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { printable, renderTable } from '../output/table.js'

export interface HostCheckArguments {
  /** Folder that holds the files of a host; undefined: this host. */
  readonly root: string | undefined
  readonly format: 'table' | 'json' | undefined
}

/** 1 when something is wrong (an error); warnings are told only. */
export async function hostCheck(args: HostCheckArguments, effects: Effects): Promise<ExitCode> {
  const report = await host.checkHost(host.nodeHost({ root: args.root }))
  if ((args.format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json') {
    effects.out.write(`${JSON.stringify(report, undefined, 2)}\n`)
  } else {
    effects.out.write(renderReport(report, effects.out.columns))
  }
  return report.counts.error > 0 ? 1 : 0
}

function renderReport({ findings, counts }: host.HostReport, columns: number | undefined): string {
  const table = renderTable(
    ['', 'check', 'what is the case'],
    findings.map(({ status, check, message }) => [status, check, message]),
    { columns },
  )
  const todo = findings.filter(({ advice, status }) => advice !== undefined && status !== 'ok')
  const lines = todo.flatMap(({ check, status, message, advice, details = [] }) => [
    '',
    `${status} ${check}: ${printable(message)}`,
    ...details.slice(0, MAX_DETAILS).map((detail) => `    ${printable(detail)}`),
    ...(details.length > MAX_DETAILS ? [`    and ${details.length - MAX_DETAILS} more (--format json)`] : []),
    `  → ${printable(advice!)}`,
  ])
  const { ok, info, unknown, warning, error } = counts
  const sum = `${error} errors, ${warning} warnings, ${info} notes, ${unknown} not known, ${ok} fine`
  return `${[table.trimEnd(), ...lines, '', sum].join('\n')}\n`
}

const MAX_DETAILS = 8

export interface HostSetupArguments {
  readonly root: string | undefined
  /** Folder of the rules files to install. */
  readonly rulesFolder: string
  /** Do not ask. */
  readonly yes: boolean
  /** Show what would be done, and do nothing. */
  readonly dryRun: boolean
  /** Record passwords too (log_passwd). */
  readonly passwords: boolean
  /** `required`: nobody comes in whose keys can not be recorded. */
  readonly pamControl: 'optional' | 'required'
  /** Program that auditd hands its records to, with its arguments. */
  readonly plugin: host.PluginProgram | undefined
}

/** A person to ask; false in a script. */
export interface Asking {
  confirm(question: string): Promise<boolean>
}

export async function hostSetup(
  args: HostSetupArguments,
  effects: Effects,
  asking: Asking,
): Promise<ExitCode> {
  const system = host.nodeHost({ root: args.root })
  const { passwords, pamControl, plugin } = args
  const options: host.SetupOptions = { rules: rulesIn(args.rulesFolder), passwords, pamControl, plugin }
  const steps = { now: effects.now, say: (step: string) => effects.out.write(`${printable(step)}\n`) }
  const agreed = async (question: string) => args.yes || (await asking.confirm(question))
  const plan = async () => host.planSetup(await host.gatherFacts(system), options)

  let wanted = await plan()
  if (wanted.refusals.length > 0) throw new CliError(`Nothing was done: ${wanted.refusals.join('; ')}.`)
  if (wanted.packages.length > 0 && !args.dryRun) {
    const names = wanted.packages.join(', ')
    if (!(await agreed(`Install ${names}?`))) return stopped(effects)
    await told(() => host.installPackages(wanted, system, steps))
    wanted = await plan()
  }
  effects.out.write(describePlan(wanted))
  if (args.dryRun || isEmpty(wanted)) return 0
  if (!(await agreed('Do this?'))) return stopped(effects)
  const applied = await told(() => host.applySetup(wanted, system, steps))
  effects.out.write(describeApplied(applied))
  return applied.notLoaded.length > 0 ? 1 : 0
}

function rulesIn(folder: string): host.SetupOptions['rules'] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.rules'))
  return names.sort().map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

const isEmpty = ({ packages, start, changes }: host.SetupPlan): boolean =>
  packages.length + start.length + changes.length === 0

function stopped(effects: Effects): ExitCode {
  effects.out.write('Nothing was done.\n')
  return 1
}

async function told<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof host.SetupError) throw new CliError(error.message)
    throw error
  }
}

function describePlan(plan: host.SetupPlan): string {
  const { packages, start, changes, left, notes } = plan
  const lines = changes.map(({ path, before, after }) => host.unifiedDiff(path, before, after))
  if (packages.length > 0) lines.push(`Packages to install first: ${packages.join(', ')}\n`)
  for (const command of start) lines.push(`To run: ${command.join(' ')}\n`)
  if (left.length > 0) lines.push(`${left.length} rules are left out, as this host can not load them.\n`)
  for (const note of notes) lines.push(`Note: ${note}\n`)
  if (isEmpty(plan)) lines.push('All is set up: nothing to do.\n')
  return lines.join('')
}

function describeApplied({ files, backup, commands, notLoaded }: host.Applied): string {
  const lines = [`${files.length} files written; as they were before: ${backup ?? 'nothing to keep'}`]
  for (const { path, line, reason } of notLoaded)
    lines.push(`${path}:${line}: not loaded: ${printable(reason)}`)
  for (const { command, result } of commands) {
    if (result.code !== 0)
      lines.push(`${command} ended with ${result.code}: ${printable(result.stderr.trim())}`)
  }
  lines.push(
    'Sessions that are open already are not recorded; new ones are. auspex host undo takes all back.',
  )
  return `${lines.join('\n')}\n`
}

export interface HostUndoArguments {
  readonly root: string | undefined
}

export async function hostUndo(args: HostUndoArguments, effects: Effects): Promise<ExitCode> {
  const steps = { now: effects.now, say: (step: string) => effects.out.write(`${printable(step)}\n`) }
  const { files, changedSince } = await told(() => host.undoSetup(host.nodeHost({ root: args.root }), steps))
  effects.out.write(`${files.length} files are as they were.\n`)
  for (const path of changedSince) {
    effects.err.write(`${path} was changed after the setup and is left as it is.\n`)
  }
  return changedSince.length > 0 ? 1 : 0
}
