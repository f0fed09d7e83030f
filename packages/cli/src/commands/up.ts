/**
 * The main job: take the host's audit log (or the sample that is shipped), run the rules over it, show the
 * incidents, open the doors and follow the log until Ctrl-C.
 */
import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { release, type } from 'node:os'
import {
  agent,
  catchUp,
  type FollowOptions,
  follow,
  host,
  hostNames,
  type IngestReport,
} from '@auspex/collect'
import {
  type Certificate,
  type Doors,
  openDoors,
  ownCertificate,
  readCertificate,
  type Workspace,
} from '@auspex/server'
import { sampleLog, webAssets } from '../content.js'
import { openWorkspace } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { renderIncidents } from '../output/incidents.js'
import { computerOf, describeReport, isHostLog } from './import.js'

export interface UpArguments {
  readonly directory: string
  /** The log to take instead of the host's own. */
  readonly log: string | undefined
  readonly computer: string | undefined
  readonly port: number
  /** Address to listen on; loopback when undefined. Beyond it, only TLS is spoken. */
  readonly listen: string | undefined
  /** Files of a certificate and its key, in PEM. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined
  readonly once: boolean
}

const HOST_LOG = '/var/log/audit/audit.log'
const POLL_MS = 500
const PASS_MS = 2_000
const SLOTS_MS = 60_000
const BEAT_MS = 60_000
const QUIET_MS = 2_000
const INCIDENTS_SHOWN = 50

async function isReadable(path: string): Promise<boolean> {
  try {
    await access(path, constants.R_OK)
    return true
  } catch {
    return false
  }
}

async function chooseLog(args: UpArguments, effects: Effects): Promise<string> {
  if (args.log !== undefined) {
    if (await isReadable(args.log)) return args.log
    throw new CliError(`${args.log} can not be read: is it there, and may this user read it?`)
  }
  if (await isReadable(HOST_LOG)) return HOST_LOG
  effects.out.write(
    `${HOST_LOG} is not there or not readable (it needs auditd, and root): taking the sample, a real SSH session.\n`,
  )
  return sampleLog()
}

export const pause = (ms: number) => (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done, { once: true })
  })

/** Runs a pass soon after rows came in, and at least once a minute for the slots that fall due. */
async function detect(
  workspace: Workspace,
  effects: Effects,
  news: { arrived: boolean },
  signal: AbortSignal,
): Promise<void> {
  let last = effects.now().getTime()
  let newest = await workspace.newestRow()
  while (!signal.aborted) {
    await pause(PASS_MS)(signal)
    const now = effects.now().getTime()
    // Rows come from the log that is followed, and from agents and clients over HTTP.
    const row = await workspace.newestRow()
    if (signal.aborted || (!news.arrived && row === newest && now - last < SLOTS_MS)) continue
    news.arrived = false
    newest = row
    last = now
    const { incidents, failures } = await workspace.pass(signal, { following: true })
    for (const { rule, error } of failures) effects.err.write(`rule failed: ${rule.name}: ${error.message}\n`)
    if (incidents.length > 0) effects.out.write(`\n${renderIncidents(incidents, effects.out.columns)}`)
  }
}

async function firstPass(workspace: Workspace, effects: Effects): Promise<ExitCode> {
  const { failures, runs } = await workspace.pass(effects.signal)
  for (const { rule, error } of failures) effects.err.write(`rule failed: ${rule.name}: ${error.message}\n`)
  const rules = workspace.rules.enabled.length
  effects.out.write(`${rules} rule${rules === 1 ? '' : 's'}, ${runs} run${runs === 1 ? '' : 's'}.\n\n`)
  const { incidents, total } = await workspace.incidents.list({}, { limit: INCIDENTS_SHOWN })
  if (incidents.length === 0) effects.out.write('No incidents: no enabled rule has found anything.\n')
  else effects.out.write(renderIncidents(incidents, effects.out.columns))
  if (total > incidents.length) {
    effects.out.write(`and ${total - incidents.length} older ones: auspex incidents shows them\n`)
  }
  return failures.length > 0 ? 1 : 0
}

const LOOPBACK = new Set(['127.0.0.1', '::1', 'localhost'])

/** Plain HTTP stays on this machine: what is asked and answered holds keystrokes and tokens. */
async function certificateFor(args: UpArguments, effects: Effects): Promise<Certificate | undefined> {
  const { listen, tls, directory } = args
  if (tls !== undefined) return readCertificate(tls.cert, tls.key)
  if (listen === undefined || LOOPBACK.has(listen)) return undefined
  const isAny = listen === '0.0.0.0' || listen === '::'
  return ownCertificate(directory, [effects.hostName, ...(isAny ? [] : [listen])], effects.now())
}

export async function up(args: UpArguments, effects: Effects): Promise<ExitCode> {
  const log = await chooseLog(args, effects)
  const computer = args.computer ?? computerOf(log, effects.hostName)
  const names = isHostLog(log) ? { names: await hostNames() } : {}
  const { workspace, close } = await openWorkspace(args.directory, effects)
  let doors: Doors | undefined
  try {
    effects.out.write(`Data in ${args.directory}\n`)
    workspace.followed = log
    // Open from the start: commands on this folder ask the server as long as it has the store.
    let certificate: Certificate | undefined
    if (!args.once) {
      certificate = await certificateFor(args, effects)
      doors = await openDoors(workspace, {
        directory: args.directory,
        version: effects.version,
        hostName: effects.hostName,
        userName: effects.userName,
        now: effects.now,
        port: args.port,
        ...(args.listen === undefined ? {} : { host: args.listen }),
        ...(certificate === undefined ? {} : { tls: certificate }),
        ...webAssets(),
      })
    }
    let stored = false
    const onReport = (report: IngestReport) => {
      stored = true
      // Events that were only closed now are of records that were told of before.
      if (report.rows > 0) effects.out.write(describeReport(report))
    }
    const quiet = args.once ? { settleIfQuietSince: effects.now().getTime() - QUIET_MS } : {}
    await catchUp(log, workspace.store, { computer, ...names, ...quiet, signal: effects.signal, onReport })
    effects.signal.throwIfAborted()
    if (!stored) effects.out.write(`${log}: nothing new since the last start\n`)
    const exit = await firstPass(workspace, effects)
    if (doors === undefined) return exit

    if (doors.firstToken !== undefined) {
      effects.out.write(`\nAdministrator's token, shown this once: ${doors.firstToken}\n`)
    }
    if (certificate !== undefined) {
      const where = certificate.file === undefined ? '' : `, ${certificate.file}`
      effects.out.write(`\nCertificate${where}\nSHA-256 ${certificate.fingerprint}\n`)
    }
    effects.out.write(`\nListening on ${doors.signInUrl()}\nFollowing ${log}; Ctrl-C stops.\n`)
    await watch(workspace, log, { computer, ...names }, effects)
    effects.out.write('\nStopped.\n')
    return 0
  } finally {
    await doors?.close()
    await close()
  }
}

/** Follows and detects until Ctrl-C; when one of the two fails, the other is ended, and the failure thrown. */
async function watch(
  workspace: Workspace,
  log: string,
  options: Pick<FollowOptions, 'computer' | 'names'>,
  effects: Effects,
): Promise<void> {
  const failed = new AbortController()
  const signal = AbortSignal.any([effects.signal, failed.signal])
  const news = { arrived: false }
  const onReport = (report: IngestReport) => {
    news.arrived = true
    if (report.problems.length > 0) effects.out.write(describeReport(report))
  }
  const counts = { records: 0, missing: 0, unparsed: 0 }
  const count = (report: IngestReport) => {
    counts.records += report.rows
    counts.missing += report.missing
    counts.unparsed += report.unparsed
    onReport(report)
  }
  const tasks = [
    follow(log, workspace.store, { ...options, signal, pause: pause(POLL_MS), onReport: count }),
    detect(workspace, effects, news, signal),
    ...(isHostLog(log) ? [beat(workspace, options.computer, counts, effects, signal)] : []),
  ].map((task) =>
    task.catch((error: unknown) => {
      // What Ctrl-C cut off is done at the next start.
      if (effects.signal.aborted) return
      failed.abort()
      throw error
    }),
  )
  const results = await Promise.allSettled(tasks)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}

/** The server is its own host's agent: it gives the same sign of life as the agents of others. */
async function beat(
  workspace: Workspace,
  computer: string,
  counts: { readonly records: number; readonly missing: number; readonly unparsed: number },
  { now, version }: Effects,
  signal: AbortSignal,
): Promise<void> {
  const observe = agent.observer(host.nodeHost({ root: undefined }), () => now().getTime())
  let before = 0
  while (!signal.aborted) {
    const row = agent.heartbeat({
      time: now().getTime(),
      computer,
      agent: workspace.identity.workspaceId,
      version,
      osName: `${type()} ${release()}`,
      lagSeconds: null,
      recordsPerSecond: (counts.records - before) / (BEAT_MS / 1000),
      spoolBytes: 0,
      spoolMessages: 0,
      isSpoolFull: false,
      missingRecords: counts.missing,
      unparsedLines: counts.unparsed,
      ...(await observe()),
    })
    before = counts.records
    await workspace.append([row])
    await pause(BEAT_MS)(signal)
  }
}
