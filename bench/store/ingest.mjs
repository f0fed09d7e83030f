/**
 * A log from file to durable, queryable rows, beside what reads and compresses the same file otherwise.
 *
 * usage: node --max-semi-space-size=32 bench/store/ingest.mjs LOG [--keep DIRECTORY] [--slow]
 *
 * Prints Markdown tables. CPU seconds compare better than wall seconds on a machine that is shared.
 * `--slow` adds `ausearch -i` and `zstd -19`.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ingestFile } from '@auspex/collect'
import { openStore } from '@auspex/store'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { keep: { type: 'string' }, slow: { type: 'boolean' } },
})
const log = positionals[0]
const megabytes = statSync(log).size / 1e6

const directory = values.keep ?? mkdtempSync(join(tmpdir(), 'auspex-ingest-'))
const rows = [await ingest(), tool('ausearch --raw', `ausearch -if '${log}' --raw`)]
if (values.slow) rows.push(tool('ausearch -i', `ausearch -if '${log}' -i`))
console.log(
  `${megabytes.toFixed(0)} MB of log\n\n| | wall s | CPU s | MB a CPU s | peak RSS MB |\n|---|---|---|---|---|`,
)
for (const { name, wall, cpu, rss } of rows) {
  console.log(
    `| ${name} | ${wall.toFixed(1)} | ${cpu.toFixed(1)} | ${(megabytes / cpu).toFixed(1)} | ${rss} |`,
  )
}
console.log(`\n| | MB on disk | of the log |\n|---|---|---|`)
for (const [name, bytes] of sizes()) {
  console.log(`| ${name} | ${(bytes / 1e6).toFixed(1)} | ${((bytes / 1e6 / megabytes) * 100).toFixed(1)} % |`)
}
if (!values.keep) rmSync(directory, { recursive: true })

async function ingest() {
  const before = process.cpuUsage()
  const start = performance.now()
  const store = await openStore({ directory })
  await ingestFile(log, store, { computer: 'host' })
  await store.close()
  const { user, system } = process.cpuUsage(before)
  return {
    name: 'auspex: parsed, stored, synced, compacted',
    wall: (performance.now() - start) / 1000,
    cpu: (user + system) / 1e6,
    rss: Math.round(process.resourceUsage().maxRSS / 1024),
  }
}

function tool(name, command) {
  const run = spawnSync('bash', ['-c', `time -p ${command} > /dev/null`], { encoding: 'utf8' })
  const seconds = (label) => Number(new RegExp(`${label} ([\\d.]+)`).exec(run.stderr)?.[1] ?? Number.NaN)
  return { name, wall: seconds('real'), cpu: seconds('user') + seconds('sys'), rss: '' }
}

function sizes() {
  const compressed = (level) =>
    Number(spawnSync('bash', ['-c', `zstd -${level} -T1 -c '${log}' | wc -c`], { encoding: 'utf8' }).stdout)
  const list = [
    [
      'auspex: LinuxAuditLog_CL with the raw text, and AuditEvent',
      statSync(join(directory, 'store.duckdb')).size,
    ],
    ['zstd -3', compressed(3)],
  ]
  if (values.slow) list.push(['zstd -19', compressed(19)])
  return list
}
