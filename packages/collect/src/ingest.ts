/**
 * One log into the store. Each batch of rows carries the log's name and the byte range that it stands for;
 * the store commits both at once, so that a log read again (a second start, a copy of the file, a crash in
 * between) adds only what was not there.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { type IdNames, LinuxAuditLogReader, type ProblemReason, type TableBatch } from '@auspex/auditd'
import type { Store } from '@auspex/store'
import { endsAt, identify, isShorterCopy, marksUpTo, tailMark } from './identity.js'

const CHUNK_BYTES = 1 << 20
const BATCH_BYTES = 4 << 20

export type Sink = Pick<Store, 'ingest' | 'position'>

export interface IngestOptions {
  /** `Computer` of records that name no node. */
  readonly computer: string
  /** Users and groups of the host that wrote the log, for logs that give only numbers. */
  readonly names?: IdNames
  /** The file may still be written to: an unfinished last line is left for the next turn. */
  readonly growing: boolean
  readonly signal?: AbortSignal
  /** Called after each batch: bytes of the file that are done, and its size. */
  readonly onProgress?: (done: number, size: number) => void
}

/** A place in the file that its reader should know of. */
export interface FileProblem {
  /** 1 is the file's first line; undefined when the reading began in the middle of it. */
  readonly line?: number
  /** Offset of the line's first byte in the file. */
  readonly byte: number
  readonly reason: ProblemReason
}

export interface IngestReport {
  /** Undefined: the file has no whole line yet. */
  readonly source: string | undefined
  readonly bytes: number
  readonly lines: number
  readonly rows: number
  readonly unparsed: number
  /** Bytes at the head of the file that an earlier run had stored. */
  readonly alreadyStored: number
  /** The first {@link PROBLEMS_KEPT}. */
  readonly problems: readonly FileProblem[]
}

export const PROBLEMS_KEPT = 20

interface Receipt {
  readonly tail: string
  readonly marks: Readonly<Record<string, string>>
  readonly path: string
}

function readReceipt(note: string | undefined): Receipt | undefined {
  if (note === undefined) return undefined
  try {
    const value = JSON.parse(note)
    return typeof value?.tail === 'string' && typeof value?.marks === 'object' ? value : undefined
  } catch {
    return undefined
  }
}

/**
 * Where to go on in this file. Logs that begin alike but differ later (an extract of a log, say) get names of
 * their own: `log:…`, `log:…#2`, ….
 */
async function resume(
  file: FileHandle,
  size: number,
  name: string,
  sink: Sink,
): Promise<{ source: string; from: number; marks: Readonly<Record<string, string>> }> {
  for (let n = 1; ; n++) {
    const source = n === 1 ? name : `${name}#${n}`
    const known = await sink.position(source)
    if (known === undefined) return { source, from: 0, marks: {} }
    const from = Number(known.to)
    const receipt = readReceipt(known.note)
    if (receipt === undefined) continue
    const { tail, marks } = receipt
    if (from <= size && (await endsAt(file, from, tail))) return { source, from, marks }
    if (from > size && (await isShorterCopy(file, size, marks))) return { source, from: size, marks }
  }
}

/** Stores what the store does not have of an open log, from its first new byte to its present end. */
export async function ingestHandle(
  file: FileHandle,
  path: string,
  sink: Sink,
  options: IngestOptions,
): Promise<IngestReport> {
  const nothing = { bytes: 0, lines: 0, rows: 0, unparsed: 0, alreadyStored: 0, problems: [] }
  const name = await identify(file, !options.growing)
  if (name === undefined) return { source: undefined, ...nothing }
  const size = (await file.stat()).size
  const { source, from, marks } = await resume(file, size, name, sink)

  const reader = new LinuxAuditLogReader({ computer: options.computer, ...options.names })
  const report = { source, ...nothing, alreadyStored: from, problems: [] as FileProblem[] }
  let committed = from
  let known = marks

  const commit = async () => {
    const tables: TableBatch[] = []
    let to = committed
    let rows = 0
    for (let taken = reader.take(); taken !== undefined; taken = reader.take()) {
      tables.push(taken.batch)
      to += taken.bytes
      rows += taken.batch.rowCount
      report.lines += taken.lines
      report.unparsed += taken.unparsed
      for (const { line, byte, reason } of taken.problems) {
        if (report.problems.length >= PROBLEMS_KEPT) break
        report.problems.push({ ...(from === 0 ? { line } : {}), byte: from + byte, reason })
      }
    }
    if (to === committed) return
    known = await marksUpTo(file, to, known)
    const note: Receipt = { tail: await tailMark(file, to), marks: known, path }
    const { stored } = await sink.ingest({
      source,
      from: BigInt(committed),
      to: BigInt(to),
      tables,
      note: JSON.stringify(note),
    })
    report.bytes += to - committed
    if (stored) report.rows += rows
    committed = to
    options.onProgress?.(committed, size)
  }

  let read = from
  while (read < size && !options.signal?.aborted) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, size - read))
    const { bytesRead } = await file.read(chunk, 0, chunk.length, read)
    if (bytesRead === 0) break
    reader.push(chunk.subarray(0, bytesRead))
    read += bytesRead
    if (read - committed >= BATCH_BYTES) await commit()
  }
  if (!options.growing && !options.signal?.aborted) reader.end()
  await commit()
  return report
}

/** As {@link ingestHandle}, for a path. Throws the file system's own error when it can not be opened. */
export async function ingestFile(path: string, sink: Sink, options: IngestOptions): Promise<IngestReport> {
  const file = await open(path, 'r')
  try {
    return await ingestHandle(file, path, sink, options)
  } finally {
    await file.close()
  }
}
