/**
 * Where a command takes its questions. When a server has the data folder, it answers through the Unix socket in
 * it; when none has, the command opens the folder itself. A command does not know which.
 */
import { existsSync } from 'node:fs'
import { request } from 'node:http'
import { join, resolve } from 'node:path'
import { hostNames, type IngestReport } from '@auspex/collect'
import type { Actor, IncidentSummary } from '@auspex/detect'
import { type Diagnostic, KqlError, type Plan } from '@auspex/kql'
import {
  Compiler,
  decodeCell,
  type HostRecord,
  listHosts,
  type QueryAnswer,
  SOCKET_NAME,
  type StoreStatus,
  Workspace,
} from '@auspex/server'
import { DATABASE_FILE } from '@auspex/store'
import type { Ask } from './ask.js'
import { contentFolders } from './content.js'
import { type AutomationDesk, localAutomation, remoteAutomation } from './desk-automation.js'
import { type GraphDesk, localGraph, remoteGraph } from './desk-graph.js'
import { type IdentityDesk, localIdentity, remoteIdentity } from './desk-identity.js'
import { type IncidentsDesk, localIncidents, remoteIncidents } from './desk-incidents.js'
import { localRules, type RulesDesk, remoteRules } from './desk-rules.js'
import { localSessions, remoteSessions, type SessionsDesk } from './desk-sessions.js'
import { localWatchlists, remoteWatchlists, type WatchlistsDesk } from './desk-watchlists.js'
import { CliError, type Effects } from './effects.js'

export interface ImportAnswer {
  readonly report: IngestReport
  readonly incidents: readonly IncidentSummary[]
  readonly runs: number
  readonly failures: readonly string[]
}

export interface ImportRequest {
  readonly computer: string
  /** The log is this host's: users that it gives as numbers have this host's names. */
  readonly ofThisHost: boolean
  readonly onProgress?: (done: number, size: number) => void
}

/** What can be asked of the store itself; paths are absolute. */
export interface StoreDesk {
  status(): Promise<StoreStatus>
  /** What is not in order; nothing when all is well. */
  check(): Promise<readonly string[]>
  compact(): Promise<void>
  backup(directory: string): Promise<{ readonly bytes: number }>
  export(table: string, file: string): Promise<{ readonly rows: number }>
}

export interface Desk {
  readonly store: StoreDesk
  readonly incidents: IncidentsDesk
  readonly rules: RulesDesk
  readonly watchlists: WatchlistsDesk
  readonly graph: GraphDesk
  readonly automation: AutomationDesk
  hosts(): Promise<readonly HostRecord[]>
  readonly identity: IdentityDesk
  readonly sessions: SessionsDesk
  query(text: string): Promise<QueryAnswer>
  explain(text: string): Promise<{ readonly plan: Plan; readonly sql: string }>
  import(path: string, request: ImportRequest): Promise<ImportAnswer>
  close(): Promise<void>
}

export interface OpenWorkspace {
  readonly workspace: Workspace
  close(): Promise<void>
}

/** Opens the folder itself, with a compiler process of its own. */
export async function openWorkspace(directory: string, effects: Effects): Promise<OpenWorkspace> {
  const compiler = new Compiler()
  // It starts up while the store opens.
  compiler.start()
  try {
    const workspace = await Workspace.open({
      directory,
      content: contentFolders(),
      compile: compiler.compile,
      tell: compiler.tell,
      now: effects.now,
      newId: effects.newId,
      randomBytes: effects.randomBytes,
      hostName: effects.hostName,
      onWarning: (message) => effects.err.write(`warning: ${message}\n`),
    })
    const close = async () => {
      await workspace.close()
      compiler.close()
    }
    return { workspace, close }
  } catch (error) {
    compiler.close()
    throw error
  }
}

function localDesk({ workspace, close }: OpenWorkspace, { signal, userName }: Effects): Desk {
  const actor: Actor = { kind: 'user', name: userName }
  return {
    incidents: localIncidents(workspace.incidents, actor),
    rules: localRules(workspace, actor),
    watchlists: localWatchlists(workspace.watchlists, actor),
    automation: localAutomation(workspace, actor),
    hosts: () => listHosts(workspace, { user: userName, client: 'cli' }, signal),
    graph: localGraph(workspace, userName, signal),
    identity: localIdentity(workspace.identity, userName),
    sessions: localSessions(workspace.sessions, userName),
    query: (text) => workspace.query(text, { signal }, { user: userName, client: 'cli' }),
    explain: (text) => workspace.explain(text),
    async import(path, options) {
      const { ofThisHost, ...rest } = options
      const names = ofThisHost ? { names: await hostNames() } : {}
      const report = await workspace.import(path, { ...rest, ...names, signal })
      const { incidents, runs, failures } = await workspace.pass(signal)
      return {
        report,
        incidents,
        runs,
        failures: failures.map(({ rule, error }) => `${rule.name}: ${error.message}`),
      }
    },
    store: {
      status: () => workspace.status(),
      check: () => workspace.store.check(),
      compact: () => workspace.store.compact(),
      backup: (folder) => workspace.store.backup(folder),
      export: (table, file) => workspace.store.export(table, file),
    },
    close,
  }
}

