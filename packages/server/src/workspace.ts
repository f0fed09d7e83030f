/**
 * A workspace: one data folder with its store, its control state and its rules, and what a person can ask of
 * it. The doors and the command line are both thin layers over this.
 */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type IngestOptions, type IngestReport, ingestFile } from '@auspex/collect'
import {
  type AnalyticsRule,
  type Compile,
  type ControlDatabase,
  Detection,
  type Incident,
  openControl,
  type PassReport,
  readIncident,
  readIncidents,
  readRule,
} from '@auspex/detect'
import {
  type ColumnSchema,
  type CompiledQuery,
  type KqlValue,
  prepare,
  ticksFromDate,
  ticksToIso,
} from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'

export interface WorkspaceParts {
  readonly directory: string
  /** Folder of rule files (`*.yaml`). */
  readonly rules: string
  readonly compile: Compile
  readonly now: () => Date
  readonly newId: () => string
  /** Told about rule files with doubtful parts. */
  readonly onWarning?: (message: string) => void
}

export interface QueryAnswer {
  readonly columns: readonly ColumnSchema[]
  /** Values as @auspex/kql documents them: bigint for long, datetime and timespan. */
  readonly rows: readonly (readonly KqlValue[])[]
  /** True when there were more rows than asked for. */
  readonly truncated: boolean
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
}

const QUERY_DEFAULTS = { maxRows: 500_000, maxBytes: 512 << 20, timeoutMs: 600_000 }

/** Reads every rule of a folder. Throws the first file's RuleFileError. */
export async function readRules(
  folder: string,
  onWarning: (message: string) => void = () => {},
): Promise<AnalyticsRule[]> {
  const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort()
  const rules: AnalyticsRule[] = []
  for (const name of files) {
    const file = join(folder, name)
    const rule = readRule(await readFile(file, 'utf8'), file, ({ line, column, message }) =>
      onWarning(`${file}:${line}:${column}: ${message}`),
    )
    rules.push(rule)
  }
  return rules
}

async function sameFile(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a), stat(b)])
  return first.dev === second.dev && first.ino === second.ino
}

export class Workspace {
  readonly store: Store
  readonly detection: Detection
  readonly #parts: WorkspaceParts
  readonly #control: ControlDatabase
  /** Passes and imports run one after the other. */
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(parts: WorkspaceParts, store: Store, control: ControlDatabase, rules: AnalyticsRule[]) {
    this.#parts = parts
    this.store = store
    this.#control = control
    this.detection = new Detection({
      store,
      control,
      rules,
      compile: (text, options) => prepare(text, options, (sql) => this.#ask(sql), parts.compile),
      now: () => ticksFromDate(parts.now()),
      newId: parts.newId,
    })
  }

  /** Opens the folder, making it (for its owner only) when it is not there. Throws the store's errors. */
  static async open(parts: WorkspaceParts): Promise<Workspace> {
    await mkdir(parts.directory, { recursive: true, mode: 0o700 })
    const rules = await readRules(parts.rules, parts.onWarning)
    const store = await openStore({ directory: parts.directory, clock: () => parts.now().getTime() })
    try {
      return new Workspace(parts, store, openControl(join(parts.directory, 'control.db')), rules)
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** The query's plan and SQL, which are not run. */
  explain(text: string): Promise<CompiledQuery> {
    return this.#compile(text, {})
  }

  #compile(text: string, options: QueryOptions): Promise<CompiledQuery> {
    const context = { schema: this.store.schema(), now: ticksFromDate(this.#parts.now()) }
    return prepare(text, context, (sql) => this.#ask(sql, options), this.#parts.compile)
  }

  /** One column of text, for a query whose columns depend on the data. */
  async #ask(sql: string, options: QueryOptions = {}): Promise<(string | null)[]> {
    const question = { sql, parameters: [], columns: [{ name: 'value', type: 'string' as const }] }
    const result = await this.store.query(question, { ...QUERY_DEFAULTS, ...options })
    return (await result.collect()).map(([value]) => value as string | null)
  }

  async query(text: string, options: QueryOptions = {}): Promise<QueryAnswer> {
    const compiled = await this.#compile(text, options)
    const result = await this.store.query(compiled, { ...QUERY_DEFAULTS, ...options })
    const rows = (await result.collect()) as KqlValue[][]
    return { columns: compiled.columns, rows, truncated: result.truncated }
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

  /** Runs the rules over what is new; calls wait for each other. */
  pass(signal?: AbortSignal): Promise<PassReport> {
    return this.#inTurn(() => this.detection.pass(signal))
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work)
    this.#turn = result.catch(() => {})
    return result
  }

  incidents(limit = 1000): Promise<Incident[]> {
    return readIncidents(this.#control, limit)
  }

  incident(number: number): Promise<Incident | undefined> {
    return readIncident(this.#control, number)
  }

  async close(): Promise<void> {
    await this.#turn
    await this.#control.destroy()
    await this.store.close()
  }
}
