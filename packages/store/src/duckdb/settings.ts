export interface DuckDBOptions {
  /** Such as `512MB`: what the engine may hold in memory; beyond it, it spills to scratch files. */
  readonly memoryLimit: string
  readonly threads: number
  /** Where large sorts and joins spill to. */
  readonly scratchDirectory: string
  readonly scratchLimit: string
  /**
   * The size of the write-ahead log at which it is folded into the file. Each time, the newest rows of each
   * part are compressed anew: a small one costs work, a large one costs time at the next start.
   */
  readonly checkpointThreshold: string
}

/** Given when the database is opened: no code comes from outside, and the file uses today's compression. */
export const OPEN_OPTIONS: Readonly<Record<string, string>> = {
  autoinstall_known_extensions: 'false',
  autoload_known_extensions: 'false',
  allow_community_extensions: 'false',
  storage_compatibility_version: 'latest',
}

/**
 * Run once after opening. The last two close the door: compiled KQL can not reach a file or the network,
 * and nothing can open it again.
 */
export function settings(options: DuckDBOptions): readonly string[] {
  return [
    `SET memory_limit = ${literal(options.memoryLimit)}`,
    `SET threads = ${options.threads}`,
    `SET temp_directory = ${literal(options.scratchDirectory)}`,
    `SET max_temp_directory_size = ${literal(options.scratchLimit)}`,
    `SET checkpoint_threshold = ${literal(options.checkpointThreshold)}`,
    `SET TimeZone = 'UTC'`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ]
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