interface Reply {
  readonly status: number
  readonly body: unknown
}

interface Caller {
  readonly socket: string
  readonly userName: string
  readonly signal: AbortSignal
}

function call(
  { socket, userName, signal }: Caller,
  method: string,
  path: string,
  body?: unknown,
): Promise<Reply> {
  return new Promise((done, fail) => {
    const outgoing = request(
      {
        socketPath: socket,
        method,
        path,
        signal,
        headers: {
          'content-type': 'application/json',
          'x-auspex-user': encodeURIComponent(userName),
          'x-auspex-client': 'cli',
        },
      },
      (incoming) => {
        const chunks: Buffer[] = []
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
        incoming.on('error', fail)
        incoming.on('end', () => {
          try {
            const text = Buffer.concat(chunks).toString('utf8')
            done({ status: incoming.statusCode ?? 0, body: text === '' ? undefined : JSON.parse(text) })
          } catch (error) {
            fail(error as Error)
          }
        })
      },
    )
    outgoing.on('error', fail)
    outgoing.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function isServed(caller: Caller): Promise<boolean> {
  if (!existsSync(caller.socket)) return false
  try {
    return (await call(caller, 'GET', '/health/live')).status === 200
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ECONNREFUSED' || code === 'ENOENT') return false
    throw error
  }
}

function remoteDesk(caller: Caller): Desk {
  const ask: Ask = async (method, path, body) => {
    const reply = await call(caller, method, path, body)
    if (reply.status < 400) return reply.body
    const { error } = reply.body as { error: { message: string; diagnostics?: Diagnostic[] } }
    if (error.diagnostics !== undefined) throw new KqlError(error.diagnostics)
    throw new CliError(error.message)
  }
  return {
    incidents: remoteIncidents(ask),
    rules: remoteRules(ask),
    watchlists: remoteWatchlists(ask),
    automation: remoteAutomation(ask),
    hosts: async () => ((await ask('GET', '/api/hosts')) as { items: HostRecord[] }).items,
    graph: remoteGraph(ask),
    identity: remoteIdentity(ask),
    sessions: remoteSessions(ask),
    async query(text) {
      const answer = (await ask('POST', '/api/query', { query: text })) as QueryAnswer
      return {
        ...answer,
        rows: answer.rows.map((row) => row.map((cell, i) => decodeCell(answer.columns[i]!.type, cell))),
      }
    },
    explain: async (text) =>
      (await ask('POST', '/api/explain', { query: text })) as { plan: Plan; sql: string },
    import: async (path, { computer, ofThisHost }) =>
      (await ask('POST', '/api/import', { path: resolve(path), computer, ofThisHost })) as ImportAnswer,
    store: {
      status: async () => (await ask('GET', '/api/store')) as StoreStatus,
      check: async () => ((await ask('POST', '/api/store/check')) as { problems: string[] }).problems,
      compact: async () => void (await ask('POST', '/api/store/compact')),
      backup: async (directory) =>
        (await ask('POST', '/api/store/backup', { directory })) as { bytes: number },
      export: async (table, file) =>
        (await ask('POST', '/api/store/export', { table, file })) as { rows: number },
    },
    close: async () => {},
  }
}

/** `create` says whether a folder that has no store yet may be made. */
export async function openDesk(directory: string, effects: Effects, create: boolean): Promise<Desk> {
  const caller = { socket: join(directory, SOCKET_NAME), userName: effects.userName, signal: effects.signal }
  if (await isServed(caller)) return remoteDesk(caller)
  if (!create && !existsSync(join(directory, DATABASE_FILE))) {
    throw new CliError(
      `there is no data in ${directory} yet: run \`auspex up\` or \`auspex import FILE\` first, or name the folder with --data`,
    )
  }
  return localDesk(await openWorkspace(directory, effects), effects)
}
