/**
 * A workspace: one data folder with its store, its control state and its rules, and what a person can ask of
 * it. The doors and the command line are both thin layers over this.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type IngestOptions, type IngestReport, ingestFile } from '@auspex/collect'
import {
  type AnalyticsRule,
  Asker,
  Automation,
  type Compile,
  type ControlDatabase,
  Detection,
  type Expansion,
  type Finding,
  Incidents,
  nodeEffects,
  openControl,
  type PassReport,
  Playbooks,
  RuleLibrary,
  readExpansions,
  readFunctions,
  type SimulatedRun,
  type Simulation,
  type SourceFile,
  simulate,
  validateRules,
  Watchlists,
  watchlistFunctions,
} from '@auspex/detect'
import {
  type ColumnSchema,
  type CompiledQuery,
  columnsFromText,
  type DatabaseSchema,
  type KqlValue,
  prepare,
  type Render,
  type StoredFunction,
  type TableSchema,
  ticksFromDate,
  ticksToIso,
} from '@auspex/kql'
import { SessionKeeper, SessionService } from '@auspex/sessions'
import {
  type ColumnBatch,
  type IngestBatch,
  type IngestResult,
  openStore,
  type Store,
  type TableBatch,
} from '@auspex/store'
import type { Tell } from './compile/compiler.js'
import type { EditorAnswers } from './compile/protocol.js'
import { Identity } from './identity/identity.js'
import { SERVER_MIGRATIONS, type ServerTables } from './identity/schema.js'
import { Live } from './live.js'
import { collectPackage } from './package/investigation.js'
import { QueryLog } from './query-log.js'

/** Where what is shipped is: folders of rules and expansions (`*.yaml`) and of stored functions (`*.kql`). */
export interface ContentFolders {
  readonly rules: string
  readonly functions: string
  /** Expansions of the investigation graph. */
  readonly exploration: string
  /** JSON file with the columns of Sentinel's own tables. */
  readonly tables: string
}

export interface WorkspaceParts {
  readonly directory: string
  readonly content: ContentFolders
  readonly compile: Compile
  readonly tell: Tell
  readonly now: () => Date
  readonly newId: () => string
  readonly randomBytes: (size: number) => Buffer
  /** Name of this machine. */
  readonly hostName: string
  /** Told about rule files with doubtful parts, and about those that can not be read. */
  readonly onWarning?: (message: string) => void
}

/** The workspace's own rules, in its folder. */
export const RULES_FOLDER = 'rules'
/** Programs that playbooks may run, and the packages that they made. */
export const PLAYBOOKS_FOLDER = 'playbooks'
export const PACKAGES_FOLDER = 'packages'

export interface QueryAnswer {
  readonly columns: readonly ColumnSchema[]
  /** Values as @auspex/kql documents them: bigint for long, datetime and timespan. */
  readonly rows: readonly (readonly KqlValue[])[]
  /** True when there were more rows than asked for. */
  readonly truncated: boolean
  readonly render?: Render
  readonly statistics: QueryStatistics
}

export interface QueryStatistics {
  /** Milliseconds: KQL to SQL, and the store's answer read to its end. */
  readonly compileMs: number
  readonly executeMs: number
  /** Tables that were read. */
  readonly tables: readonly string[]
}

/** An answer whose rows are read as they come; they must be read to their end, or left. */
export interface StreamedAnswer {
  readonly columns: readonly ColumnSchema[]
  readonly batches: AsyncIterable<ColumnBatch>
  readonly render?: Render
  /** Both are known when the rows were read. */
  truncated(): boolean
  statistics(): QueryStatistics
}

/** Who asks, for the log of queries. */
export interface Requester {
  readonly user: string
  /** The door: `api`, `log-analytics`, `kusto`, `cli`. */
  readonly client: string
  /** The client's own name for the request. */
  readonly correlationId?: string
}

export interface TableStatus {
  readonly table: string
  readonly rows: number
  readonly columns: number
  /** ISO times of the oldest and the newest row; null where there are none. */
  readonly oldest: string | null
  readonly newest: string | null
}

