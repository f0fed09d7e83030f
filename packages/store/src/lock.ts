/**
 * One process a store. DuckDB's own lock on the file is what holds; this file beside it says who holds it,
 * in words, also where a lock of the file system does not tell.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreAccessError, StoreLockedError } from './errors.js'

interface Holder {
  readonly pid: number
  /** The process's start, in ticks since boot: a number that is used again is not the same process. */
  readonly started: string
  readonly command: string
}

const heldHere = new Set<string>()

/** @returns the function that lets go */
export function lockStore(directory: string): () => void {
  const file = join(directory, 'store.lock')
  const self: Holder = {
    pid: process.pid,
    started: startOf(process.pid) ?? '',
    command: process.argv.slice(1, 3).join(' ') || process.title,
  }
  if (heldHere.has(directory)) throw new StoreLockedError(directory, self)
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(self), { flag: 'wx', mode: 0o600 })
      break
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new StoreAccessError(directory, (error as Error).message, error)
      }
    }
    const holder = readHolder(file)
    if (holder && isAlive(holder)) throw new StoreLockedError(directory, holder)
    rmSync(file, { force: true })
  }
  heldHere.add(directory)
  return () => {
    heldHere.delete(directory)
    rmSync(file, { force: true })
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const holder = JSON.parse(readFileSync(file, 'utf8')) as Holder
    return Number.isSafeInteger(holder.pid) ? holder : undefined
  } catch {
    return undefined
  }
}

function isAlive(holder: Holder): boolean {
  const started = startOf(holder.pid)
  if (started !== undefined) return holder.started === '' || started === holder.started
  try {
    process.kill(holder.pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Field 22 of /proc/PID/stat, counted after the command's closing bracket. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
