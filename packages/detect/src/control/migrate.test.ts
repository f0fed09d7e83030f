import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openControl } from './database.js'
import { openDriver } from './driver.js'
import { ControlVersionError, type MigrationList } from './migrate.js'
import { DETECT_MIGRATIONS } from './schema.js'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-control-'))
  path = join(folder, 'control.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

interface NoteTables {
  note: { text: string }
}

const NOTES: MigrationList = {
  owner: 'notes',
  migrations: [['CREATE TABLE note (text TEXT NOT NULL) STRICT']],
}

test('each owner has a list of its own, applied once', async () => {
  const first = openControl<NoteTables>(path, [NOTES])
  await first.insertInto('note').values({ text: 'kept' }).execute()
  await first.destroy()
  const more = { ...NOTES, migrations: [...NOTES.migrations, ["INSERT INTO note VALUES ('second')"]] }
  const second = openControl<NoteTables>(path, [more])
  expect(await second.selectFrom('note').select('text').execute()).toEqual([
    { text: 'kept' },
    { text: 'second' },
  ])
  await second.destroy()
  await openControl(path).destroy() // an owner that is not there keeps its tables
  const third = openControl<NoteTables>(path, [more])
  expect(await third.selectFrom('note').select('text').execute()).toHaveLength(2)
  await third.destroy()
})

test('a database from before the lists is brought along with its rows', async () => {
  const driver = openDriver(path)
  for (const statement of DETECT_MIGRATIONS.migrations[0]!) driver.exec(statement)
  driver.exec("INSERT INTO rule_state (rule_id, arrived) VALUES ('r1', '{}')")
  driver.exec('PRAGMA user_version = 1')
  driver.close()
  const control = openControl(path)
  expect(await control.selectFrom('rule_state').select('rule_id').execute()).toEqual([{ rule_id: 'r1' }])
  await control.destroy()
})

test('a newer list is refused and nothing is changed', async () => {
  await openControl(path, [{ ...NOTES, migrations: [...NOTES.migrations, ['SELECT 1']] }]).destroy()
  const other: MigrationList = { owner: 'other', migrations: [['CREATE TABLE other (x TEXT) STRICT']] }
  expect(() => openControl(path, [other, NOTES])).toThrow(ControlVersionError)
  const driver = openDriver(path)
  expect(driver.all("SELECT name FROM sqlite_schema WHERE name = 'other'")).toEqual([])
  driver.close()
})

test('a migration that fails leaves the database as it was', () => {
  const broken: MigrationList = {
    owner: 'broken',
    migrations: [['CREATE TABLE half (x TEXT) STRICT', 'nonsense']],
  }
  expect(() => openControl(path, [broken])).toThrow(/nonsense/)
  const driver = openDriver(path)
  expect(driver.all('SELECT name FROM sqlite_schema')).toEqual([])
  driver.close()
})
