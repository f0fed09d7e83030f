import {
  QueryCancelledError,
  QueryFailedError,
  QueryResourceError,
  StoreAccessError,
  StoreClosedError,
  StoreDamagedError,
  StoreError,
  StoreFullError,
  StoreLockedError,
} from '../errors.js'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** What went wrong while the database was opened. */
export function openFailure(error: unknown, directory: string, file: string): StoreError {
  if (error instanceof StoreError) return error
  const message = messageOf(error)
  const holder = /Conflicting lock is held in (.+?) \(PID (\d+)\)/.exec(message)
  if (holder) return new StoreLockedError(directory, { pid: Number(holder[2]), command: holder[1]! })
  if (/Could not set lock/.test(message)) return new StoreLockedError(directory, undefined)
  if (/No space left|disk quota|Disk quota/.test(message)) return new StoreFullError(directory, error)
  if (/Permission denied|Read-only file system|Cannot open file/.test(message)) {
    return new StoreAccessError(file, firstLine(message), error)
  }
  return new StoreDamagedError(file, firstLine(message), error)
}

/** Errors after which DuckDB refuses everything until the file is opened anew. */
export function isFatal(error: unknown): boolean {
  return /^FATAL|database has been invalidated/.test(messageOf(error))
}

/** What went wrong while rows were written. */
export function writeFailure(error: unknown, directory: string): StoreError {
  if (error instanceof StoreError) return error
  const message = messageOf(error)
  if (/No space left|out of disk space|Disk quota/i.test(message)) return new StoreFullError(directory, error)
  if (/database has been invalidated/.test(message)) {
    return new StoreClosedError(
      `The store closed itself after an error (${firstLine(message)}). Start the program again: what was acknowledged is kept.`,
    )
  }
  return new StoreError('store-write', `The store could not write: ${firstLine(message)}`, error)
}

export function queryFailure(error: unknown, signal: AbortSignal): StoreError {
  if (signal.aborted) return signal.reason instanceof StoreError ? signal.reason : new QueryCancelledError()
  if (error instanceof StoreError) return error
  const message = messageOf(error)
  if (/Out of Memory|failed to offload|max_temp_directory_size|No space left/.test(message)) {
    return new QueryResourceError(firstLine(message), error)
  }
  return new QueryFailedError(message, error)
}

function firstLine(message: string): string {
  return message.split('\n', 1)[0]!
}
