import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { StoreDamagedError } from './errors.js'
import { openStore, restoreStore, type Store } from './store.js'
import { batch, rows } from './testing.js'
import { ticksFromMs } from './ticks.js'

const DAY = 86_400_000
const NOW = Date.UTC(2026, 5, 30)

let directory: string
let data: string
let store: Store

const open = () => openStore({ directory: data, clock: () => NOW })

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-maintenance-'))
  data = join(directory, 'data')
  store = await open()
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

/** A row a day, the last one today. */
async function fillDays(table: string, days: number, text = 'x'): Promise<void> {
  const age = Array.from({ length: days }, (_, day) => days - 1 - day)
  await store.append([
    batch(table, {
      TimeGenerated: age.map((day) => NOW - day * DAY),
      age_l: age,
      text_s: age.map(() => text),
    }),
  ])
}

const count = (table: string) =>
  rows(store, `SELECT count(*) FROM "${table}"`, { n: 'long' }).then((all) => all[0]![0])

test('purge keeps the days of each table, and for ever what is not named', async () => {
  await fillDays('Short_CL', 100)
  await fillDays('Long_CL', 100)
  await fillDays('Kept_CL', 100)
  expect(await store.purge({ days: { Short_CL: 7, Long_CL: 30 } })).toEqual([
    { table: 'Long_CL', rows: 69 },
    { table: 'Short_CL', rows: 92 },
  ])
  expect([await count('Short_CL'), await count('Long_CL'), await count('Kept_CL')]).toEqual([8n, 31n, 100n])
  expect(await store.purge({ days: { '*': 90 } })).toEqual([{ table: 'Kept_CL', rows: 9 }])
  await expect(store.purge({ days: { Kept_CL: 0 } })).rejects.toMatchObject({ code: 'bad-retention' })
})

test('purge by size deletes the oldest rows until the store fits, and their room is used again', async () => {
  const noise = () => Array.from({ length: 10_000 }, () => Math.random().toString(36))
  for (let day = 40; day > 0; day--) {
    const text = noise()
    await store.append([batch('Noise_CL', { TimeGenerated: text.map(() => NOW - day * DAY), text_s: text })])
  }
  await store.compact()
  const before = await store.stats()
  const used = before.dataBytes - before.freeBytes
  const limit = Math.round(used * 0.5)
  const [purged] = await store.purge({ maxBytes: limit })
  expect(purged!.rows).toBeGreaterThan(0)
  const after = await store.stats()
  expect(after.dataBytes - after.freeBytes).toBeLessThan(used * 0.7)
  const table = after.tables.find((stats) => stats.table === 'Noise_CL')!
  expect(table.newest).toBe(ticksFromMs(NOW - DAY))
  expect(table.oldest!).toBeGreaterThan(ticksFromMs(NOW - 40 * DAY))
})

test('receipts that were replaced are forgotten at a purge, the last of each source is not', async () => {
  for (let at = 0n; at < 5n; at++) {
    await store.ingest({ source: 'a', from: at, to: at + 1n, tables: [batch('App_CL', { a_s: ['x'] })] })
  }
  await store.purge({})
  expect(
    await rows(store, 'SELECT source, to_position FROM auspex.receipt', { s: 'string', p: 'long' }),
  ).toEqual([['a', 5n]])
})

test('a backup that was made while rows came in holds all that was acknowledged before it', async () => {
  await fillDays('App_CL', 50)
  let position = 0n
  let stop = false
  const feeding = (async () => {
    while (!stop) {
      await store.ingest({
        source: 'f',
        from: position,
        to: ++position,
        tables: [batch('App_CL', { text_s: ['more'] })],
      })
    }
  })()
  while (position < 5n) await new Promise((resolve) => setTimeout(resolve, 5))
  const before = position - 1n
  const { bytes } = await store.backup(join(directory, 'backup'))
  stop = true
  await feeding
  expect(bytes).toBeGreaterThan(0)
  await expect(store.backup(join(directory, 'backup'))).rejects.toMatchObject({ code: 'backup-exists' })

  await store.close()
  const restored = join(directory, 'restored')
  expect(await restoreStore({ backup: join(directory, 'backup'), directory: restored })).toEqual({
    aside: [],
  })
  store = await openStore({ directory: restored })
  const { to } = (await store.position('f'))!
  expect(to >= before).toBe(true)
  expect(await count('App_CL')).toBe(50n + to)
  expect(await store.check()).toEqual([])
})

