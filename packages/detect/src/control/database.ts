import { Kysely, SqliteDialect } from 'kysely'
import { openDriver } from './driver.js'
import { type MigrationList, migrate } from './migrate.js'
import { type ControlTables, DETECT_MIGRATIONS } from './schema.js'

/** `More` are the tables of other owners than detection. */
export type ControlDatabase<More = unknown> = Kysely<ControlTables & More>

/**
 * Opens (and makes or migrates) the control database at `path`; `:memory:` is one for tests. Who has tables of
 * their own in it hands in their migrations: `openControl<ServerTables>(path, [SERVER_MIGRATIONS])`.
 * Throws {@link ControlVersionError} when a newer Auspex wrote it.
 */
export function openControl<More = unknown>(
  path: string,
  more: readonly MigrationList[] = [],
): ControlDatabase<More> {
  const driver = openDriver(path)
  try {
    migrate(driver, path, [DETECT_MIGRATIONS, ...more])
  } catch (error) {
    driver.close()
    throw error
  }
  return new Kysely<ControlTables & More>({ dialect: new SqliteDialect({ database: driver }) })
}
