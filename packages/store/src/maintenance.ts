/** What keeps a store small and safe: retention, backups, exports. The store runs it; this says what. */
import { existsSync, renameSync } from 'node:fs'
import { copyFile, mkdir, open, rename, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { TableStats } from './engine.js'
import { StoreError } from './errors.js'

export interface Retention {
  /** Days that rows are kept, by table; `*` is for those that are not named. Not named at all: for ever. */
  readonly days?: Readonly<Record<string, number>>
  /** When the rows take more than this, the oldest go, of all tables alike. */
  readonly maxBytes?: number
}

export interface Purged {
  readonly table: string
  readonly rows: number
}

const TICKS_PER_DAY = 864_000_000_000n

/** Before which time (ticks) rows of a table are too old; undefined when they are kept. */
export function expiry(retention: Retention, table: string, now: bigint): bigint | undefined {
  const days = retention.days?.[table] ?? retention.days?.['*']
  if (days === undefined) return undefined
  if (!(days > 0)) throw new StoreError('bad-retention', `Rows of ${table} can not be kept for ${days} days.`)
  return now - BigInt(Math.round(days * 24)) * (TICKS_PER_DAY / 24n)
}

/**
 * Before which time rows must go so that the store fits: as much of the whole time range as there is too
 * much of the bytes. Rows are taken to be spread evenly, so it can take several purges to get there.
 */
export function expiryForSize(
  tables: readonly TableStats[],
  usedBytes: number,
  maxBytes: number,
): bigint | undefined {
  if (usedBytes <= maxBytes) return undefined
  const oldest = tables.flatMap((table) => table.oldest ?? []).reduce(smaller, undefined)
  const newest = tables.flatMap((table) => table.newest ?? []).reduce(larger, undefined)
  if (oldest === undefined || newest === undefined) return undefined
  const share = BigInt(Math.ceil((1 - maxBytes / usedBytes) * 1000))
  return oldest + ((newest - oldest) * share) / 1000n + 1n
}

function smaller(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b < a ? b : a
}

function larger(a: bigint | undefined, b: bigint): bigint {
  return a === undefined || b > a ? b : a
}

/** Copies the files into a folder and syncs them; the copies have their names only when all are whole. */
export async function copyFiles(files: readonly string[], directory: string): Promise<number> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  let bytes = 0
  const copies: [string, string][] = []
  for (const file of files) {
    if (!existsSync(file)) continue
    const target = join(directory, basename(file))
    if (existsSync(target)) {
      throw new StoreError(
        'backup-exists',
        `${target} exists already. Name a folder that has no store in it.`,
      )
    }
    await copyFile(file, `${target}.part`)
    await sync(`${target}.part`)
    bytes += (await stat(`${target}.part`)).size
    copies.push([`${target}.part`, target])
  }
  for (const [part, target] of copies) await rename(part, target)
  await sync(directory)
  return bytes
}

/** Gives the store's files another name beside the old one. @returns the new names */
export function setAside(files: readonly string[], now: number): string[] {
  const stamp = new Date(now).toISOString().replaceAll(/[:.]/g, '-')
  return files.filter(existsSync).map((file) => {
    const aside = `${file}.aside-${stamp}`
    renameSync(file, aside)
    return aside
  })
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