test('restoring over a damaged store keeps the damaged file aside', async () => {
  await fillDays('App_CL', 3)
  await store.backup(join(directory, 'backup'))
  await store.close()
  const file = join(data, 'store.duckdb')
  writeFileSync(file, 'damaged')
  await expect(open()).rejects.toThrow(StoreDamagedError)
  const { aside } = await restoreStore({
    backup: join(directory, 'backup'),
    directory: data,
    clock: () => NOW,
  })
  expect(aside).toEqual([`${file}.aside-2026-06-30T00-00-00-000Z`])
  expect(existsSync(aside[0]!)).toBe(true)
  store = await open()
  expect(await count('App_CL')).toBe(3n)
})

test('an export is read by other programs, and imported again gives the same table', async () => {
  const bag = ['{"a":[1,2]}', undefined, '[]']
  await store.append([
    {
      ...batch('App_CL', {
        TimeGenerated: [ticksFromMs(NOW) + 1n, NOW - 10 * DAY, NOW],
        text_s: ['ä', '', 'long enough to leave the place of a short one'],
        n_d: [1.5, undefined, -0.25],
        bag,
      }),
      types: new Map([['bag', 'dynamic']]),
    },
  ])
  const file = join(directory, 'app.parquet')
  expect(await store.export('App_CL', file)).toEqual({ rows: 3 })
  expect(await store.export('App_CL', join(directory, 'part.parquet'), { from: ticksFromMs(NOW) })).toEqual({
    rows: 2,
  })

  const other = await (await DuckDBInstance.create()).connect()
  const foreign = await other.runAndReadAll(
    `SELECT "TimeGenerated"::VARCHAR, text_s FROM read_parquet('${file}')`,
  )
  expect(foreign.getRows()[0]).toEqual(['2026-06-30 00:00:00.0000001', 'ä'])

  const select = 'SELECT "TimeGenerated", text_s, n_d, bag, "Type" FROM "App_CL" ORDER BY "_RowId"'
  const columns = { t: 'datetime', text: 'string', n: 'real', bag: 'dynamic', type: 'string' } as const
  const before = await rows(store, select, columns)
  await store.close()
  data = join(directory, 'second')
  store = await open()
  expect(await store.import(file)).toEqual({ table: 'App_CL', rows: 3 })
  expect(await store.import(file)).toEqual({ table: 'App_CL', rows: 0 })
  expect(await rows(store, select, columns)).toEqual(before)
  expect(readdirSync(join(data, 'exchange'))).toEqual([])
  await expect(store.export('None_CL', file)).rejects.toThrow(/no table None_CL/)
})

test('check finds a string that is null and a row id that came twice', async () => {
  await fillDays('App_CL', 3)
  expect(await store.check()).toEqual([])
  await store.close()
  const instance = await DuckDBInstance.create(join(data, 'store.duckdb'))
  const connection = await instance.connect()
  await connection.run(`ALTER TABLE parts."App_CL" ALTER COLUMN text_s DROP NOT NULL`)
  await connection.run(`UPDATE parts."App_CL" SET text_s = NULL WHERE age_l = 1`)
  await connection.run(`UPDATE parts."App_CL" SET "_RowId" = 1`)
  connection.disconnectSync()
  instance.closeSync()
  store = await open()
  expect(await store.check()).toEqual([
    'App_CL: 3 rows have 1 different row ids',
    'App_CL.text_s: 1 strings are null',
  ])
})
