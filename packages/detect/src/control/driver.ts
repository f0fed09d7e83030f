/**
 * The one place that knows which SQLite we run on. libsql comes with its binary in the package; when Node's own
 * `node:sqlite` is old enough to be everywhere, it goes in here and nothing else changes.
 */
import type { SqliteDatabase } from 'kysely'
import Database from 'libsql'

/** What migrations and kysely's SQLite dialect need of a driver. */
export interface Driver extends SqliteDatabase {
  exec(sql: string): void
  /** Rows of a statement without parameters. */
  all(sql: string): Record<string, unknown>[]
  /** Runs `work` between BEGIN IMMEDIATE and COMMIT; rolls back when it throws. */
  transaction(work: () => void): void
}

const BUSY_TIMEOUT_MS = 10_000

/** Opens the database file at `path`, making it when it is not there; `:memory:` is one for tests. */
export function openDriver(path: string): Driver {
  const database = new Database(path)
  const exec = (sql: string) => void database.exec(sql)
  exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`)
  exec('PRAGMA journal_mode = WAL')
  exec('PRAGMA synchronous = FULL')
  exec('PRAGMA foreign_keys = ON')
  return {
    exec,
    all: (sql) => database.prepare(sql).all() as Record<string, unknown>[],
    prepare: (sql) => (database as unknown as SqliteDatabase).prepare(sql),
    close: () => database.close(),
    transaction(work) {
      exec('BEGIN IMMEDIATE')
      try {
        work()
        exec('COMMIT')
      } catch (error) {
        exec('ROLLBACK')
        throw error
      }
    },
  }
}
