/** Where the commands about sessions take them from: a log file, or the store of a data folder. */
import { createReadStream } from 'node:fs'
import { hostNames } from '@auspex/collect'
import {
  AmbiguousSessionError,
  foldLog,
  SessionAmbiguousError,
  type SessionDetail,
  type SessionFilter,
  SessionGoneError,
  SessionNotFoundError,
  type SessionRecord,
  SessionsView,
} from '@auspex/sessions'
import { computerOf, isHostLog } from './commands/import.js'
import type { Desk } from './desk.js'
import { CliError, type Effects } from './effects.js'

export interface SessionSource {
  /** Oldest first; `total` counts those that were left out, too. */
  list(filter: SessionFilter, limit: number): Promise<{ items: readonly SessionRecord[]; total: number }>
  /** The session whose id begins so. Throws CliError if there is none, or several. */
  detail(prefix: string): Promise<SessionDetail>
  /** Whether it is recorded that somebody had secrets shown. */
  readonly recordsReveals: boolean
  close(): Promise<void>
}

/** Sessions of a data folder, which this closes. */
export function sessionsOfDesk(desk: Desk, reveal: boolean): SessionSource {
  return {
    list: async (filter, limit) => {
      const { items, total } = await desk.sessions.list({ ...filter, limit })
      return { items: [...items].reverse(), total }
    },
    detail: (prefix) =>
      desk.sessions.detail(prefix, reveal).catch((error: Error & { code?: string }) => {
        if (error instanceof SessionNotFoundError)
          throw new CliError(`${error.message}: \`auspex sessions\` lists them`, 2)
        if (error instanceof SessionAmbiguousError || error instanceof SessionGoneError)
          throw new CliError(error.message)
        throw error
      }),
    recordsReveals: true,
    close: () => desk.close(),
  }
}

export interface FileSource {
  readonly files: readonly string[]
  readonly computer: string | undefined
  readonly reveal: boolean
}

/** Reads the logs, oldest first, and keeps their sessions in memory. */
export async function sessionsOfFiles(source: FileSource, effects: Effects): Promise<SessionSource> {
  const { files, computer, reveal } = source
  const first = files[0]!
  const names = isHostLog(first) ? await hostNames() : {}
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const file of files) {
      if (file === '-') yield* effects.input
      else yield* createReadStream(file, { signal: effects.signal, highWaterMark: 1 << 20 })
    }
  }
  const log = await foldLog(chunks(), {
    ...names,
    computer: computer ?? (first === '-' ? effects.hostName : computerOf(first, effects.hostName)),
    reveal,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EISDIR')
      throw new CliError(error.message)
    throw error
  })
  if (log.records === log.unparsed) {
    throw new CliError(`${files.join(', ')}: no audit record is in there`)
  }
  const view = new SessionsView(log.fold, { reveal })
  return {
    recordsReveals: false,
    list: async (filter, limit) => {
      const found = view.list(filter)
      return { items: found.slice(-limit).map((session) => session.record()), total: found.length }
    },
    detail: async (prefix) => {
      try {
        const found = view.find(prefix)
        if (found !== undefined) return found.detail()
      } catch (error) {
        if (error instanceof AmbiguousSessionError) throw new CliError(error.message, 2)
        throw error
      }
      throw new CliError(`no session begins with ${prefix}: \`auspex sessions\` lists them`, 2)
    },
    close: async () => {},
  }
}