export interface StoreStatus {
  readonly directory: string
  readonly engine: string
  /** Bytes of the database file, those in it that are free, and bytes of the write-ahead log. */
  readonly dataBytes: number
  readonly freeBytes: number
  readonly walBytes: number
  /** Logs and clients that have sent anything. */
  readonly sources: number
  readonly tables: readonly TableStatus[]
}

export interface QueryOptions {
  readonly signal?: AbortSignal
  readonly maxRows?: number
  readonly timeoutMs?: number
  readonly maxBytes?: number
  /** Ticks; every scan of a table reads `from <= TimeGenerated < to` only. */
  readonly timeRange?: { readonly from?: bigint; readonly to?: bigint }
  /** Values of the query's `declare query_parameters`. */
  readonly parameters?: Readonly<Record<string, string>>
}

/** How long a playbook that runs may go on when the workspace closes. */
const AUTOMATION_GRACE_MS = 5_000

const QUERY_DEFAULTS = { maxRows: 500_000, maxBytes: 512 << 20, timeoutMs: 600_000 }

/** The stored functions of a folder's `*.kql` files. */
export async function readFunctionFolder(folder: string): Promise<StoredFunction[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.kql')).sort()
  const functions: StoredFunction[] = []
  for (const name of names) {
    const file = join(folder, name)
    functions.push(...readFunctions(await readFile(file, 'utf8'), file))
  }
  return functions
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a), stat(b)])
  return first.dev === second.dev && first.ino === second.ino
}

async function readTables(file: string): Promise<TableSchema[]> {
  const tables = JSON.parse(await readFile(file, 'utf8')) as Record<
    string,
    { description: string; columns: string }
  >
  return Object.entries(tables).map(([name, { description, columns }]) => ({
    name,
    docstring: description,
    columns: columnsFromText(columns),
  }))
}

function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return typeof code === 'string' ? code : String(name ?? 'Error')
}

interface WorkspaceState {
  readonly store: Store
  readonly control: ControlDatabase<ServerTables>
  readonly identity: Identity
  readonly rules: RuleLibrary
  readonly watchlists: Watchlists
  readonly functions: readonly StoredFunction[]
  readonly expansions: readonly Expansion[]
}

export class Workspace {
  readonly store: Store
  readonly detection: Detection
  readonly incidents: Incidents
  readonly rules: RuleLibrary
  readonly watchlists: Watchlists
  /** What the investigation graph can ask. */
  readonly expansions: readonly Expansion[]
  readonly sessions: SessionService
  readonly identity: Identity
  readonly automation: Automation
  readonly playbooks: Playbooks
  readonly packagesFolder: string
  readonly control: ControlDatabase<ServerTables>
  readonly live = new Live()
  readonly #parts: WorkspaceParts
  readonly #queryLog: QueryLog
  readonly #sessionKeeper: SessionKeeper
  readonly #functions: readonly StoredFunction[]
  /** Passes and imports run one after the other. */
  #turn: Promise<unknown> = Promise.resolve()
  /** Automation beside them: a playbook may wait for somebody else's server. */
  #automating: Promise<unknown> = Promise.resolve()
  readonly #closing = new AbortController()

  private constructor(
    parts: WorkspaceParts,
    { store, control, identity, rules, watchlists, functions, expansions }: WorkspaceState,
  ) {
    this.#parts = parts
    this.store = store
    this.control = control
    this.identity = identity
    this.#queryLog = new QueryLog(store, parts.hostName)
    this.rules = rules
    this.watchlists = watchlists
    this.#functions = functions
    this.expansions = expansions
    const { newId, compile } = parts
    this.incidents = new Incidents({
      control,
      now: () => this.#isoNow(),
      newId,
      onChange: () => this.#tell(),
    })
    const asking = {
      store,
      schema: () => this.schema(),
      compile,
      now: () => ticksFromDate(parts.now()),
    }
    this.packagesFolder = join(parts.directory, PACKAGES_FOLDER)
    this.playbooks = new Playbooks({
      control,
      incidents: this.incidents,
      effects: {
        ...nodeEffects(join(parts.directory, PLAYBOOKS_FOLDER)),
        collect: (incident, run, signal) =>
          collectPackage(incident, run, { source: this, folder: this.packagesFolder }, signal),
      },
      info: () => ({ workspaceId: identity.workspaceId, workspaceName: parts.hostName }),
      now: () => parts.now().getTime(),
      newId,
      random: () => parts.randomBytes(4).readUInt32BE() / 2 ** 32,
    })
    this.automation = new Automation({
      control,
      incidents: this.incidents,
      playbooks: this.playbooks,
      now: () => this.#isoNow(),
      newId,
    })
    this.sessions = new SessionService(asking)
    this.#sessionKeeper = new SessionKeeper(asking)
    this.detection = new Detection({
      store,
      control,
      rules: () => rules.enabled,
      schema: (query) => this.schema(query),
      compile,
      now: () => ticksFromDate(parts.now()),
      newId,
      disable: (rule, reason) => rules.autoDisable(rule, reason),
    })
  }

