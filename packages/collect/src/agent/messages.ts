/** Rows of a batch as the JSON that the Logs Ingestion API takes: bodies that are small enough, each of one table. */
import type { TableBatch } from '@auspex/store'

/** A body may have 1 MB; rows are cut so that one always fits. */
const MAX_BODY = 900_000
const MAX_CELL = 60_000

const TIMES = new Set(['TimeGenerated', 'Timestamp_t'])
/** Columns of AuditEvent that hold JSON. */
const DYNAMIC = new Set(['RecordTypes', 'Arguments', 'Files', 'Keys', 'Techniques', 'Findings'])

function cellOf(name: string, cell: unknown): unknown {
  if (cell === undefined || cell === null || cell === '') return undefined
  if (TIMES.has(name) && typeof cell === 'number') return new Date(cell).toISOString()
  if (typeof cell === 'bigint') return cell.toString()
  if (typeof cell !== 'string') return cell
  if (DYNAMIC.has(name)) {
    try {
      return JSON.parse(cell) as unknown
    } catch {
      return cell
    }
  }
  // A longer text is cut by the API as well; RawData of such a record is in the log.
  return cell.length > MAX_CELL ? cell.slice(0, MAX_CELL) : cell
}

export interface Message {
  readonly table: string
  readonly rows: number
  /** A JSON array. */
  readonly body: string
}

export function messagesOf(batch: TableBatch): Message[] {
  const { table, rowCount, columns } = batch
  const messages: Message[] = []
  let parts: string[] = []
  let size = 2
  const flush = () => {
    if (parts.length > 0) messages.push({ table, rows: parts.length, body: `[${parts.join(',')}]` })
    parts = []
    size = 2
  }
  for (let row = 0; row < rowCount; row++) {
    const fields: Record<string, unknown> = {}
    for (const [name, cells] of columns) {
      const cell = cellOf(name, cells[row])
      if (cell !== undefined) fields[name] = cell
    }
    const text = JSON.stringify(fields)
    const bytes = Buffer.byteLength(text) + 1
    if (size + bytes > MAX_BODY) flush()
    parts.push(text)
    size += bytes
  }
  flush()
  return messages
}
