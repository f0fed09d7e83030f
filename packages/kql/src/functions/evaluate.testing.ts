/** For tests: the values of KQL expressions, compiled and run on DuckDB. */
import { beforeAll, describe, expect, it } from 'vitest'
import { compile } from '../compile.js'
import { openDuckDB } from '../duckdb.testing.js'

const schema = { name: 'test', tables: [] }

let opened: ReturnType<typeof openDuckDB> | undefined

/** Integers of 64 bits and dynamics are text, else what JSON has for the value. */
async function run(query: string): Promise<readonly unknown[]> {
  opened ??= openDuckDB()
  const { sql } = compile(query, { schema, now: 0n })
  const [row] = (await (await opened).runAndReadAll(sql)).getRowsJson()
  return row!
}

const named = (expressions: readonly string[]) => expressions.map((text, i) => `x${i} = ${text}`).join(', ')

// A string, or an array, that is an argument: not one inside an array.
const ARGUMENT = /\bdynamic\([^)]*\)|@'[^']*'|'(?:[^'\\]|\\.)*'/g

/** Literal strings and arrays of the expressions stand in columns, so that nothing is known before the query runs. */
function onColumns(expressions: readonly string[]): string {
  const columns: string[] = []
  const values: string[] = []
  const bodies = expressions.map((expression) =>
    expression.replace(ARGUMENT, (argument) => {
      columns.push(`c${columns.length}: ${argument.startsWith('dynamic') ? 'dynamic' : 'string'}`)
      values.push(argument)
      return `c${columns.length - 1}`
    }),
  )
  return `datatable(${columns.join(', ')})[${values.join(', ')}] | project ${named(bodies)}`
}

/** All in one query, because a query costs more than a function; one by one if that fails, to say which. */
async function evaluate(
  expressions: readonly string[],
  query: (expressions: readonly string[]) => string,
): Promise<readonly unknown[]> {
  try {
    return await run(query(expressions))
  } catch {
    const values: unknown[] = []
    for (const expression of expressions) {
      const value = await run(query([expression])).catch((error: unknown) => [error])
      values.push(value[0])
    }
    return values
  }
}

/** One test for each pair of a KQL expression and its value; a real may differ in the last digits. */
export function describeExpressions(title: string, cases: readonly (readonly [string, unknown])[]): void {
  const expressions = cases.map(([expression]) => expression)
  describe(title, () => {
    const variants: [string, (expressions: readonly string[]) => string][] = [
      ['of literals', (list) => `print ${named(list)}`],
    ]
    if (expressions.some((text) => text.search(ARGUMENT) >= 0)) variants.push(['of columns', onColumns])
    for (const [variant, query] of variants) {
      describe(variant, () => {
        let values: readonly unknown[] = []
        beforeAll(async () => {
          values = await evaluate(expressions, query)
        })
        it.each(cases.map(([expression, expected], i) => [expression, expected, i] as const))(
          '%s',
          (_expression, expected, i) => {
            const value = values[i]
            if (typeof expected === 'number' && Number.isFinite(expected)) {
              expect(Math.abs(Number(value) - expected)).toBeLessThanOrEqual(1e-13 * Math.abs(expected))
            } else {
              expect(typeof expected === 'number' && value !== null ? Number(value) : value).toEqual(expected)
            }
          },
        )
      })
    }
  })
}
