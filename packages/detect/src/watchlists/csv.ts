/** A watchlist's file: CSV (RFC 4180) with the names of the columns in its first line. */
import { CsvError, parse } from 'csv-parse/sync'

/** Thrown with the line that is wrong. */
export class CsvFileError extends Error {
  readonly code = 'CSV_FILE'

  constructor(message: string) {
    super(message)
    this.name = 'CsvFileError'
  }
}

export interface CsvTable {
  readonly columns: readonly string[]
  /** Cells by column; every column has one. */
  readonly rows: readonly Readonly<Record<string, string>>[]
}

export const MAX_CSV_LENGTH = 20 << 20
export const MAX_ITEMS = 200_000
const MAX_COLUMNS = 200

function checkColumns(columns: readonly string[]): void {
  if (columns.length === 0 || columns.every((name) => name === '')) {
    throw new CsvFileError('line 1: expected the names of the columns')
  }
  if (columns.length > MAX_COLUMNS) {
    throw new CsvFileError(`line 1: ${columns.length} columns, at most ${MAX_COLUMNS} are kept`)
  }
  for (const [i, name] of columns.entries()) {
    if (name === '') throw new CsvFileError(`line 1: column ${i + 1} has no name`)
    if (/['"\\\n]/.test(name)) throw new CsvFileError(`line 1: "${name}" can not be the name of a column`)
    if (columns.indexOf(name) !== i) throw new CsvFileError(`line 1: two columns are named ${name}`)
  }
}

/** Throws {@link CsvFileError}. */
export function readCsv(text: string): CsvTable {
  if (text.length > MAX_CSV_LENGTH) {
    throw new CsvFileError(`the file has ${text.length} characters, at most ${MAX_CSV_LENGTH} are read`)
  }
  let lines: string[][]
  try {
    lines = parse(text, { bom: true, skip_empty_lines: true, trim: true })
  } catch (error) {
    if (error instanceof CsvError)
      throw new CsvFileError(`line ${Number(error.lines ?? 1)}: ${error.message}`)
    throw error
  }
  const [columns = [], ...rest] = lines
  checkColumns(columns)
  if (rest.length > MAX_ITEMS) throw new CsvFileError(`${rest.length} items, at most ${MAX_ITEMS} are kept`)
  const rows = rest.map((cells) => Object.fromEntries(columns.map((name, i) => [name, cells[i] ?? ''])))
  return { columns, rows }
}
