/**
 * The cases of `cases/*.md`: a heading, a query, and the table that it gives.
 *
 *     ## Words
 *     ```kql
 *     print x = 1
 *     ```
 *     | x:long |
 *     | --- |
 *     | 1 |
 *
 * Rows are a multiset unless "In this order:" stands before the table. A cell is what Kusto prints: `null` for a null,
 * nothing for an empty string; `\|`, `\n` and `\\` stand for those characters. A query that is refused has instead of a
 * table a line for each error, `> CODE line:column message`.
 */
import { readdirSync, readFileSync } from 'node:fs'

export interface Case {
  readonly name: string
  readonly query: string
  readonly ordered: boolean
  /** The header first; undefined where errors are expected, or nothing has been written yet. */
  readonly table: readonly (readonly string[])[] | undefined
  readonly errors: readonly string[]
  /** Where the expectation stands in the file: offset of its first and behind its last character. */
  readonly from: number
  readonly to: number
}

const FOLDER = new URL('../cases/', import.meta.url)

export function caseFiles(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
}

export const pathOf = (file: string): URL => new URL(file, FOLDER)

export function readCases(file: string): Case[] {
  const text = readFileSync(pathOf(file), 'utf8')
  const pattern = /^## (.*)\n+```kql\n([\s\S]*?)\n```\n([\s\S]*?)(?=^## |(?![\s\S]))/gm
  return [...text.matchAll(pattern)].map((match) => {
    const [whole, name, query, expectation] = match as unknown as [string, string, string, string]
    const lines = expectation.split('\n').filter((line) => line.trim() !== '')
    const rows = lines.filter((line) => line.startsWith('|')).map(cellsOf)
    const to = match.index + whole.length
    return {
      name,
      query,
      ordered: lines.some((line) => /^in this order:$/i.test(line)),
      table: rows.length > 0 ? [rows[0]!, ...rows.slice(2)] : undefined,
      errors: lines.filter((line) => line.startsWith('> ')).map((line) => line.slice(2)),
      from: to - expectation.length,
      to,
    }
  })
}

function cellsOf(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  const inner = line.trim().slice(1, -1)
  for (let i = 0; i < inner.length; i++) {
    const character = inner[i]!
    if (character === '|') {
      cells.push(cell)
      cell = ''
    } else if (character === '\\' && 'n|\\'.includes(inner[i + 1] ?? ' ')) {
      i++
      cell += inner[i] === 'n' ? '\n' : inner[i]
    } else cell += character
  }
  return [...cells, cell].map((text) => text.replace(/^ | $/g, ''))
}

export function tableText(table: readonly (readonly string[])[], ordered: boolean): string {
  const cell = (text: string) => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('\n', '\\n')
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  const [header, ...rows] = table
  const lines = [line(header!), `|${header!.map(() => ' --- |').join('')}`, ...rows.map(line)]
  return `${ordered ? 'In this order:\n\n' : ''}${lines.join('\n')}\n`
}
