/**
 * Follows a log that is written to and rotated. auditd renames audit.log to audit.log.1 and begins a new
 * file: the old one, still held open, is read to its end before the new one is begun. At a start the rotated
 * files are caught up first, oldest first, so that nothing written while nobody looked is missed.
 */
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { IdNames } from '@auspex/auditd'
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

const identityOf = ({ computer, names }: Pick<FollowOptions, 'computer' | 'names'>) => ({
  computer,
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

/** One pass over a log and its rotated files, without waiting for more. */
export async function catchUp(
  path: string,
  sink: Sink,
  options: Omit<FollowOptions, 'pause'>,
): Promise<void> {
  const common = { ...identityOf(options), signal: options.signal }
  let before: HandOver | undefined
  for (const rotated of await rotatedFiles(path)) {
    if (options.signal.aborted) return
    const file = await open(rotated, 'r')
    try {
      const log = await LogIngest.begin(file, rotated, sink, true, common, before)
      const released = await log?.release()
      if (released !== undefined) await tell(options, released.report)
      before = released?.handOver
    } finally {
      await file.close()
    }
  }
  const file = await open(path, 'r')
  try {
    const log = await LogIngest.begin(file, path, sink, false, common, before)
    if (log !== undefined) await tell(options, await log.advance())
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
    if (await this.#log?.wasTruncated()) {
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
    const { signal } = this.#options
    const options = { ...identityOf(this.#options), signal }
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

/** Follows until the signal aborts. A log that is away for a moment (rotation) is waited for. */
export async function follow(path: string, sink: Sink, options: FollowOptions): Promise<void> {
  const begin = async (before?: HandOver) => {
    const file = await openIfThere(path)
    return file === undefined ? undefined : new Followed(file, path, sink, options, before)
  }
  let before: HandOver | undefined
  let followed = await begin()
  try {
    while (!options.signal.aborted) {
      await followed?.turn()
      if (followed === undefined || !(await followed.isStillNamed())) {
        before = (await followed?.release()) ?? before
        await followed?.close()
        followed = await begin(before)
        if (followed !== undefined) before = undefined
        if (followed !== undefined) continue
      }
      await options.pause(options.signal)
    }
  } finally {
    await followed?.close()
  }
}
