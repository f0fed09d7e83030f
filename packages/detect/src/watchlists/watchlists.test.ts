import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compile, parseDatetime } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControlDatabase, openControl } from '../control/database.js'
import { flushOutbox } from '../control/outbox.js'
import type { Actor } from '../incidents/change.js'
import { Asker } from '../runs/ask.js'
import { readCsv } from './csv.js'
import { watchlistFunctions } from './functions.js'
import { Watchlists } from './watchlists.js'

const ALICE: Actor = { kind: 'user', name: 'alice' }

let folder: string
let store: Store
let control: ControlDatabase
let watchlists: Watchlists
let now = '2026-03-01T12:00:00.0000000Z'
let ids = 0

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-watchlists-'))
  store = await openStore({ directory: folder, clock: () => Date.parse('2026-03-01T12:00:00Z') })
  control = openControl(':memory:')
  ids = 0
  watchlists = await Watchlists.open({ control, now: () => now, newId: () => `id-${++ids}` })
})
afterEach(async () => {
  await store.close()
  await control.destroy()
  rmSync(folder, { recursive: true, force: true })
})

/** As a rule asks: in a window long after the watchlist was made. */
async function ask(query: string): Promise<string[][]> {
  await flushOutbox(control, store)
  const asker = new Asker({
    store,
    schema: (text) => ({ ...store.schema(), functions: watchlistFunctions(text, watchlists.known) }),
    compile: async (...args) => compile(...args),
  })
  const end = parseDatetime('2026-09-01T00:00:00Z')!
  const { columns, rows } = await asker.ask(query, { start: end - 1n, end, rows: {} })
  return rows.map((row) => columns.map((name) => row.get(name) ?? ''))
}

const ADMINS = 'User,Team name\nalice,"core, ""A"""\nbob,web\n'

test('a rule looks things up in a watchlist, whatever its window', async () => {
  await watchlists.create({ alias: 'admins', csv: ADMINS }, ALICE)
  await watchlists.create({ alias: 'hosts', csv: 'Name,Zone\njump-1,dmz\n', searchKey: 'Zone' }, ALICE)
  expect(
    await ask("_GetWatchlist('admins') | project SearchKey, User, ['Team name'] | sort by User asc"),
  ).toEqual([
    ['alice', 'alice', 'core, "A"'],
    ['bob', 'bob', 'web'],
  ])
  expect(await ask("_GetWatchlist('hosts') | project SearchKey, Name")).toEqual([['dmz', 'jump-1']])
  expect(
    await ask('print User = \'bob\' | where User in ((_GetWatchlist("Admins") | project User))'),
  ).toEqual([['bob']])
  expect(await ask("_GetWatchlist('admins', dynamic(['bob'])) | project User")).toEqual([['bob']])
  expect((await ask('_GetWatchlistAlias')).flat().sort()).toEqual(['admins', 'hosts'])
  expect(await ask("_GetWatchlist('none') | count")).toEqual([['0']])
})

test('items come and go, and the last change counts, also when the clock goes back', async () => {
  await watchlists.create({ alias: 'admins', csv: ADMINS }, ALICE)
  const { items } = await watchlists.items('admins')
  now = '2026-02-01T00:00:00.0000000Z'
  await watchlists.updateItem('admins', items[0]!.id, { 'Team name': 'ops' }, ALICE)
  await watchlists.addItem('admins', { User: 'carol' }, ALICE)
  await watchlists.deleteItem('admins', items[1]!.id, ALICE)
  const left = "_GetWatchlist('admins') | project User, ['Team name'] | sort by User asc"
  expect(await ask(left)).toEqual([
    ['alice', 'ops'],
    ['carol', ''],
  ])
  await watchlists.remove('admins', ALICE)
  expect(await ask("_GetWatchlist('admins') | count")).toEqual([['0']])
  await watchlists.create({ alias: 'admins', csv: 'User\ndave\n' }, ALICE)
  expect(await ask("_GetWatchlist('admins') | project User")).toEqual([['dave']])
})

test('replacing keeps what is the same', async () => {
  await watchlists.create({ alias: 'admins', csv: ADMINS }, ALICE)
  const [alice] = (await watchlists.items('admins')).items
  const changed = await watchlists.replace('admins', `${ADMINS.replace('bob,web', 'erin,web')}`, ALICE)
  expect(changed.itemCount).toBe(2)
  expect(
    (await watchlists.items('admins')).items.map(({ id, searchKey }) => [searchKey, id === alice!.id]),
  ).toEqual([
    ['alice', true],
    ['erin', false],
  ])
  await flushOutbox(control, store)
  const told = await store.query(compile('Watchlist | count', { schema: store.schema(), now: 0n }))
  expect(await told.collect()).toEqual([[4n]])
})

test('pages of items', async () => {
  const csv = `n\n${Array.from({ length: 5 }, (_, i) => `item${i}`).join('\n')}\n`
  await watchlists.create({ alias: 'many', csv }, ALICE)
  const first = await watchlists.items('many', { limit: 3 })
  const second = await watchlists.items('many', { limit: 3, after: first.next! })
  expect([first.items.length, second.items.length, second.next]).toEqual([3, 2, undefined])
  expect((await watchlists.items('many', { search: 'item4' })).items).toHaveLength(1)
})

test.each([
  ['', /line 1: expected the names/],
  ['a,a\n1,2\n', /two columns are named a/],
  ['a,\n1,2\n', /column 2 has no name/],
  ['a,b\n1\n', /line 2: Invalid Record Length/],
  ["it's\n1\n", /can not be the name/],
])('%j is refused', (csv, message) => {
  expect(() => readCsv(csv)).toThrow(message)
})

test('what can not be is refused', async () => {
  await expect(watchlists.create({ alias: 'no way', csv: ADMINS }, ALICE)).rejects.toThrow(/can be no alias/)
  await expect(watchlists.create({ alias: 'a', csv: ADMINS, searchKey: 'x' }, ALICE)).rejects.toThrow(
    /User, Team name/,
  )
  await watchlists.create({ alias: 'a', csv: ADMINS }, ALICE)
  await expect(watchlists.create({ alias: 'A', csv: ADMINS }, ALICE)).rejects.toThrow(/already/)
  await expect(watchlists.addItem('a', { x: '1' }, ALICE)).rejects.toThrow(/no column x/)
  await expect(watchlists.items('b')).rejects.toThrow(/no watchlist "b"/)
})

test('a query that names no watchlist by its text sees the columns of all', () => {
  const known = [
    { alias: 'a', columns: ['x'] },
    { alias: 'b', columns: ['y', 'SearchKey'] },
  ]
  expect(watchlistFunctions('let n = "a"; _GetWatchlist(n)', known)[0]!.body).toMatch(/\['x'\].*\['y'\]/)
  expect(watchlistFunctions("_GetWatchlist('a')", known)[0]!.body).not.toContain("'y'")
  expect(watchlistFunctions('T', known)).toEqual([])
})
