/**
 * Follows a log that is written to and rotated. auditd renames audit.log to audit.log.1 and begins a new
 * file: the old one, still held open, is read to its end before the new one is begun. At a start the rotated
 * files are caught up first, oldest first, so that nothing written while nobody looked is missed.
 */
import { type FileHandle, open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { IdNames } from '@auspex/auditd'
import { type IngestReport, ingestFile, ingestHandle, type Sink } from './ingest.js'

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
  for (const file of [...(await rotatedFiles(path)), path]) {
    if (options.signal.aborted) return
    const report = await ingestFile(file, sink, {
      ...identityOf(options),
      growing: file === path,
      signal: options.signal,
    })
    if (report.bytes > 0) await options.onReport(report)
  }
}

/** Follows until the signal aborts. A log that is away for a moment (rotation) is waited for. */
export async function follow(path: string, sink: Sink, options: FollowOptions): Promise<void> {
  let file = await openIfThere(path)
  const turn = async (growing: boolean) => {
    if (file === undefined) return
    const report = await ingestHandle(file, path, sink, {
      ...identityOf(options),
      growing,
      signal: options.signal,
    })
    if (report.bytes > 0) await options.onReport(report)
  }
  try {
    while (!options.signal.aborted) {
      await turn(true)
      if (file === undefined || !(await isSameFile(file, path))) {
        await turn(false)
        await file?.close()
        file = await openIfThere(path)
        if (file !== undefined) continue
      }
      await options.pause(options.signal)
    }
  } finally {
    await file?.close()
  }
}
