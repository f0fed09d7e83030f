/**
 * How long compiling takes, and whether the compiled SQL runs as fast as SQL written by hand.
 *
 *   node bench/kql/measure.mjs STORE [RUNS]     STORE: a data folder with a log in it, made by `auspex import`
 *
 * Prints two Markdown tables. Each query is run in turns with its hand-written twin; the figures are medians.
 */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile, DUCKDB_PRELUDE } from '../../packages/kql/dist/index.js'
import { Compiler } from '../../packages/server/dist/index.js'
import { openStore } from '../../packages/store/dist/index.js'

const [directory, runsText = '7'] = process.argv.slice(2)
if (directory === undefined) {
  process.stderr.write('usage: node bench/kql/measure.mjs STORE [RUNS]\n')
  process.exit(2)
}
const runs = Number(runsText)
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
const ms = (value) => value.toFixed(value < 10 ? 2 : 0)
async function timed(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

const article = readFileSync(
  fileURLToPath(new URL('../../e2e/main-job/article/3-who-was-root.kql', import.meta.url)),
  'utf8',
)
const store = await openStore({ directory })
const schema = store.schema()
const now = 638_000_000_000_000_000n

async function compileTimes() {
  const cold = []
  for (let i = 0; i < 3; i++) {
    const compiler = new Compiler()
    cold.push(await timed(() => compiler.compile(article, { schema, now })))
    compiler.close()
  }
  const first = await timed(() => compile(article, { schema, now }))
  const fresh = []
  const cached = []
  for (let i = 0; i < 30; i++) {
    fresh.push(await timed(() => compile(`${article}\n// ${i}`, { schema, now })))
    cached.push(await timed(() => compile(article, { schema, now })))
  }
  return [
    ['a fresh compiler process, from its snapshot', median(cold)],
    ['the same without a snapshot: loading the language service and its first parse', first],
    ['warm, a text not seen before', median(fresh)],
    ['warm, a text seen before (other window, other now)', median(cached)],
  ]
}

/** KQL and what a person would write for it. */
const QUERIES = [
  ['LinuxAuditLog_CL | count', 'SELECT count(*) FROM "LinuxAuditLog_CL"'],
  [
    'LinuxAuditLog_CL | summarize count() by RecordType_s',
    'SELECT "RecordType_s", count(*) FROM "LinuxAuditLog_CL" GROUP BY 1',
  ],
  [
    'LinuxAuditLog_CL | where RecordType_s == "EXECVE" | summarize N = count() by a0_s | top 10 by N',
    `SELECT "a0_s", count(*) AS n FROM "LinuxAuditLog_CL" WHERE "RecordType_s" = 'EXECVE' GROUP BY 1 ORDER BY n DESC LIMIT 10`,
  ],
  [
    'LinuxAuditLog_CL | where RecordType_s == "SYSCALL" and exe_s endswith "bash" | count',
    `SELECT count(*) FROM "LinuxAuditLog_CL" WHERE "RecordType_s" = 'SYSCALL' AND lower("exe_s") LIKE '%bash'`,
  ],
  [
    'LinuxAuditLog_CL | where RawData contains "shadow" | count',
    `SELECT count(*) FROM "LinuxAuditLog_CL" WHERE "RawData" ILIKE '%shadow%'`,
  ],
  [
    'LinuxAuditLog_CL | summarize count() by bin(TimeGenerated, 1m)',
    'SELECT "TimeGenerated" - "TimeGenerated" % 600000000, count(*) FROM "LinuxAuditLog_CL" GROUP BY 1',
  ],
  [
    'LinuxAuditLog_CL | where key_s != "" | distinct key_s, audit_user_s',
    `SELECT DISTINCT "key_s", "audit_user_s" FROM "LinuxAuditLog_CL" WHERE "key_s" <> ''`,
  ],
  [
    'LinuxAuditLog_CL | where RecordType_s == "PATH" | summarize dcount(name_s) by nametype_s',
    `SELECT "nametype_s", count(DISTINCT "name_s") FROM "LinuxAuditLog_CL" WHERE "RecordType_s" = 'PATH' GROUP BY 1`,
  ],
  [
    'LinuxAuditLog_CL | where RecordType_s == "EXECVE" | join kind=inner (LinuxAuditLog_CL | where RecordType_s == "SYSCALL") on AuditID_s | summarize count() by comm_s1',
    `SELECT s."comm_s", count(*) FROM "LinuxAuditLog_CL" e JOIN "LinuxAuditLog_CL" s ON s."AuditID_s" = e."AuditID_s" WHERE e."RecordType_s" = 'EXECVE' AND s."RecordType_s" = 'SYSCALL' GROUP BY 1`,
  ],
  [
    'AuditEvent | where CommandLine has "sudo" | summarize arg_max(TimeGenerated, CommandLine) by AuditUser',
    `SELECT "AuditUser", max("TimeGenerated"), arg_max("CommandLine", "TimeGenerated") FROM "AuditEvent" WHERE regexp_matches("CommandLine", '(?i)(^|[^0-9A-Za-z])sudo([^0-9A-Za-z]|$)') GROUP BY 1`,
  ],
]

async function runTimes() {
  const rows = []
  for (const [kql, sql] of QUERIES) {
    const compiled = compile(kql, { schema, now })
    const hand = { sql, parameters: [], columns: compiled.columns }
    const run = async (query) => (await store.query(query)).collect()
    await run(compiled)
    await run(hand)
    const [ours, theirs] = [[], []]
    for (let i = 0; i < runs; i++) {
      ours.push(await timed(() => run(compiled)))
      theirs.push(await timed(() => run(hand)))
    }
    rows.push([kql, median(ours), median(theirs)])
  }
  return rows
}

const records = (await store.stats()).tables.find(({ table }) => table === 'LinuxAuditLog_CL')?.rows
const out = [`${records} records; ${DUCKDB_PRELUDE.length} macros; ${runs} runs each.`, '']
out.push('| compiling the article’s third query | ms |', '| --- | --: |')
for (const [what, time] of await compileTimes()) out.push(`| ${what} | ${ms(time)} |`)
out.push('', '| query | compiled ms | by hand ms | ratio |', '| --- | --: | --: | --: |')
for (const [kql, ours, theirs] of await runTimes()) {
  out.push(
    `| \`${kql.replaceAll('|', '\\|')}\` | ${ms(ours)} | ${ms(theirs)} | ${(ours / theirs).toFixed(2)} |`,
  )
}
process.stdout.write(`${out.join('\n')}\n`)
await store.close()