  /** Opens the folder, making it (for its owner only) when it is not there. Throws the store's errors. */
  static async open(parts: WorkspaceParts): Promise<Workspace> {
    const { directory, content, onWarning } = parts
    await mkdir(directory, { recursive: true, mode: 0o700 })
    const functions = await readFunctionFolder(content.functions)
    const expansions = await readExpansions(content.exploration)
    const store = await openStore({ directory, clock: () => parts.now().getTime() })
    try {
      const control = openControl<ServerTables>(join(directory, 'control.db'), [SERVER_MIGRATIONS])
      const now = () => ticksToIso(ticksFromDate(parts.now()))
      const rules = await RuleLibrary.open({
        shipped: content.rules,
        own: join(directory, RULES_FOLDER),
        control,
        now,
        ...(onWarning === undefined ? {} : { onWarning }),
      })
      const identity = await Identity.open({
        control,
        now: () => parts.now().getTime(),
        randomBytes: parts.randomBytes,
      })
      let workspace: Workspace | undefined
      const onChange = () => {
        if (workspace !== undefined) workspace.#tell()
      }
      const watchlists = await Watchlists.open({ control, now, newId: parts.newId, onChange })
      workspace = new Workspace(parts, { store, control, identity, rules, watchlists, functions, expansions })
      return workspace
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** Brings what somebody changed into the log tables, and to automation; if that fails, the next pass does. */
  #tell(): void {
    this.detection.flush().catch(() => {})
    this.automate()
  }

  /** Lets automation look at what happened, and does the playbooks' runs that are due, beside all other work. */
  automate(): void {
    const { signal } = this.#closing
    this.#automating = this.#automating.then(async () => {
      if (signal.aborted) return
      try {
        await this.automation.work(signal)
        await this.playbooks.work(signal)
        await this.detection.flush()
      } catch (error) {
        if (!signal.aborted) this.#parts.onWarning?.(`automation: ${(error as Error).message}`)
      }
    })
  }

  /** Resolves when automation has done what is due by now. */
  async automated(): Promise<void> {
    this.automate()
    await this.#automating
  }

  #isoNow(): string {
    return ticksToIso(ticksFromDate(this.#parts.now()))
  }

  /** All that a query can name: the tables and the stored functions, those of the watchlists it names among them. */
  schema(query = '_GetWatchlist'): DatabaseSchema {
    const ofWatchlists = watchlistFunctions(query, this.watchlists.known)
    return { ...this.store.schema(), functions: [...this.#functions, ...ofWatchlists] }
  }

  /**
   * Checks rule files against this workspace's tables, down to a run over nothing; with `standardTables` also
   * against those of Sentinel's own that are not here, without the run.
   */
  async validate(files: readonly SourceFile[], { standardTables = false } = {}): Promise<Finding[]> {
    const own = this.schema()
    const names = new Set(own.tables.map(({ name }) => name))
    const foreign = standardTables ? await readTables(this.#parts.content.tables) : []
    return validateRules(files, {
      schema: { ...own, tables: [...own.tables, ...foreign.filter(({ name }) => !names.has(name))] },
      compile: this.#parts.compile,
      now: ticksFromDate(this.#parts.now()),
      dryRun: async (query) => {
        if (query.tables.some((table) => !names.has(table))) return
        const result = await this.store.query(query, { maxRows: 1, timeoutMs: 60_000 })
        await result.collect()
      },
    })
  }

  /** What a rule would have done in its last runs, up to now or, in an older log, to the log's end. */
  async simulate(
    rule: AnalyticsRule,
    options: { runs?: number; until?: Date; signal?: AbortSignal; onRun?: (run: SimulatedRun) => void } = {},
  ): Promise<Simulation> {
    const { until, ...rest } = options
    const asker = new Asker({
      store: this.store,
      schema: (query) => this.schema(query),
      compile: this.#parts.compile,
    })
    const end = until === undefined ? await this.#end(rule.query) : ticksFromDate(until)
    return simulate(rule, asker, { ...rest, end })
  }

  /** Runs a rule once, now, over its last period: in an older log over the log's. */
  runOnce(rule: AnalyticsRule, signal?: AbortSignal): Promise<PassReport> {
    return this.#inTurn(async () => this.detection.runOnce(rule, await this.#end(rule.query), signal))
  }

  /** Now, or just behind the newest row that a query reads when that is older. */
  async #end(query: string): Promise<bigint> {
    const now = ticksFromDate(this.#parts.now())
    const { tables } = await this.#compile(query, {})
    const stats = await this.store.stats()
    const newest = stats.tables.flatMap(({ table, newest: ticks }) =>
      tables.includes(table) ? (ticks ?? []) : [],
    )
    const last = newest.reduce((a, b) => (a > b ? a : b), 0n) + 1n
    return last > 1n && last < now ? last : now
  }

  /** Answers an editor; `position` is an offset in UTF-16 units. */
  tell<K extends keyof EditorAnswers>(ask: K, text: string, position = 0): Promise<EditorAnswers[K]> {
    return this.#parts.tell(ask, text, position, {
      schema: this.schema(),
      now: ticksFromDate(this.#parts.now()),
    })
  }

  /** The query's plan and SQL, which are not run. */
  explain(text: string): Promise<CompiledQuery> {
    return this.#compile(text, {})
  }

  #compile(text: string, options: QueryOptions): Promise<CompiledQuery> {
    const context = {
      schema: this.schema(),
      now: ticksFromDate(this.#parts.now()),
      ...(options.timeRange && { timeRange: options.timeRange }),
      ...(options.parameters && { parameters: options.parameters }),
    }
    return prepare(text, context, (sql) => this.#ask(sql, options), this.#parts.compile)
  }

  /** One column of text, for a query whose columns depend on the data. */
  async #ask(sql: string, options: QueryOptions = {}): Promise<(string | null)[]> {
    const question = { sql, parameters: [], columns: [{ name: 'value', type: 'string' as const }] }
    const result = await this.store.query(question, { ...QUERY_DEFAULTS, ...options })
    return (await result.collect()).map(([value]) => value as string | null)
  }

  /**
   * Answers a query with rows as they come. Throws KqlError, and the store's query errors, also while the rows
   * are read. Each query is in QueryLog, with who asked.
   */
  async ask(text: string, options: QueryOptions, requester: Requester): Promise<StreamedAnswer> {
    const time = this.#parts.now().getTime()
    const started = performance.now()
    let rows = 0
    const log = (truncated: boolean, errorCode?: string) =>
      this.#queryLog.add({
        ...requester,
        text,
        time,
        ...(options.timeRange && { timeRange: options.timeRange }),
        durationMs: performance.now() - started,
        rows,
        truncated,
        ...(errorCode === undefined ? {} : { errorCode }),
        correlationId: requester.correlationId ?? this.#parts.newId(),
      })
    try {
      const compiled = await this.#compile(text, options)
      const asked = performance.now()
      const result = await this.store.query(compiled, { ...QUERY_DEFAULTS, ...options })
      let ended = asked
      const read = async function* (): AsyncGenerator<ColumnBatch> {
        let failure: string | undefined
        try {
          for await (const batch of result.batches) {
            rows += batch.rowCount
            yield batch
          }
        } catch (error) {
          failure = codeOf(error)
          throw error
        } finally {
          ended = performance.now()
          log(result.truncated, failure)
        }
      }
      return {
        columns: compiled.columns,
        batches: read(),
        ...(compiled.render && { render: compiled.render }),
        truncated: () => result.truncated,
        statistics: () => ({
          compileMs: asked - started,
          executeMs: ended - asked,
          tables: compiled.tables,
        }),
      }
    } catch (error) {
      log(false, codeOf(error))
      throw error
    }
  }

  async query(text: string, options: QueryOptions, requester: Requester): Promise<QueryAnswer> {
    const { columns, batches, render, ...answer } = await this.ask(text, options, requester)
    const rows: KqlValue[][] = []
    for await (const batch of batches) {
      for (let row = 0; row < batch.rowCount; row++) {
        rows.push(batch.columns.map((column) => column[row] as KqlValue))
      }
    }
    return {
      columns,
      rows,
      truncated: answer.truncated(),
      ...(render && { render }),
      statistics: answer.statistics(),
    }
  }

  /** Stores what a client sent, and tells who listens. */
  async ingest(batch: IngestBatch): Promise<IngestResult> {
    const result = await this.store.ingest(batch)
    if (result.stored) this.#tellIngested(batch.tables)
    return result
  }

  /** Stores rows that need no receipt: of a client that does not say which part of what it sends. */
  async append(tables: readonly TableBatch[]): Promise<void> {
    await this.store.append(tables)
    this.#tellIngested(tables)
  }

  #tellIngested(tables: readonly { readonly table: string; readonly rowCount: number }[]): void {
    for (const { table, rowCount } of tables) {
      if (rowCount > 0) this.live.tell({ kind: 'ingested', table, rows: rowCount })
    }
  }

  async status(): Promise<StoreStatus> {
    const { tables, ...rest } = await this.store.stats()
    const time = (ticks: bigint | undefined) => (ticks === undefined ? null : ticksToIso(ticks))
    return {
      ...rest,
      tables: tables.map((table) => ({ ...table, oldest: time(table.oldest), newest: time(table.newest) })),
    }
  }

  /** The log that is being followed: who imports it, too, must not take its unfinished end for its last line. */
  followed: string | undefined

  /** Stores a log; a pass does not look at half of it. */
  import(path: string, options: IngestOptions): Promise<IngestReport> {
    return this.#inTurn(async () => {
      const isFollowed = this.followed !== undefined && (await sameFile(path, this.followed))
      return ingestFile(path, this.store, { ...options, growing: isFollowed })
    })
  }

  /**
   * Takes what is new into the sessions and runs the rules over it; calls wait for each other.
   * @param following more passes follow soon: rows of sessions that go on are not written anew each time
   */
  pass(signal?: AbortSignal, { following = false } = {}): Promise<PassReport> {
    return this.#inTurn(async () => {
      await this.rules.refresh()
      await this.#keepSessions(following, signal)
      const report = await this.detection.pass(signal)
      // Alerts that were just raised are put into the sessions that they fell in.
      await this.#keepSessions(following, signal)
      for (const { number } of report.incidents) {
        this.live.tell({ kind: 'incident', number, change: 'alert' })
      }
      this.automate()
      return report
    })
  }

  /** Rules do not wait for sessions that can not be kept: what is missing is taken in by a later pass. */
  async #keepSessions(following: boolean, signal?: AbortSignal): Promise<void> {
    try {
      await this.#sessionKeeper.pass({ following, ...(signal === undefined ? {} : { signal }) })
    } catch (error) {
      if (signal?.aborted === true) throw error
      this.#parts.onWarning?.(`sessions are not up to date: ${(error as Error).message}`)
    }
  }

  /** The newest row of the tables that sessions are made of: another number means that something came. */
  async newestRow(): Promise<bigint> {
    const rows = await Promise.all(
      ['AuditEvent', 'LinuxAuditLog_CL'].map((table) => this.store.lastRow(table)),
    )
    return rows.reduce((a, b) => (a > b ? a : b))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  async close(): Promise<void> {
    await this.#turn
    // What is due is done; what waits for a later try is tried after the next start.
    const cut = setTimeout(() => this.#closing.abort(), AUTOMATION_GRACE_MS)
    await this.#automating
    clearTimeout(cut)
    this.#closing.abort()
    await this.#sessionKeeper.flush().catch(() => {})
    await this.detection.flush()
    await this.#queryLog.flush()
    await this.control.destroy()
    await this.store.close()
  }
}
