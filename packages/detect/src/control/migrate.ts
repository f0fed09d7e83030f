/**
 * The control database is shared: detection keeps its rules' state in it, the server its users. Each owner has
 * a list of migrations, numbered on its own, so that two lists can grow side by side; the table
 * `applied_migration` says how far each has got. Entries are never edited once released.
 */
import type { Driver } from './driver.js'

/** Entry i brings the owner's tables from version i to i + 1: a list of SQL statements. */
export interface MigrationList {
  /** Unique; its tables' names should tell whose they are. */
  readonly owner: string
  readonly migrations: readonly (readonly string[])[]
}

/** Thrown when the control database was written by a newer Auspex. */
export class ControlVersionError extends Error {
  readonly code = 'CONTROL_VERSION'

  constructor(path: string, owner: string, found: number, known: number) {
    super(
      `${path}: ${owner} has version ${found}, this Auspex knows up to ${known}: use the newer Auspex that wrote it`,
    )
    this.name = 'ControlVersionError'
  }
}

/** `user_version` of a database with lists per owner: an Auspex from before refuses it as newer than itself. */
const BY_OWNER = 1000

const APPLIED = `CREATE TABLE applied_migration (
  owner TEXT NOT NULL, number INTEGER NOT NULL,
  applied_time TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  PRIMARY KEY (owner, number)) STRICT`

const OWNER_BEFORE_LISTS = 'detect'

/** The first releases numbered one list, detection's, by `user_version`. */
function bringAlong(driver: Driver, path: string): void {
  const before = Number(driver.all('PRAGMA user_version')[0]?.user_version ?? 0)
  if (before === BY_OWNER) return
  if (before > 1) throw new ControlVersionError(path, 'the control database', before, BY_OWNER)
  driver.exec(APPLIED)
  if (before === 1) {
    driver.exec(`INSERT INTO applied_migration (owner, number) VALUES ('${OWNER_BEFORE_LISTS}', 1)`)
  }
  driver.exec(`PRAGMA user_version = ${BY_OWNER}`)
}

function apply(driver: Driver, path: string, { owner, migrations }: MigrationList): void {
  const rows = driver.all('SELECT owner, max(number) AS number FROM applied_migration GROUP BY owner')
  const found = Number(rows.find((row) => row.owner === owner)?.number ?? 0)
  if (found > migrations.length) throw new ControlVersionError(path, owner, found, migrations.length)
  for (let version = found; version < migrations.length; version++) {
    for (const statement of migrations[version]!) driver.exec(statement)
    driver.exec(`INSERT INTO applied_migration (owner, number) VALUES ('${owner}', ${version + 1})`)
  }
}

/** Brings every list up to date, all of them or none. Owners in the database that are not given stay as they are. */
export function migrate(driver: Driver, path: string, lists: readonly MigrationList[]): void {
  for (const { owner } of lists) {
    if (!/^[a-z][a-z0-9-]*$/.test(owner)) throw new Error(`"${owner}" is no owner's name: use a-z, 0-9 and -`)
  }
  driver.transaction(() => {
    bringAlong(driver, path)
    for (const list of lists) apply(driver, path, list)
  })
}
