/**
 * How long an acknowledgement takes while heavy queries run.
 *
 * usage: node bench/store/concurrency.mjs STORE_DIRECTORY [SECONDS]
 *
 * The store (of ingest.mjs --keep) is written to. A source sends 50 rows, waits for the answer, rests 10 ms,
 * and again: alone, then beside ten queries that sort and join all rows, begun anew as they end.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { openStore } from '@auspex/store'

const [, , directory, seconds = '20'] = process.argv
const store = await openStore({ directory })
const HEAVY = `SELECT count(*) FROM (SELECT a."AuditID_s", row_number() OVER (ORDER BY a."RawData") AS n
  FROM "LinuxAuditLog_CL" a JOIN "LinuxAuditLog_CL" b ON a."AuditID_s" = b."AuditID_s") WHERE n % 2 = 0`
const source = `bench:${Date.now()}`
let position = 0n

console.log('| | acknowledgements | p50 ms | p99 ms | longest ms | queries done |\n|---|---|---|---|---|---|')
print('alone', await feed(0))
print('beside ten heavy queries', await feed(10))
await store.close()

async function feed(queries) {
  const end = Date.now() + Number(seconds) * 1000
  const stop = new AbortController()
  let done = 0
  const running = Array.from({ length: queries }, async () => {
    while (Date.now() < end) {
      const query = { sql: HEAVY, parameters: [], columns: [{ name: 'n', type: 'long' }] }
      try {
        await (await store.query(query, { signal: stop.signal })).collect()
        done++
      } catch (error) {
        if (!stop.signal.aborted) throw error
      }
    }
  })
  const times = []
  while (Date.now() < end) {
    const start = performance.now()
    await store.ingest({ source, from: position, to: ++position, tables: [rows()] })
    times.push(performance.now() - start)
    await sleep(10)
  }
  stop.abort()
  await Promise.all(running)
  return { times: times.sort((a, b) => a - b), done }
}

function rows() {
  const text = Array.from(
    { length: 50 },
    (_, row) => `type=USER_CMD msg=audit(1.0:${position}${row}): pid=1 uid=0 cmd="ls"`,
  )
  const columns = new Map([
    ['TimeGenerated', text.map(() => Date.now())],
    ['RecordType_s', text.map(() => 'USER_CMD')],
    ['AuditID_s', text.map((_, row) => `1.0:${position}${row}`)],
    ['RawData', text],
  ])
  return { table: 'LinuxAuditLog_CL', rowCount: 50, columns }
}

function print(name, { times, done }) {
  const at = (share) => times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(0)
  console.log(`| ${name} | ${times.length} | ${at(0.5)} | ${at(0.99)} | ${at(1)} | ${done} |`)
}
