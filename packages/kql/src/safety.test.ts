import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { openDuckDB } from './duckdb.testing.js'
import { compile, type DatabaseSchema, KqlError } from './index.js'

const schema: DatabaseSchema = {
  name: 'db',
  tables: [
    {
      name: 'T',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'a', type: 'long' },
        { name: 's', type: 'string' },
        { name: 'd', type: 'dynamic' },
      ],
    },
  ],
}

let run: (kql: string) => Promise<unknown[][]>
let secretIsThere: () => Promise<boolean>

beforeAll(async () => {
  const connection = await openDuckDB()
  await connection.run(
    `CREATE TABLE "T" ("TimeGenerated" BIGINT, "a" BIGINT, "s" VARCHAR NOT NULL DEFAULT '', "d" JSON, "_RowId" BIGINT)`,
  )
  await connection.run(`INSERT INTO "T" VALUES (0, 1, 'one', '{"k":1}', 1)`)
  await connection.run('CREATE TABLE "Secret" ("s" VARCHAR)')
  await connection.run(`INSERT INTO "Secret" VALUES ('the secret')`)
  run = async (kql) => {
    const { sql } = compile(kql, { schema, now: 0n })
    return (await connection.runAndReadAll(sql)).getRowsJS() as unknown[][]
  }
  secretIsThere = async () => {
    const rows = (await connection.runAndReadAll('SELECT count(*) FROM "Secret"')).getRowsJS()
    return rows[0]?.[0] === 1n
  }
})

const HOSTILE = [
  '\'; DROP TABLE "Secret"; --',
  "' OR '1'='1",
  "\\'; DROP TABLE Secret; --",
  'x\' UNION ALL SELECT s FROM "Secret" --',
  '"; DROP TABLE "Secret"; --',
  "/* ' */ -- '",
  "$$'; SELECT 1; $$",
  "E'\\''",
  '\u0000; DROP TABLE "Secret"',
  'a\u0000\' || (SELECT s FROM "Secret") || \'',
  '\u2019 \uff07 \u02bc',
  '\ud800',
  "$0 $1 $* $& $' $`",
  '{{s}} ${s} %s ?1 :a @b',
  '$filter $order',
]

/** A KQL string literal; JSON's escapes are KQL's. */
function literal(text: string): string {
  return JSON.stringify(text)
}

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
)
const name = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ minLength: 1, maxLength: 20 }))

/** Every place of a query that holds a text of the user's. */
const POSITIONS: Readonly<Record<string, (l: string) => string>> = {
  equality: (l) => `T | where s == ${l}`,
  'equality without case': (l) => `T | where s =~ ${l}`,
  has: (l) => `T | where s has ${l}`,
  'has in a column': (l) => `T | extend n = ${l} | where s has n`,
  contains: (l) => `T | where s contains ${l}`,
  startswith: (l) => `T | where s startswith ${l}`,
  in: (l) => `T | where s in (${l}, "b")`,
  'in without case': (l) => `T | where s in~ (${l}, "b")`,
  has_any: (l) => `T | where s has_any (${l}, "b")`,
  'has_any of an array': (l) => `T | where s has_any (dynamic([${l}]))`,
  'case branch': (l) => `T | extend x = case(a > 1, ${l}, "z")`,
  strcat: (l) => `T | extend x = strcat(s, ${l})`,
  replace: (l) => `T | extend x = replace_string(s, ${l}, ${l})`,
  split: (l) => `T | extend x = split(s, ${l})`,
  key: (l) => `T | extend x = d[${l}]`,
  bag: (l) => `T | extend x = pack(${l}, ${l})`,
  'dynamic value': (l) => `T | extend x = dynamic({"k": ${l}})`,
  'dynamic key': (l) => `T | extend x = dynamic({${l}: 1})`,
  'parse pattern': (l) => `T | parse s with * ${l} x:long ${l} y`,
  'datatable cell': (l) => `datatable(x:string)[${l}] | where x == ${l}`,
  'aggregate condition': (l) => `T | summarize countif(s == ${l}), make_set(${l})`,
  'group key': (l) => `T | summarize count() by x = ${l}`,
  'function argument': (l) => `let f = (p:string) { T | where s == p }; f(${l})`,
  'let value': (l) => `let p = ${l}; T | where s == p or s has p`,
  'union source': (l) => `union withsource=x T, (T | extend s = ${l})`,
  search: (l) => `search in (T) ${l}`,
  sort: (l) => `T | sort by strcat(s, ${l})`,
  'window default': (l) => `T | serialize | extend x = prev(s, 1, ${l})`,
  'make-series default': (l) => `T | make-series n = count() on a from 0 to 3 step 1 by x = ${l}`,
}

