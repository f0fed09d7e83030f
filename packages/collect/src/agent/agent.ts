/**
 * The agent: follows this host's audit log into a spool, and sends what is in the spool to one or more destinations.
 * It stops when its signal aborts; what was read is then in the spool, and what was not is still in the log.
 */
import type { IdNames } from '@auspex/auditd'
import { follow } from '../follow.js'
import type { IngestReport } from '../ingest.js'
import { Destination, type DestinationSettings, type Post } from './destination.js'
import { type Beat, heartbeat } from './heartbeat.js'
import { ship } from './ship.js'
import { Spool } from './spool.js'

export interface AgentOptions {
  readonly log: string
  readonly computer: string
  readonly names: IdNames
  readonly version: string
  readonly osName: string
  readonly spoolFolder: string
  readonly maxSpoolBytes: number
  readonly destinations: readonly DestinationSettings[]
}

export interface AgentEffects {
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  readonly random: () => number
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>
  readonly post: Post
  readonly say: (message: string) => void
  /** What the kernel and the host's settings say, for the heartbeat. */
  readonly observe: () => Promise<Pick<Beat, 'kernel' | 'rulesLoaded' | 'findings'>>
}

const POLL_MS = 500
const BEAT_MS = 60_000

export async function runAgent(options: AgentOptions, effects: AgentEffects): Promise<void> {
  const { log, computer, names, destinations } = options
  const { now, pause, say } = effects
  // When one of the parts fails, all end.
  const failed = new AbortController()
  const signal = AbortSignal.any([effects.signal, failed.signal])
  let isSpoolFull = false
  const spool = await Spool.open({
    folder: options.spoolFolder,
    maxBytes: options.maxSpoolBytes,
    now,
    newId: effects.newId,
    signal,
    onFull: (isFull) => {
      isSpoolFull = isFull
      say(
        isFull
          ? `the spool is full (${spool.bytes} bytes): reading waits until something was sent; the log keeps what comes, as long as it is not rotated away`
          : 'the spool has room again',
      )
    },
  })
  const counts = { records: 0, missing: 0, unparsed: 0 }
  let lag: number | null = null
  const onReport = (report: IngestReport) => {
    counts.records += report.rows
    counts.missing += report.missing
    counts.unparsed += report.unparsed
    if (report.rows > 0 && report.newest !== undefined) lag = Math.max(0, (now() - report.newest) / 1000)
  }
  const beats = async () => {
    let before = { time: now(), records: 0 }
    while (!signal.aborted) {
      const time = now()
      const seconds = Math.max(1, (time - before.time) / 1000)
      await spool.append([
        heartbeat({
          time,
          computer,
          agent: spool.agent,
          version: options.version,
          osName: options.osName,
          lagSeconds: lag,
          recordsPerSecond: (counts.records - before.records) / seconds,
          spoolBytes: spool.bytes,
          spoolMessages: spool.count,
          isSpoolFull,
          missingRecords: counts.missing,
          unparsedLines: counts.unparsed,
          ...(await effects.observe()),
        }),
      ])
      before = { time, records: counts.records }
      lag = null
      await pause(BEAT_MS, signal)
    }
  }
  const all = destinations.map(({ name }) => name)
  const tasks = [
    follow(log, spool, {
      computer,
      names,
      signal,
      pause: (aborted) => pause(POLL_MS, aborted),
      onReport,
    }),
    beats(),
    ...destinations.map((settings) =>
      ship({
        spool,
        destination: new Destination(settings, effects.post, now),
        destinations: all,
        signal,
        pause,
        random: effects.random,
        say,
      }),
    ),
  ].map((task) =>
    task.catch((error: unknown) => {
      if (effects.signal.aborted) return
      failed.abort()
      throw error
    }),
  )
  const results = await Promise.allSettled(tasks)
  const failure = results.find((result) => result.status === 'rejected')
  if (failure !== undefined) throw failure.reason
}
