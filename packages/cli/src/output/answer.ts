/** A query's answer as a table, as CSV (RFC 4180) or as JSON (an array of objects). */
import { formatValue, type KqlType, toJsonValue } from '@auspex/kql'
import type { QueryAnswer } from '@auspex/server'
import { renderTable } from './table.js'

export const FORMATS = ['table', 'json', 'csv'] as const
export type Format = (typeof FORMATS)[number]

const NUMBERS: ReadonlySet<KqlType> = new Set(['int', 'long', 'real', 'decimal'])

function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function asTable({ columns, rows }: QueryAnswer, width: number | undefined): string {
  const right = new Set(columns.flatMap(({ type }, i) => (NUMBERS.has(type) ? [i] : [])))
  return renderTable(
    columns.map(({ name }) => name),
    rows.map((row) => row.map((cell, i) => formatValue(columns[i]!.type, cell))),
    { columns: width, right },
  )
}

function asCsv({ columns, rows }: QueryAnswer): string {
  const lines = [columns.map(({ name }) => csvCell(name)).join(',')]
  for (const row of rows) {
    lines.push(row.map((cell, i) => csvCell(formatValue(columns[i]!.type, cell))).join(','))
  }
  return `${lines.join('\r\n')}\r\n`
}

function asJson({ columns, rows }: QueryAnswer): string {
  const objects = rows.map((row) =>
    JSON.stringify(
      Object.fromEntries(columns.map(({ name, type }, i) => [name, toJsonValue(type, row[i] ?? null)])),
    ),
  )
  return objects.length === 0 ? '[]\n' : `[\n  ${objects.join(',\n  ')}\n]\n`
}

export function renderAnswer(answer: QueryAnswer, format: Format, width: number | undefined): string {
  switch (format) {
    case 'table':
      return asTable(answer, width)
    case 'csv':
      return asCsv(answer)
    case 'json':
      return asJson(answer)
  }
}