describe('a text of the user', () => {
  it.each(HOSTILE)('comes back as it was: %j', async (hostile) => {
    const expected = hostile.replace(/[\ud800-\udfff]/g, '\ufffd')
    expect(await run(`print x = ${literal(hostile)}`)).toEqual([[expected]])
    expect(await run(`datatable(x:string)[${literal(hostile)}] | where x == ${literal(hostile)}`)).toEqual([
      [expected],
    ])
  })

  it.each(Object.keys(POSITIONS))('stays a text: %s', async (position) => {
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        try {
          const rows = await run(POSITIONS[position]!(literal(value)))
          expect(
            JSON.stringify(rows, (_, v: unknown) => (typeof v === 'bigint' ? v.toString() : v)),
          ).not.toContain('the secret')
        } catch (error) {
          // The binder or we may refuse the text, and DuckDB a regular expression; nothing else may go wrong.
          if (!(error instanceof KqlError)) throw error
        }
        expect(await secretIsThere()).toBe(true)
      }),
      { numRuns: 25 },
    )
  })

  it('as a name stays a name', async () => {
    await fc.assert(
      fc.asyncProperty(name, async (value) => {
        const quoted = `[${literal(value)}]`
        try {
          await run(
            `T | extend ${quoted} = a | where ${quoted} > 0 | summarize ${quoted} = sum(${quoted}) by s | sort by ${quoted}`,
          )
        } catch (error) {
          if (!(error instanceof KqlError)) throw error
        }
        expect(await secretIsThere()).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a query', () => {
  const refused = (kql: string) => {
    try {
      compile(kql, { schema, now: 0n })
    } catch (error) {
      if (error instanceof KqlError) return error.diagnostics.map((diagnostic) => diagnostic.code)
      throw error
    }
    return []
  }

  it.each([
    'Secret | take 1',
    'table("Secret")',
    'union Secret',
    'database("other").Secret',
    'T | join Secret on s',
    'information_schema.tables',
    'table("information_schema.tables")',
    'duckdb_settings()',
    'print read_text("/etc/passwd")',
    'T | extend x = getenv("HOME")',
    'externaldata(x:string)["/etc/passwd"]',
    'external_table("x")',
    'T | evaluate http_request("http://localhost")',
    'T | evaluate sql_request("a", "b")',
    '.show tables',
    '.drop table T',
    'T | take 1; DROP TABLE T',
  ])('can not reach what it was not given: %s', (kql) => {
    expect(refused(kql)).not.toEqual([])
  })

  it('is bounded in length and depth', () => {
    expect(refused(`print "${'x'.repeat(70_000)}"`)).toEqual(['AUX001'])
    expect(refused(`print ${'('.repeat(3000)}1${')'.repeat(3000)}`)).toEqual(['AUX002'])
    expect(refused(`T ${'| where a > 1 '.repeat(3000)}`)).not.toEqual([])
  })

  it('that repeats itself does not grow without bound', () => {
    const steps = Array.from({ length: 30 }, () => '| extend s = strcat(s, s)').join(' ')
    expect(compile(`T ${steps}`, { schema, now: 0n }).sql.length).toBeLessThan(20_000)
  })
})
