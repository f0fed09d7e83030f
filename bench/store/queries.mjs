/**
 * How long questions take over a store.
 *
 * usage: node bench/store/queries.mjs STORE_DIRECTORY
 *
 * Prints a Markdown table: milliseconds of each question, the first time and the middle one of five more, with
 * the compiling of the KQL and without. The article's third query is the rule that the
 * repository ships, with two programs added that the generated logs have (`sudo`, `iptables`), so that it finds rows.
 */
import { readFileSync } from 'node:fs'
import { compile } from '@auspex/kql'
import { openStore } from '@auspex/store'

const [, , directory] = process.argv
const store = await openStore({ directory })
const ask = async (sql, type = 'long') =>
  (await (await store.query({ sql, parameters: [], columns: [{ name: 'value', type }] })).collect())[0]?.[0]

const { rows, oldest, newest } = (await store.stats()).tables.find(
  ({ table }) => table === 'LinuxAuditLog_CL',
)
const rule = readFileSync(
  new URL('../../content/analytics/linux-auditlog-pam-tty.yaml', import.meta.url),
  'utf8',
)
const article = rule
  .slice(rule.indexOf('query: |') + 'query: |'.length, rule.indexOf('entityMappings:'))
  .replaceAll('\n  ', '\n')
  .replace("'vim'", "'vim','sudo','iptables'")
const middle = oldest + (newest - oldest) / 2n
const MINUTE = 600_000_000n
const within = (minutes) => ({ from: middle, to: middle + minutes * MINUTE })
const id = await ask(
  `SELECT "AuditID_s" FROM "LinuxAuditLog_CL" WHERE "TimeGenerated" >= ${middle} LIMIT 1`,
  'string',
)

const QUESTIONS = [
  ["the article's third query, 30 minutes", article, within(30n)],
  ["the article's third query, 5 minutes", article, within(5n)],
  [
    'keystrokes (TTY), 30 minutes',
    'LinuxAuditLog_CL | where RecordType_s == "TTY" | project TimeGenerated, data_s',
    within(30n),
  ],
  ['all records of one AuditID', `LinuxAuditLog_CL | where AuditID_s == "${id}"`],
  [
    'what one user ran, counted',
    'LinuxAuditLog_CL | where RecordType_s == "SYSCALL" and audit_user_s == "alice" | summarize count() by exe_s',
  ],
  [
    'records by one key, counted',
    'LinuxAuditLog_CL | where key_s != "" | summarize count() by key_s | top 5 by count_',
  ],
  ['records by type, counted', 'LinuxAuditLog_CL | summarize count() by RecordType_s'],
]

console.log(
  `${rows} records\n\n| question | rows | compile ms | first ms | again ms |\n|---|---|---|---|---|`,
)
for (const [name, text, timeRange] of QUESTIONS) {
  const options = { schema: store.schema(), now: newest, ...(timeRange ? { timeRange } : {}) }
  compile(text, options)
  const start = performance.now()
  const compiled = compile(text, options)
  const compiling = performance.now() - start
  const times = []
  let count = 0
  for (let run = 0; run < 6; run++) {
    const begin = performance.now()
    count = (await (await store.query(compiled)).collect()).length
    times.push(performance.now() - begin)
  }
  const [first, ...again] = times
  const median = again.sort((a, b) => a - b)[2]
  console.log(`| ${name} | ${count} | ${compiling.toFixed(0)} | ${first.toFixed(0)} | ${median.toFixed(0)} |`)
}
await store.close()
