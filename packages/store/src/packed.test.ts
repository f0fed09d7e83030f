/** Rows that come packed: the same rows as those that do not, whatever happens in between. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LinuxAuditLogReader, type TableBatch } from '@auspex/auditd'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openStore, type Store } from './store.js'
import { ticksFromMs } from './ticks.js'

const NOW = Date.UTC(2026, 10, 27)
const sample = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../content/samples/${name}.log`, import.meta.url)))
const SAMPLES = ['ssh-session-raw', 'ssh-session-enriched']

let directory: string
let store: Store

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-packed-'))
  store = await openStore({ directory, clock: () => NOW })
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

function batches(log: Uint8Array, packed: boolean): TableBatch[] {
  const reader = new LinuxAuditLogReader({ computer: 'web-1', packed, users: new Map([[0, 'root']]) })
  const all: TableBatch[] = []
  const take = () => {
    for (let result = reader.take(); result !== undefined; result = reader.take()) all.push(result.batch)
  }
  for (let at = 0; at < log.length; at += 50_000) {
    reader.push(log.subarray(at, at + 50_000))
    take()
  }
  reader.end()
  take()
  return all
}

/** Every row of the table in the order of arrival, each cell by its column; empty cells left out. */
async function stored(): Promise<Record<string, unknown>[]> {
  const { columns } = store.schema().tables.find(({ name }) => name === 'LinuxAuditLog_CL')!
  const list = columns.map(({ name }) => `"${name}"`).join(', ')
  const sql = `SELECT ${list} FROM "LinuxAuditLog_CL" ORDER BY "_RowId"`
  const rows = await (await store.query({ sql, parameters: [], columns })).collect()
  return rows.map((row) =>
    Object.fromEntries(
      columns.flatMap(({ name }, i) => (row[i] === '' || row[i] === null ? [] : [[name, row[i]]])),
    ),
  )
}

function expected(log: Uint8Array): Record<string, unknown>[] {
  return batches(log, false).flatMap((batch) =>
    Array.from({ length: batch.rowCount }, (_, row) => {
      const cells: Record<string, unknown> = { _TimeReceived: ticksFromMs(NOW), Type: batch.table }
      for (const [name, column] of batch.columns) {
        const cell = column[row]
        if (cell === undefined || cell === '') continue
        cells[name] = typeof cell === 'number' ? ticksFromMs(cell) : cell
      }
      return cells
    }),
  )
}

async function ingest(log: Uint8Array, source = 'log'): Promise<void> {
  let at = 0n
  for (const batch of batches(log, true)) {
    await store.ingest({ source, from: at, to: at + 1n, tables: [batch] })
    at++
  }
}

describe('packed rows', () => {
  test.each(SAMPLES)('are those of %s, each column and each byte', async (name) => {
    const log = sample(name)
    expect(batches(log, true).some(({ packed }) => packed !== undefined)).toBe(true)
    await ingest(log)
    expect(await stored()).toEqual(expected(log))
    const raw = (await stored()).map((row) => row.RawData)
    expect(raw.join('\n')).toBe(log.toString('utf8').trimEnd())
    expect(await store.check()).toEqual([])
  })

  test('are those of lines that were changed anywhere', async () => {
    const lines = SAMPLES.flatMap((name) => sample(name).toString('latin1').split('\n').slice(0, 300))
    const odd = [
      "'",
      '"',
      '=',
      ' ',
      '\x1d',
      '(',
      ')',
      '\xff',
      '\x1e',
      '\x1f',
      'é',
      ' pid=7 ',
      '-',
      '00',
      '4294967295',
      '2F',
      'F',
    ]
    const change = fc.record({ at: fc.nat(400), text: fc.constantFrom(...odd), instead: fc.nat(3) })
    const line = fc
      .tuple(fc.constantFrom(...lines), fc.array(change, { maxLength: 2 }))
      .map(([text, changes]) =>
        changes.reduce((t, { at, text: put, instead }) => t.slice(0, at) + put + t.slice(at + instead), text),
      )
    const log = fc.sample(line, { numRuns: 3000, seed: 7 }).join('\n')
    const bytes = Buffer.from(log, 'latin1')
    await ingest(bytes)
    const rows = await stored()
    const wanted = expected(bytes)
    expect(rows).toHaveLength(wanted.length)
    for (const [i, row] of rows.entries()) expect(row).toEqual(wanted[i])
  })

  test('are found again after a restart, and by a reader that knows nothing yet', async () => {
    const [raw, enriched] = SAMPLES.map(sample)
    await ingest(raw!, 'a')
    await store.close()
    store = await openStore({ directory, clock: () => NOW })
    await ingest(enriched!, 'b')
    await store.compact()
    expect(await stored()).toEqual([...expected(raw!), ...expected(enriched!)])
    expect(await store.check()).toEqual([])
  })

  test('go when they are too old, and what only they said with them', async () => {
    const lines = sample('ssh-session-enriched').toString('latin1').split('\n')
    const old = lines.slice(0, 400).map((line) => line.replace('audit(1795', 'audit(1794'))
    const log = Buffer.from([...old, ...lines.slice(400)].join('\n'), 'latin1')
    await ingest(log)
    const all = expected(log)
    await store.purge({ days: { LinuxAuditLog_CL: 10 } })
    const kept = await stored()
    expect(kept).toEqual(all.slice(400))
    expect(await store.check()).toEqual([])
    await ingest(log, 'again')
    expect(await stored()).toEqual([...kept, ...all])
    expect(await store.check()).toEqual([])
  })

  test('are counted: a batch that says otherwise is refused', async () => {
    const [batch] = batches(sample('ssh-session-raw'), true)
    await expect(store.append([{ ...batch!, rowCount: 3 }])).rejects.toThrow(/packed and other rows/)
    await expect(store.append([{ ...batch!, table: 'Other_CL' }])).rejects.toThrow(/packed/)
  })
})
