import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  BatchError,
  PositionOverlapError,
  QueryTimeoutError,
  StoreDamagedError,
  StoreLockedError,
} from './errors.js'
import type { KqlType } from './schema.js'
import { openStore, type Store } from './store.js'
import { batch, rows as rowsOf } from './testing.js'
import { ticksFromMs } from './ticks.js'

const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

let directory: string
let store: Store

const open = () => openStore({ directory, clock: () => NOW })

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-store-'))
  store = await open()
})

afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

const rows = (sql: string, columns: Readonly<Record<string, KqlType>>) => rowsOf(store, sql, columns)

describe('cells', () => {
  test('of every type come back as they went in, over more than one vector', async () => {
    const count = 5000
    const of = <T>(make: (row: number) => T) =>
      Array.from({ length: count }, (_, row) => (row % 7 === 3 ? undefined : make(row)))
    const uuid = (row: number) => `9f1c0a5e-0000-4000-8000-${String(row).padStart(12, '0')}`
    const columns: Record<
      string,
      { type: KqlType; cells: unknown[]; empty: unknown; expect?: (row: number) => unknown }
    > = {
      short_s: { type: 'string', cells: of((row) => `v${row % 10}`), empty: '' },
      limit_s: { type: 'string', cells: of((row) => '123456789012'.slice(0, 11 + (row % 2))), empty: '' },
      long_s: { type: 'string', cells: of((row) => `a text that does not fit ${row % 100}`), empty: '' },
      wide_s: { type: 'string', cells: of((row) => (row % 2 ? 'äöü' : 'ä'.repeat(row % 20))), empty: '' },
      nul_s: { type: 'string', cells: of((row) => `a\0b${row}`), empty: '' },
      count_l: { type: 'long', cells: of((row) => BigInt(row) * -3n), empty: null },
      number_i: { type: 'int', cells: of((row) => row - 100), empty: null },
      size_d: { type: 'real', cells: of((row) => row / 3), empty: null },
      ok_b: { type: 'bool', cells: of((row) => row % 2 === 0), empty: null },
      when_t: {
        type: 'datetime',
        cells: of((row) => NOW + row / 8),
        empty: null,
        expect: (row) => ticksFromMs(NOW) + BigInt(row) * 1250n,
      },
      id_g: { type: 'guid', cells: of(uuid), empty: null },
      money_m: {
        type: 'decimal',
        cells: of((row) => `-${row}.25`),
        empty: null,
        expect: (row) => `-${row}.25`,
      },
      bag_j: {
        type: 'dynamic',
        cells: of((row) => JSON.stringify({ row, text: 'x'.repeat(row % 30) })),
        empty: null,
      },
      span_n: { type: 'timespan', cells: of((row) => BigInt(row)), empty: null },
    }
    const types = new Map(Object.entries(columns).map(([name, { type }]) => [name, type]))
    const map = new Map(Object.entries(columns).map(([name, { cells }]) => [name, cells]))
    await store.append([{ table: 'Kinds_CL', rowCount: count, columns: map, types }])
    const names = Object.keys(columns)
    const result = await rows(
      `SELECT ${names.map((name) => `"${name}"`).join(', ')} FROM "Kinds_CL" ORDER BY "_RowId"`,
      Object.fromEntries(types),
    )
    expect(result).toHaveLength(count)
    for (const [index, name] of names.entries()) {
      const { cells, empty, expect: expected } = columns[name]!
      const wanted = cells.map((cell, row) => (cell === undefined ? empty : expected ? expected(row) : cell))
      expect(
        result.map((row) => row[index]),
        name,
      ).toEqual(wanted)
    }
  })

  test('that are not of their column refuse the whole batch', async () => {
    await store.append([batch('Kinds_CL', { size_d: [1, 2] })])
    const bad = batch('Kinds_CL', { size_d: [3, 'much'] })
    await expect(store.append([bad])).rejects.toThrow(/Kinds_CL, column size_d: string "much" is no real/)
    expect(await rows('SELECT count(*) FROM "Kinds_CL"', { n: 'long' })).toEqual([[2n]])
  })

  test('of dynamic columns that are no JSON are kept as JSON strings', async () => {
    await store.append([
      { ...batch('Kinds_CL', { bag: ['{"a":1}', '{oops', '[1]'] }), types: new Map([['bag', 'dynamic']]) },
    ])
    expect(await rows('SELECT bag FROM "Kinds_CL" ORDER BY "_RowId"', { bag: 'dynamic' })).toEqual([
      ['{"a":1}'],
      ['"{oops"'],
      ['[1]'],
    ])
  })
})

