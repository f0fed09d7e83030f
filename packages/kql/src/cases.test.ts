import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type Case, caseFiles, pathOf, readCases, tableText } from './cases.testing.js'
import { KqlError } from './diagnostics.js'
import { tableOf } from './lower/answers.testing.js'

/** UPDATE_CASES=1 npx vitest run packages/kql/src/cases.test.ts writes what is given where nothing is expected yet. */
const UPDATE = process.env['UPDATE_CASES'] !== undefined

const DIGITS = 13

/** Reals by their first digits: the last ones differ from machine to machine. */
function rounded(cell: string, type: string): string {
  if (type !== 'real' && type !== 'dynamic') return cell
  return cell.replace(/-?\d+\.\d{6,}(e[+-]?\d+)?/gi, (number) =>
    String(Number(Number(number).toPrecision(DIGITS))),
  )
}

function comparable([header, ...rows]: readonly (readonly string[])[], ordered: boolean): string[][] {
  const types = header!.map((column) => column.split(':').at(-1)!)
  const cells = rows.map((row) => row.map((cell, i) => rounded(cell, types[i]!)))
  const keyed = cells.map((row) => [JSON.stringify(row), row] as const)
  if (!ordered) keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
  return [[...header!], ...keyed.map(([, row]) => row)]
}

async function given({ query }: Case): Promise<{ table?: string[][]; errors: string[] }> {
  try {
    return { table: await tableOf(query), errors: [] }
  } catch (error) {
    if (!(error instanceof KqlError)) throw error
    return { errors: error.diagnostics.map((d) => `${d.code} ${d.line}:${d.column} ${d.message}`) }
  }
}

for (const file of caseFiles()) {
  describe(file, () => {
    const cases = readCases(file)
    const written: { from: number; to: number; text: string }[] = []
    it('has cases, each with a name of its own', () => {
      expect(cases.length).toBeGreaterThan(0)
      expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    })
    for (const one of cases) {
      it(one.name, async () => {
        const { table, errors } = await given(one)
        if (UPDATE && !one.table && one.errors.length === 0) {
          const text = table
            ? tableText(table, one.ordered)
            : `${errors.map((error) => `> ${error}`).join('\n')}\n`
          written.push({ from: one.from, to: one.to, text: `\n${text}\n` })
          return
        }
        expect(errors).toEqual(one.errors)
        expect(table && comparable(table, one.ordered)).toEqual(
          one.table && comparable(one.table, one.ordered),
        )
      })
    }
    if (UPDATE) {
      it('is written', () => {
        if (written.length === 0) return
        let text = readFileSync(pathOf(file), 'utf8')
        for (const { from, to, text: piece } of written.sort((a, b) => b.from - a.from))
          text = text.slice(0, from) + piece + text.slice(to)
        writeFileSync(pathOf(file), `${text.trimEnd()}\n`)
      })
    }
  })
}
