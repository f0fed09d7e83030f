/** What the store reports: a code to act on, and a message that says what happened, where, and what to do. */
export class StoreError extends Error {
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = new.target.name
    this.code = code
  }
}

/** Another process has the store open. */
export class StoreLockedError extends StoreError {
  readonly holder: { readonly pid: number; readonly command: string } | undefined

  constructor(directory: string, holder: { pid: number; command: string } | undefined) {
    const who = holder
      ? `process ${holder.pid} (${holder.command})`
      : 'another process (it left no name; `fuser` on the file tells)'
    super(
      'store-locked',
      `The store in ${directory} is in use by ${who}. One process can hold a store: ask that one, or stop it first.`,
    )
    this.holder = holder
  }
}

/** The database file can not be read. It is left as it is. */
export class StoreDamagedError extends StoreError {
  readonly file: string

  constructor(file: string, why: string, cause?: unknown) {
    super(
      'store-damaged',
      `The store's file ${file} is damaged: ${why}. Nothing was changed. Restore a backup with \`auspex store restore\`, which keeps the damaged file aside.`,
      cause,
    )
    this.file = file
  }
}

/** The store was written by a newer version of the program. */
export class StoreVersionError extends StoreError {
  constructor(file: string, found: number, known: number) {
    super(
      'store-version',
      `The store's file ${file} has schema version ${found}; this program knows up to ${known}. Use the newer program, or restore a backup that this one wrote.`,
    )
  }
}

/** The folder or the file can not be written. */
export class StoreAccessError extends StoreError {
  constructor(path: string, why: string, cause?: unknown) {
    super(
      'store-access',
      `The store can not write to ${path}: ${why}. Give this user the right to write there.`,
      cause,
    )
  }
}

/** There is no room left; the batch was not acknowledged and can be sent again. */
export class StoreFullError extends StoreError {
  constructor(directory: string, cause?: unknown) {
    super(
      'store-full',
      `There is no room left on the disk of ${directory}: the batch was not stored. Free some space or shorten the retention, then send it again.`,
      cause,
    )
  }
}

/** A batch that is not in order: a bad name, a cell of the wrong kind, columns of different lengths. */
export class BatchError extends StoreError {
  constructor(message: string) {
    super('bad-batch', message)
  }
}

/** A batch begins inside what is stored and ends beyond it. */
export class PositionOverlapError extends StoreError {
  readonly position: bigint

  constructor(source: string, from: bigint, to: bigint, position: bigint) {
    super(
      'position-overlap',
      `Source ${source} sent ${from} to ${to}, but is stored up to ${position}: a part would be stored twice. Resume at ${position}.`,
    )
    this.position = position
  }
}

export class QueryTimeoutError extends StoreError {
  constructor(timeoutMs: number) {
    super(
      'query-timeout',
      `The query was stopped after ${timeoutMs / 1000} s. Narrow its time range or raise the limit.`,
    )
  }
}

export class QueryCancelledError extends StoreError {
  constructor() {
    super('query-cancelled', 'The query was cancelled.')
  }
}

/** The query needs more memory or scratch space than the store may use. */
export class QueryResourceError extends StoreError {
  constructor(why: string, cause?: unknown) {
    super(
      'query-resources',
      `The query needs more than it may use (${why}). Narrow its time range or its columns.`,
      cause,
    )
  }
}

/** The engine refused or failed a compiled query. */
export class QueryFailedError extends StoreError {
  constructor(why: string, cause?: unknown) {
    super('query-failed', `The query failed: ${why}`, cause)
  }
}

/** The store is closed, or closed itself after an error that left it in doubt. */
export class StoreClosedError extends StoreError {
  constructor(why?: string) {
    super('store-closed', why ?? 'The store is closed.')
  }
}
