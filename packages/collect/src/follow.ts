/**
 * Follows a log that is written to and rotated. auditd renames audit.log to audit.log.1 and begins a new
 * file: the old one, still held open, is read to its end before the new one is begun. At a start the rotated
 * files are caught up first, oldest first, so that nothing written while nobody looked is missed.
 */
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { IdNames } from '@auspex/auditd'
import { PositionOverlapError } from '@auspex/store'
import { type HandOver, type IngestReport, LogIngest, type Sink } from './ingest.js'

export interface FollowOptions {
  readonly computer: string
  readonly names?: IdNames
  readonly signal: AbortSignal
  /** Resolves after a pause, or as soon as the signal aborts. */
  readonly pause: (signal: AbortSignal) => Promise<void>
  /** Called after each turn that stored something. */
  readonly onReport: (report: IngestReport) => void | Promise<void>
}

const commonOf = ({ computer, names, signal }: Omit<FollowOptions, 'pause'>) => ({
  computer,
  signal,
  ...(names === undefined ? {} : { names }),
})

/** audit.log.3, audit.log.2, audit.log.1: the rotated files beside a log, oldest first. */
export async function rotatedFiles(path: string): Promise<string[]> {
  const name = basename(path)
  const numbered: [number, string][] = []
  for (const entry of await readdir(dirname(path))) {
    if (!entry.startsWith(`${name}.`)) continue
    const suffix = entry.slice(name.length + 1)
    if (/^[0-9]{1,4}$/.test(suffix)) numbered.push([Number(suffix), join(dirname(path), entry)])
  }
  return numbered.sort((a, b) => b[0] - a[0]).map(([, file]) => file)
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function isSameFile(file: FileHandle, path: string): Promise<boolean> {
  try {
    const [held, named] = [await file.stat(), await stat(path)]
    return held.ino === named.ino && held.dev === named.dev
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

export interface CatchUpOptions extends Omit<FollowOptions, 'pause'> {
  /** Nobody goes on reading: events that wait for more are closed, if the log was quiet since this time (ms). */
  readonly settleIfQuietSince?: number
}

/** Rotated files of which something is not stored yet, oldest first. */
async function catchUpRotated(
  path: string,
  sink: Sink,
  options: CatchUpOptions,
  handOver: HandOver | undefined,
): Promise<HandOver | undefined> {
  let before = handOver
  for (const rotated of await rotatedFiles(path)) {
    if (options.signal.aborted) return before
    const file = await openIfThere(rotated)
    if (file === undefined) continue
    try {
      const log = await LogIngest.begin(file, rotated, sink, true, commonOf(options), before)
      if (log === undefined || (await log.isDone())) continue
      const released = await log.release()
      await tell(options, released.report)
      before = released.handOver
    } finally {
      await file.close()
    }
  }
  return before
}

/** One pass over a log and its rotated files, without waiting for more. */
export async function catchUp(path: string, sink: Sink, options: CatchUpOptions): Promise<void> {
  const before = await catchUpRotated(path, sink, options, undefined)
  const file = await open(path, 'r')
  try {
    const log = await LogIngest.begin(file, path, sink, false, commonOf(options), before)
    if (log === undefined) return
    await tell(options, await log.advance())
    if ((await file.stat()).mtimeMs <= (options.settleIfQuietSince ?? Number.NEGATIVE_INFINITY)) {
      await tell(options, await log.settle())
    }
  } finally {
    await file.close()
  }
}

async function tell(options: Pick<FollowOptions, 'onReport'>, report: IngestReport): Promise<void> {
  if (report.rows > 0 || report.events > 0) await options.onReport(report)
}

/** Pauses without a new byte after which open events are closed. */
const QUIET_PAUSES = 2

/** One file that is followed until it is rotated away or emptied. */
class Followed {
  readonly #file: FileHandle
  readonly #path: string
  readonly #sink: Sink
  readonly #options: FollowOptions
  #log: LogIngest | undefined
  #before: HandOver | undefined
  #quiet = 0

  constructor(file: FileHandle, path: string, sink: Sink, options: FollowOptions, before?: HandOver) {
    this.#before = before
    this.#file = file
    this.#path = path
    this.#sink = sink
    this.#options = options
  }

  async turn(): Promise<void> {
    try {
      await this.#turn()
    } catch (error) {
      // Somebody else stored a part of this log: go on behind it.
      if (!(error instanceof PositionOverlapError)) throw error
      this.#log = undefined
    }
  }

  async #turn(): Promise<void> {
    if (await this.#log?.isOver()) {
      await tell(this.#options, await this.#log!.settle())
      this.#log = undefined
    }
    this.#log ??= await this.#begin(false)
    if (this.#log === undefined) return
    const report = await this.#log.advance()
    await tell(this.#options, report)
    this.#quiet = report.bytes > 0 ? 0 : this.#quiet + 1
    if (this.#quiet >= QUIET_PAUSES && this.#log.hasOpenEvents) {
      await tell(this.#options, await this.#log.settle())
    }
  }

  /** The file was rotated away: nothing more will be written to it. */
  async release(): Promise<HandOver | undefined> {
    this.#log ??= await this.#begin(true)
    const released = await this.#log?.release()
    if (released !== undefined) await tell(this.#options, released.report)
    return released?.handOver
  }

  async #begin(whole: boolean): Promise<LogIngest | undefined> {
    const options = commonOf(this.#options)
    const log = await LogIngest.begin(this.#file, this.#path, this.#sink, whole, options, this.#before)
    if (log !== undefined) this.#before = undefined
    return log
  }

  async isStillNamed(): Promise<boolean> {
    return isSameFile(this.#file, this.#path)
  }

  close(): Promise<void> {
    return this.#file.close()
  }
}

/**
 * Follows until the signal aborts. A log that is away for a moment (rotation) is waited for; files that were
 * rotated away unseen, however many, are read before the new one.
 */
export async function follow(path: string, sink: Sink, options: FollowOptions): Promise<void> {
  let before = await catchUpRotated(path, sink, options, undefined)
  const begin = async () => {
    const file = await openIfThere(path)
    if (file === undefined) return undefined
    const next = new Followed(file, path, sink, options, before)
    before = undefined
    return next
  }
  let followed = await begin()
  try {
    while (!options.signal.aborted) {
      await followed?.turn()
      if (followed === undefined || !(await followed.isStillNamed())) {
        before = (await followed?.release()) ?? before
        await followed?.close()
        followed = undefined
        before = await catchUpRotated(path, sink, options, before)
        followed = await begin()
        if (followed !== undefined) continue
      }
      await options.pause(options.signal)
    }
  } finally {
    await followed?.close()
  }
}
