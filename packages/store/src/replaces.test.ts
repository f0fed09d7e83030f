import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BatchError } from './errors.js'
import { openStore, type Store } from './store.js'
import { batch, rows as rowsOf } from './testing.js'
import { ticksFromMs } from './ticks.js'

let directory: string
let store: Store
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-replaces-'))
  store = await openStore({ directory })
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const things = () =>
  rowsOf(store, 'SELECT name_s, state_s FROM "Thing_CL" ORDER BY 1, 2', {
    name_s: 'string',
    state_s: 'string',
  })

const ingest = (from: bigint, names: readonly string[], state: string, time = 1_700_000_000_000) =>
  store.ingest({
    source: 'test',
    from,
    to: from + 1n,
    tables: [
      batch('Thing_CL', {
        TimeGenerated: names.map(() => time),
        name_s: [...names],
        state_s: names.map(() => state),
      }),
    ],
    ...(from === 0n ? {} : { replaces: [{ table: 'Thing_CL', column: 'name_s', values: names }] }),
  })

describe('rows that replace others', () => {
  test('take their place in one transaction with the receipt; sent again they change nothing', async () => {
    await ingest(0n, ['a', 'b', 'c'], 'new')
    await ingest(1n, ['b', 'x'], 'old')
    const after = [
      ['a', 'new'],
      ['b', 'old'],
      ['c', 'new'],
      ['x', 'old'],
    ]
    expect(await things()).toEqual(after)
    expect(await ingest(1n, ['a'], 'again')).toEqual({ stored: false, rows: 0 })
    expect(await things()).toEqual(after)
    await store.close()
    store = await openStore({ directory })
    expect(await things()).toEqual(after)
  })

  test('are many, and are looked for only where they can be', async () => {
    const names = Array.from({ length: 1200 }, (_, i) => `n${i}`)
    await ingest(0n, names, 'new')
    const replaces = (range: { from?: bigint; to?: bigint }) => [
      { table: 'Thing_CL', column: 'name_s', values: names, range },
    ]
    const later = ticksFromMs(1_700_000_000_001)
    await store.ingest({ source: 'test', from: 1n, to: 2n, tables: [], replaces: replaces({ from: later }) })
    expect(await things()).toHaveLength(1200)
    await store.ingest({ source: 'test', from: 2n, to: 3n, tables: [], replaces: replaces({ to: later }) })
    expect(await things()).toEqual([])
  })

  test('need a string column of a table that is there', async () => {
    const bad = (table: string, column: string) =>
      store.ingest({
        source: 's',
        from: 0n,
        to: 1n,
        tables: [],
        replaces: [{ table, column, values: ['x'] }],
      })
    await expect(bad('Nothing', 'a')).rejects.toThrow(BatchError)
    await expect(bad('AuditEvent', 'Serial')).rejects.toThrow('no string column Serial')
  })
})
