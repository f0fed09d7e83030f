/** What happens to a store: full disks, folders that can not be written, clocks that jump, older and newer versions. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { StoreAccessError, StoreFullError, StoreVersionError } from './errors.js'
import { openStore, type Store } from './store.js'
import { batch, rows } from './testing.js'
import { ticksFromMs } from './ticks.js'

const NOW = Date.UTC(2026, 0, 1)

let directory: string
let store: Store | undefined

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-trouble-'))
})

afterEach(async () => {
  await store?.close()
  store = undefined
  rmSync(directory, { recursive: true, force: true })
})

describe('a small disk', () => {
  let disk: string
  const mounted = canMount()

  beforeEach(() => {
    disk = join(directory, 'disk')
    mkdirSync(disk)
    if (mounted) spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk])
  })
  afterEach(async () => {
    await store?.close()
    store = undefined
    if (mounted) spawnSync('umount', [disk])
  })

  const noise = (at: bigint) => ({
    source: 'f',
    from: at,
    to: at + 1n,
    tables: [
      batch('Noise_CL', { text_s: Array.from({ length: 500 }, () => Math.random().toString(36).repeat(16)) }),
    ],
  })

  async function fill(reserveBytes: number, checkpointBytes: number): Promise<bigint> {
    store = await openStore({ directory: join(disk, 'data'), reserveBytes, checkpointBytes })
    for (let at = 0n; ; at++) {
      try {
        await store.ingest(noise(at))
      } catch (error) {
        expect(error).toBeInstanceOf(StoreFullError)
        return at
      }
    }
  }

  async function expectStored(acknowledged: bigint): Promise<void> {
    expect((await store!.position('f'))?.to).toBe(acknowledged)
    expect(await rows(store!, 'SELECT count(*) FROM "Noise_CL"', { n: 'long' })).toEqual([
      [acknowledged * 500n],
    ])
  }

  test.skipIf(!mounted)(
    'refuses batches while there is still room for queries, and takes them again later',
    async () => {
      const ballast = join(disk, 'ballast')
      writeFileSync(ballast, Buffer.alloc(6 * 2 ** 20))
      const acknowledged = await fill(2 ** 20, 2 ** 20)
      expect(acknowledged).toBeGreaterThan(0n)
      await expectStored(acknowledged)
      rmSync(ballast)
      expect(await store!.ingest(noise(acknowledged))).toEqual({ stored: true, rows: 500 })
      await expectStored(acknowledged + 1n)
    },
  )

  test.skipIf(!mounted).each([
    ['the write-ahead log', 100 * 2 ** 20],
    ['a checkpoint', 2 ** 20],
  ])('that %s fills loses nothing that was acknowledged', async (_what, checkpointBytes) => {
    const acknowledged = await fill(0, checkpointBytes)
    expect(acknowledged).toBeGreaterThan(0n)
    await expectStored(acknowledged)
    await store!.close()
    store = await openStore({ directory: join(disk, 'data'), reserveBytes: 0 })
    await expectStored(acknowledged)
    expect(await store.check()).toEqual([])
  })

  test.skipIf(!mounted)('that can not be written is named', async () => {
    spawnSync('mount', ['-o', 'remount,ro', disk])
    await expect(openStore({ directory: disk })).rejects.toThrow(/read-only file system/)
    await expect(openStore({ directory: join(disk, 'new') })).rejects.toThrow(StoreAccessError)
  })
})

test('a clock that goes back does not take the time of arrival back', async () => {
  let now = NOW
  const open = () => openStore({ directory, clock: () => now })
  store = await open()
  const feed = (at: bigint) =>
    store!.ingest({ source: 'f', from: at, to: at + 1n, tables: [batch('App_CL', { n_l: [at] })] })
  await feed(0n)
  now -= 3_600_000
  await feed(1n)
  await store.close()
  store = await open()
  await feed(2n)
  now = NOW + 1
  await feed(3n)
  const first = ticksFromMs(NOW)
  expect(
    await rows(store, 'SELECT "_TimeReceived" FROM "App_CL" ORDER BY "_RowId"', { t: 'datetime' }),
  ).toEqual([first, first, first, first + 10_000n].map((ticks) => [ticks]))
})

describe('the version of the file', () => {
  async function run(statements: readonly string[]): Promise<void> {
    const instance = await DuckDBInstance.create(join(directory, 'store.duckdb'))
    const connection = await instance.connect()
    for (const statement of statements) await connection.run(statement)
    connection.disconnectSync()
    instance.closeSync()
  }

  /** The first shape, as it was released. Never change these statements. */
  const VERSION_1 = [
    'CREATE SCHEMA auspex',
    'CREATE TABLE auspex.migration (version INTEGER NOT NULL, what VARCHAR)',
    'CREATE TABLE auspex.prelude (digest VARCHAR NOT NULL)',
    'CREATE SCHEMA parts',
    'CREATE TABLE auspex.table_info (name VARCHAR NOT NULL, docstring VARCHAR NOT NULL)',
    `CREATE TABLE auspex.column_info (table_name VARCHAR NOT NULL, name VARCHAR NOT NULL,
       position INTEGER NOT NULL, type VARCHAR NOT NULL, docstring VARCHAR NOT NULL)`,
    `CREATE TABLE auspex.receipt (source VARCHAR NOT NULL, from_position BIGINT NOT NULL,
       to_position BIGINT NOT NULL, rows BIGINT NOT NULL, note VARCHAR, received BIGINT NOT NULL)`,
    `INSERT INTO auspex.migration VALUES (1, 'first')`,
    `INSERT INTO auspex.table_info VALUES ('Syslog', 'Messages')`,
    `INSERT INTO auspex.column_info VALUES ('Syslog', 'TimeGenerated', 0, 'datetime', ''),
       ('Syslog', '_TimeReceived', 1, 'datetime', ''), ('Syslog', 'SyslogMessage', 2, 'string', ''), ('Syslog', 'Type', 3, 'string', '')`,
    `CREATE TABLE parts."Syslog" ("_RowId" BIGINT NOT NULL, "TimeGenerated" BIGINT, "_TimeReceived" BIGINT,
       "SyslogMessage" VARCHAR NOT NULL DEFAULT '', "Type" VARCHAR NOT NULL DEFAULT '')`,
    `INSERT INTO parts."Syslog" VALUES (41, 1, 2, 'from the first version', 'Syslog')`,
    `INSERT INTO auspex.receipt VALUES ('old', 0, 7, 1, '{"n":1}', 1000)`,
  ]

  test('1 is opened with its rows and receipts, and gets what tables have today', async () => {
    await run(VERSION_1)
    store = await openStore({ directory, clock: () => NOW })
    expect(await store.position('old')).toEqual({ source: 'old', to: 7n, note: '{"n":1}', updated: 1000 })
    await store.append([batch('Syslog', { Facility: ['auth'], SyslogMessage: ['from today'] })])
    const columns = { id: 'long', message: 'string', facility: 'string', host: 'string' } as const
    const sql = 'SELECT "_RowId", "SyslogMessage", "Facility", "HostName" FROM "Syslog" ORDER BY 1'
    expect(await rows(store, sql, columns)).toEqual([
      [41n, 'from the first version', '', ''],
      [42n, 'from today', 'auth', ''],
    ])
  })

  test('of a newer program is refused, with both versions named', async () => {
    await run([...VERSION_1, `INSERT INTO auspex.migration VALUES (99, 'later')`])
    const opening = openStore({ directory })
    await expect(opening).rejects.toThrow(StoreVersionError)
    await expect(opening).rejects.toThrow(/version 99; this program knows up to 2/)
  })
})

function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  const probe = mkdtempSync(join(tmpdir(), 'auspex-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', probe]).status === 0
  if (mounted) spawnSync('umount', [probe])
  rmSync(probe, { recursive: true, force: true })
  return mounted
}
