import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely'
import Database from 'libsql'
import { type ControlTables, MIGRATIONS } from './schema.js'

export type ControlDatabase = Kysely<ControlTables>

/** Thrown when the control database was written by a newer Auspex. */
export class ControlVersionError extends Error {
  readonly code = 'CONTROL_VERSION'

  constructor(path: string, found: number) {
    super(
      `${path} has version ${found}, this Auspex knows up to ${MIGRATIONS.length}: use the newer Auspex that wrote it`,
    )
    this.name = 'ControlVersionError'
  }
}

/** Opens (and makes or migrates) the control database at `path`; `:memory:` is one for tests. */
export function openControl(path: string): ControlDatabase {
  const database = new Database(path)
  database.exec('PRAGMA journal_mode = WAL')
  database.exec('PRAGMA synchronous = FULL')
  database.exec('PRAGMA foreign_keys = ON')
  const found = Number(
    (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version,
  )
  if (found > MIGRATIONS.length) {
    database.close()
    throw new ControlVersionError(path, found)
  }
  for (let version = found; version < MIGRATIONS.length; version++) {
    database.transaction(() => {
      for (const statement of MIGRATIONS[version]!) database.exec(statement)
      database.exec(`PRAGMA user_version = ${version + 1}`)
    })()
  }
  return new Kysely<ControlTables>({
    dialect: new SqliteDialect({ database: database as unknown as SqliteDatabase }),
  })
}
