/** The host that this process runs on, or a copy of one in a folder. */
import { execFile } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { CommandResult, WritableHost } from './system.js'

const TIMEOUT_MS = 600_000
const MAX_OUTPUT = 16 * 1024 * 1024
const ABSENT: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ELOOP',
])

export interface NodeHostOptions {
  /** Folder that holds the files of the host; commands then do not run. Default: this host. */
  readonly root?: string | undefined
}

export function nodeHost({ root }: NodeHostOptions = {}): WritableHost {
  const at = (path: string): string => (root === undefined ? path : join(root, path))
  const readBytes = (path: string): Uint8Array | undefined => orUndefined(() => readFileSync(at(path)))
  return {
    readBytes,
    read: (path) => {
      const bytes = readBytes(path)
      return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8')
    },
    list: (path) => (orUndefined(() => readdirSync(at(path))) ?? []).sort(),
    stat: (path) =>
      orUndefined(() => {
        const { mode, uid, gid, size } = statSync(at(path))
        return { mode: mode & 0o7777, uid, gid, size }
      }),
    link: (path) => orUndefined(() => readlinkSync(at(path))),
    run: root === undefined ? run : undefined,
    isRoot: root !== undefined || process.getuid?.() === 0,
    architecture: process.arch,
    write(path, bytes, { mode, uid, gid }) {
      const target = linkTarget(at(path))
      mkdirSync(dirname(target), { recursive: true, mode: 0o755 })
      const temporary = `${target}.auspex-new`
      rmSync(temporary, { force: true })
      const file = openSync(temporary, 'wx', mode)
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      // The mode of open is cut by the umask.
      chmodSync(temporary, mode)
      if (process.getuid?.() === 0) chownSync(temporary, uid, gid)
      renameSync(temporary, target)
      syncFolder(dirname(target))
    },
    remove(path) {
      rmSync(at(path), { force: true })
      syncFolder(dirname(at(path)))
    },
  }
}

/** A link stays a link: what it leads to is written. */
const linkTarget = (path: string): string => orUndefined(() => realpathSync(path)) ?? path

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (ABSENT.has((error as NodeJS.ErrnoException).code)) return undefined
    throw error
  }
}

function run(command: string, args: readonly string[]): Promise<CommandResult> {
  // Root's tools lie in sbin, which is not in everybody's PATH.
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`
  const env = { ...process.env, PATH: path, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }
  return new Promise((resolve) => {
    execFile(
      command,
      [...args],
      { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT, env },
      (error, stdout, stderr) => {
        const failed = error as (Error & { code?: number | string }) | null
        const code =
          failed === null
            ? 0
            : typeof failed.code === 'number'
              ? failed.code
              : failed.code === 'ENOENT'
                ? 127
                : 1
        resolve({ code, stdout, stderr: stderr || (code === 0 ? '' : (failed?.message ?? '')) })
      },
    )
  })
}
