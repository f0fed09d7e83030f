export interface DuckDBOptions {
  /** Such as `512MB`: what the engine may hold in memory; beyond it, it spills to scratch files. */
  readonly memoryLimit: string
  readonly threads: number
  /** Where large sorts and joins spill to. */
  readonly scratchDirectory: string
  readonly scratchLimit: string
  /** The only folder that SQL may read and write files in: exports and imports pass through it. */
  readonly exchangeDirectory: string
}

/** Given when the database is opened: no code comes from outside, and the file uses today's compression. */
export const OPEN_OPTIONS: Readonly<Record<string, string>> = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  storage_compatibility_version: 'latest',
}

/**
 * Run once after opening. The last ones close the door: compiled KQL can not reach a file (but those in the
 * exchange folder, whose names it does not have the functions for) or the network, and nothing can open it
 * again.
 */
export function settings(options: DuckDBOptions): readonly string[] {
  return [
    `SET memory_limit = ${literal(options.memoryLimit)}`,
    `SET threads = ${options.threads}`,
    `SET temp_directory = ${literal(options.scratchDirectory)}`,
    `SET max_temp_directory_size = ${literal(options.scratchLimit)}`,
    // The store says when: between its checkpoints the database file does not change, so it can be copied.
    `SET checkpoint_threshold = '1000GB'`,
    `SET TimeZone = 'UTC'`,
    `SET allowed_directories = [${literal(options.exchangeDirectory)}]`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
