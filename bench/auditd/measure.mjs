/**
 * Measures the library beside the reference tools on one log: whole processes on one core, output to /dev/null,
 * the file in the page cache. Commands take turns, so that what else the machine does hits all of them; of each
 * command the run with the least processor time counts, and the median is shown beside it.
 *
 *     node bench/auditd/measure.mjs FILE [RUNS = 3] [CORE = 0] > table.md
 *
 * Tools that are not on the machine are left out. The programs in `others/` are used where they have been built
 * (`cargo build --release`, `go build`).
 */
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const [file, runs = '3', core = '0'] = process.argv.slice(2)
if (file === undefined) {
  process.stderr.write('usage: node bench/auditd/measure.mjs FILE [RUNS] [CORE]\n')
  process.exit(2)
}
const here = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const node = (way) => `${process.execPath} ${here('read.mjs')} ${way} ${file}`
const rust = here('others/linux-audit-parser/target/release/bench-linux-audit-parser')
const go = here('others/go-libaudit/libauditbench')

const COMMANDS = [
  { name: 'wc -l', command: `wc -l ${file}` },
  { name: '**Auspex, records**', command: node('records') },
  { name: 'ausearch --raw', command: `ausearch -if ${file} --raw`, needs: 'ausearch' },
  { name: 'linux-audit-parser 0.2.8 (Rust), records', command: `${rust} ${file}`, needs: rust },
  { name: '**Auspex, interpret**', command: node('interpret') },
  { name: 'ausearch -i', command: `ausearch -if ${file} -i`, needs: 'ausearch' },
  { name: '**Auspex, LinuxAuditLog_CL rows**', command: node('rows') },
  { name: '**Auspex, rows and AuditEvent rows**', command: node('events') },
  { name: 'ausearch --format csv', command: `ausearch -if ${file} --format csv`, needs: 'ausearch' },
  { name: 'go-libaudit 2.6.2 (Go), records', command: `${go} ${file}`, needs: go },
].filter(({ needs }) => needs === undefined || existsSync(needs) || spawnSync('which', [needs]).status === 0)

function measure(command) {
  // bash's time adds up what the command and its children used.
  const script = `TIMEFORMAT='TIME %R %U %S'; time taskset -c ${core} ${command} > /dev/null`
  const { stderr } = spawnSync('bash', ['-c', script], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const [, wall, user, system] = /TIME (\S+) (\S+) (\S+)/.exec(stderr)
  const memory = /"rssMiB":([0-9]+)/.exec(stderr)?.[1]
  return { wall: Number(wall), cpu: Number(user) + Number(system), memory }
}

const results = new Map(COMMANDS.map(({ name }) => [name, []]))
for (let run = 0; run < Number(runs); run++) {
  for (const { name, command } of COMMANDS) {
    const measured = measure(command)
    results.get(name).push(measured)
    process.stderr.write(
      `${run + 1} ${name}: ${measured.cpu.toFixed(2)} s cpu, ${measured.wall.toFixed(2)} s wall\n`,
    )
  }
}

const megabytes = statSync(file).size / 1e6
const least = (name) => Math.min(...(results.get(name) ?? []).map((run) => run.cpu))
const row = (cells) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
row(['command', 'cpu s, least', 'cpu s, median', 'MB/s', 'x ausearch --raw', 'x ausearch -i', 'RSS MiB'])
row(['---', '--:', '--:', '--:', '--:', '--:', '--:'])
for (const { name } of COMMANDS) {
  const cpus = results
    .get(name)
    .map((run) => run.cpu)
    .sort((a, b) => a - b)
  const ratio = (other) => (results.has(other) ? (least(other) / least(name)).toFixed(1) : '')
  row([
    name,
    least(name).toFixed(2),
    cpus[Math.floor(cpus.length / 2)].toFixed(2),
    (megabytes / least(name)).toFixed(0),
    ratio('ausearch --raw'),
    ratio('ausearch -i'),
    results.get(name)[0].memory ?? '',
  ])
}