describe('tables', () => {
  test('have the time, the time of arrival and the type in every row', async () => {
    await store.append([
      batch('Syslog', { TimeGenerated: [NOW - 1000, undefined], SyslogMessage: ['a', 'b'] }),
    ])
    const at = ticksFromMs(NOW)
    expect(
      await rows(
        'SELECT "TimeGenerated", "_TimeReceived", "Type", "HostName", "ProcessID" FROM "Syslog" ORDER BY "_RowId"',
        {
          TimeGenerated: 'datetime',
          _TimeReceived: 'datetime',
          Type: 'string',
          HostName: 'string',
          ProcessID: 'long',
        },
      ),
    ).toEqual([
      [at - 10_000_000n, at, 'Syslog', '', null],
      [at, at, 'Syslog', '', null],
    ])
  })

  test('widen when a batch brings a column, and old rows have its empty value', async () => {
    await store.append([batch('App_CL', { a_s: ['one'] })])
    await store.append([batch('App_CL', { a_s: ['two'], b_s: ['new'], n_d: [1.5] })])
    expect(
      await rows('SELECT a_s, b_s, n_d FROM "App_CL" ORDER BY "_RowId"', {
        a: 'string',
        b: 'string',
        n: 'real',
      }),
    ).toEqual([
      ['one', '', null],
      ['two', 'new', 1.5],
    ])
    const table = store.schema().tables.find(({ name }) => name === 'App_CL')!
    expect(table.columns.map(({ name, type }) => `${name}:${type}`)).toEqual([
      'TimeGenerated:datetime',
      '_TimeReceived:datetime',
      'Computer:string',
      'Type:string',
      'a_s:string',
      'b_s:string',
      'n_d:real',
    ])
  })

  test('take what is beyond 500 columns, and names that differ only in case, as additional fields', async () => {
    const wide = Object.fromEntries(Array.from({ length: 600 }, (_, index) => [`c${index}_s`, [`v${index}`]]))
    await store.append([batch('Wide_CL', { ...wide, C1_s: ['other'] })])
    const table = store.schema().tables.find(({ name }) => name === 'Wide_CL')!
    expect(table.columns).toHaveLength(500)
    const [[json]] = (await rows('SELECT "AdditionalFields" FROM "Wide_CL"', { f: 'dynamic' })) as [[string]]
    const fields = JSON.parse(json) as Record<string, string>
    expect(fields.C1_s).toBe('other')
    expect(fields.c599_s).toBe('v599')
    expect(Object.keys(fields)).toHaveLength(600 - (500 - 5) + 1)
  })

  test('refuse names that are none', async () => {
    await expect(store.append([batch('x"; DROP TABLE "Syslog', { a_s: ['1'] })])).rejects.toThrow(BatchError)
    await expect(store.append([batch('syslog', { a_s: ['1'] })])).rejects.toThrow(
      /differs from it only in case/,
    )
  })

  test('are there again after the store was closed', async () => {
    await store.append([batch('App_CL', { a_s: ['one'], ok_b: [true] })])
    const before = store.schema()
    await store.close()
    store = await open()
    expect(store.schema()).toEqual(before)
    expect(await rows('SELECT a_s FROM "App_CL"', { a: 'string' })).toEqual([['one']])
  })
})

describe('receipts', () => {
  const part = (from: bigint, to: bigint, note?: string) => ({
    source: 'file:1:2',
    from,
    to,
    tables: [batch('App_CL', { a_s: [`${from}`] })],
    ...(note ? { note } : {}),
  })
  const stored = () => rows('SELECT a_s FROM "App_CL" ORDER BY "_RowId"', { a: 'string' })

  test('answer a batch that comes again without storing it again', async () => {
    expect(await store.ingest(part(0n, 10n))).toEqual({ stored: true, rows: 1 })
    expect(await store.ingest(part(0n, 10n))).toEqual({ stored: false, rows: 0 })
    expect(await Promise.all([store.ingest(part(10n, 20n)), store.ingest(part(10n, 20n))])).toEqual([
      { stored: true, rows: 1 },
      { stored: false, rows: 0 },
    ])
    expect(await stored()).toEqual([['0'], ['10']])
  })

  test('outlive the process, with the note of the source', async () => {
    await store.ingest(part(0n, 10n, '{"inode":2}'))
    await store.close()
    store = await open()
    expect(await store.position('file:1:2')).toEqual({
      source: 'file:1:2',
      to: 10n,
      note: '{"inode":2}',
      updated: NOW,
    })
    expect(await store.ingest(part(0n, 10n))).toEqual({ stored: false, rows: 0 })
    expect(await stored()).toEqual([['0']])
  })

  test('refuse a batch that is stored in part, and say where to resume', async () => {
    await store.ingest(part(0n, 10n))
    await expect(store.ingest(part(5n, 15n))).rejects.toThrow(PositionOverlapError)
    await expect(store.ingest(part(5n, 15n))).rejects.toThrow(/Resume at 10/)
  })

  test('are not written for a batch that was refused, nor does it hold back its neighbours', async () => {
    await store.append([batch('App_CL', { n_d: [1] })])
    const good = store.ingest({ ...part(0n, 10n), source: 'a' })
    const bad = store.ingest({ source: 'b', from: 0n, to: 1n, tables: [batch('App_CL', { n_d: ['x'] })] })
    const alsoGood = store.ingest({ ...part(10n, 20n), source: 'a' })
    await expect(bad).rejects.toThrow(BatchError)
    expect([await good, await alsoGood]).toEqual([
      { stored: true, rows: 1 },
      { stored: true, rows: 1 },
    ])
    expect(await store.position('b')).toBeUndefined()
  })

  test('rows have ids in arrival order over all tables and openings', async () => {
    await store.append([batch('App_CL', { a_s: ['1', '2'] }), batch('Syslog', { SyslogMessage: ['3'] })])
    expect([
      await store.lastRow('App_CL'),
      await store.lastRow('Syslog'),
      await store.lastRow('Usage'),
    ]).toEqual([2n, 3n, 0n])
    await store.close()
    store = await open()
    await store.append([batch('App_CL', { a_s: ['4'] })])
    expect(await store.lastRow('App_CL')).toBe(4n)
  })
})

