/**
 * A process to be killed: reads `audit.log` and its rotated predecessors from where the store says it
 * stopped, in small batches, until the file `stop` is there and nothing is left to read.
 *
 * usage: node feeder.mjs DATA_DIRECTORY LOG_DIRECTORY
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LinuxAuditLogReader } from '@auspex/auditd'
import { openStore } from '@auspex/store'

const [, , dataDirectory, logDirectory] = process.argv
const CHUNK = 4096

// A tiny threshold, so that the kills also meet checkpoints.
const store = await openStore({
  directory: dataDirectory,
  checkpointBytes: 256 * 1024,
  reserveBytes: 1024 * 1024,
})

for (;;) {
  const last = existsSync(join(logDirectory, 'stop'))
  let fed = 0
  for (const name of oldestFirst(readdirSync(logDirectory))) fed += await feed(join(logDirectory, name))
  if (last && fed === 0) break
  if (fed === 0) await sleep(5)
}
await store.close()

/** audit.log.2, audit.log.1, audit.log */
function oldestFirst(names) {
  const age = (name) => Number(name.split('.')[2] ?? 0)
  return names.filter((name) => name.startsWith('audit.log')).sort((a, b) => age(b) - age(a))
}

async function feed(path) {
  const file = openSync(path, 'r')
  try {
    const source = `file:${fstatSync(file).ino}`
    let position = (await store.position(source))?.to ?? 0n
    const reader = new LinuxAuditLogReader({ computer: 'host' })
    const buffer = Buffer.alloc(CHUNK)
    let fed = 0
    let readAt = Number(position)
    for (;;) {
      const length = readSync(file, buffer, 0, CHUNK, readAt)
      if (length === 0) return fed
      readAt += length
      reader.push(buffer.subarray(0, length))
      for (let part = reader.take(); part !== undefined; part = reader.take()) {
        const to = position + BigInt(part.bytes)
        await store.ingest({ source, from: position, to, tables: [part.batch] })
        process.stdout.write(`${source} ${to}\n`)
        position = to
        fed += part.batch.rowCount
      }
    }
  } finally {
    closeSync(file)
  }
}