describe('queries', () => {
  const columns = [{ name: 'n', type: 'long' as const }]
  const endless = {
    sql: 'SELECT max(a.range * b.range) FROM range(10000000) a, range(10000000) b',
    parameters: [],
    columns,
  }

  test('stream, and end at their limits', async () => {
    const result = await store.query(
      { sql: 'SELECT range FROM range(100000)', parameters: [], columns },
      { maxRows: 3000 },
    )
    let count = 0
    for await (const part of result.batches) count += part.rowCount
    expect([count, result.truncated]).toEqual([3000, true])
    const bytes = await store.query(
      { sql: 'SELECT range FROM range(100000)', parameters: [], columns },
      { maxBytes: 800 },
    )
    expect((await bytes.collect()).length).toBe(100)
    const all = await store.query(
      { sql: 'SELECT range FROM range(5000)', parameters: [], columns },
      { maxRows: 5000 },
    )
    expect([(await all.collect()).length, all.truncated]).toEqual([5000, false])
  })

  test('stop at their deadline and when they are cancelled', async () => {
    await expect(store.query(endless, { timeoutMs: 100 }).then((result) => result.collect())).rejects.toThrow(
      QueryTimeoutError,
    )
    const controller = new AbortController()
    const running = store.query(endless, { signal: controller.signal }).then((result) => result.collect())
    setTimeout(() => controller.abort(), 50)
    await expect(running).rejects.toMatchObject({ code: 'query-cancelled' })
  })

  test('wait when others compute, and can be cancelled while they wait', async () => {
    const busy = [0, 1].map(() => {
      const controller = new AbortController()
      return {
        controller,
        done: store.query(endless, { signal: controller.signal }).then((result) => result.collect()),
      }
    })
    const quick = { sql: 'SELECT 1', parameters: [], columns }
    await expect(store.query(quick, { timeoutMs: 50 })).rejects.toThrow(QueryTimeoutError)
    const cancelled = busy.map(({ done }) => expect(done).rejects.toMatchObject({ code: 'query-cancelled' }))
    for (const { controller } of busy) controller.abort()
    await Promise.all(cancelled)
    expect(await (await store.query(quick)).collect()).toEqual([[1n]])
  })

  test('can not reach files, extensions or settings', async () => {
    const file = join(directory, 'x.csv')
    writeFileSync(file, 'a\n1\n')
    for (const sql of [
      `SELECT * FROM read_csv('${file}')`,
      `COPY (SELECT 1) TO '${file}'`,
      'INSTALL httpfs',
      "SET memory_limit = '10GB'",
    ]) {
      await expect(
        store.query({ sql, parameters: [], columns }).then((result) => result.collect()),
        sql,
      ).rejects.toThrow(/disabled|locked|Permission/)
    }
  })
})

describe('opening', () => {
  test('names the holder when the store is open', async () => {
    await expect(open()).rejects.toThrow(StoreLockedError)
    await expect(open()).rejects.toThrow(new RegExp(`process ${process.pid} `))
  })

  test('takes over the lock file of a process that is gone', async () => {
    await store.close()
    writeFileSync(
      join(directory, 'store.lock'),
      JSON.stringify({ pid: 2 ** 22 + 1, started: '1', command: 'gone' }),
    )
    store = await open()
    expect((await store.stats()).tables.length).toBeGreaterThan(5)
  })

  test('leaves a damaged file as it is', async () => {
    await store.close()
    const file = join(directory, 'store.duckdb')
    writeFileSync(file, 'not a database')
    await expect(open()).rejects.toThrow(StoreDamagedError)
    rmSync(file)
    writeFileSync(`${file}.wal`, 'left behind')
    await expect(open()).rejects.toThrow(/it is not there, but its write-ahead log is/)
    rmSync(`${file}.wal`)
    store = await open()
  })
})
