import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type ControlDatabase, openControl } from '../control/database.js'
import { RuleLibrary } from './library.js'
import { RuleFileError } from './read.js'

const rule = (id: string, name: string, more = '') => `# why: ${name}
id: ${id}
name: ${name}
description: d
severity: High # agreed
queryFrequency: 1h
queryPeriod: 1h
triggerOperator: gt
triggerThreshold: 0
query: T
${more}`

const ALICE = { kind: 'user', name: 'alice' } as const

let folder: string
let control: ControlDatabase
let warnings: string[]
const shipped = () => join(folder, 'shipped')
const own = () => join(folder, 'own')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-rules-'))
  mkdirSync(shipped())
  writeFileSync(join(shipped(), 'one.yaml'), rule('1', 'One'))
  writeFileSync(join(shipped(), 'two.yaml'), rule('2', 'Two', 'enabled: false\n'))
  writeFileSync(join(shipped(), 'one.test.yaml'), 'no rule')
  control = openControl(':memory:')
  warnings = []
})
afterEach(async () => {
  await control.destroy()
  rmSync(folder, { recursive: true, force: true })
})

const open = () =>
  RuleLibrary.open({
    shipped: shipped(),
    own: own(),
    control,
    now: () => '2026-01-01T00:00:00.0000000Z',
    onWarning: (text) => warnings.push(text),
  })
const names = (library: RuleLibrary) => library.enabled.map(({ name }) => name)

test('shipped rules are on unless their file says otherwise', async () => {
  const library = await open()
  expect(library.entries.map(({ rule, isEnabled }) => [rule.name, isEnabled])).toEqual([
    ['One', true],
    ['Two', false],
  ])
})

test('what a person decides is kept, with the reason', async () => {
  await (await open()).setEnabled('One', false, ALICE, 'too loud')
  await (await open()).setEnabled('2', true, ALICE)
  const library = await open()
  expect(names(library)).toEqual(['Two'])
  expect(library.get('1')).toMatchObject({ reason: 'too loud', changedBy: 'alice', isAutoDisabled: false })
})

test('a rule that failures turned off is marked, until somebody turns it on', async () => {
  const library = await open()
  await library.autoDisable(library.get('1').rule, 'KS204: no table')
  expect(library.get('1')).toMatchObject({
    displayName: 'AUTO DISABLED One',
    isEnabled: false,
    reason: 'KS204: no table',
  })
  await library.setEnabled('1', true, ALICE)
  expect(library.get('1')).toMatchObject({ displayName: 'One', isEnabled: true })
})

test('an edit of a shipped rule makes a file of its own, with the comments, and deleting it brings the other back', async () => {
  const library = await open()
  const { rule } = library.get('1')
  await library.save({ ...rule, severity: 'Low' })
  expect(library.get('1')).toMatchObject({ origin: 'replaced', rule: { severity: 'Low' } })
  expect(readFileSync(join(own(), 'one.yaml'), 'utf8')).toContain('severity: Low # agreed')
  expect(readFileSync(join(shipped(), 'one.yaml'), 'utf8')).toContain('severity: High # agreed')
  await library.remove('1')
  expect(library.get('1')).toMatchObject({ origin: 'shipped', rule: { severity: 'High' } })
  await expect(library.remove('1')).rejects.toThrow(/disable it instead/)
})

test('a new rule is a new file; two of one name are two files', async () => {
  const library = await open()
  const { rule } = library.get('1')
  await library.save({ ...rule, id: '3', name: 'Odd / name: yes' })
  await library.save({ ...rule, id: '4', name: 'Odd / name: yes' })
  expect(readdirSync(own())).toEqual(['odd-name-yes-2.yaml', 'odd-name-yes.yaml'])
  expect(() => library.get('Odd / name: yes')).toThrow(/take its id/)
})

test('files that somebody else writes are found, broken ones are listed and do not run', async () => {
  const library = await open()
  mkdirSync(join(own(), 'team'), { recursive: true })
  writeFileSync(join(own(), 'team', 'three.yml'), rule('3', 'Three'))
  writeFileSync(join(own(), 'bad.yaml'), 'id: 4\n')
  writeFileSync(join(own(), 'twin.yaml'), rule('3', 'Twin'))
  await library.refresh()
  expect(names(library)).toEqual(['One', 'Three'])
  expect(library.broken.map(({ file }) => file.slice(own().length + 1)).sort()).toEqual([
    'bad.yaml',
    'twin.yaml',
  ])
  writeFileSync(join(own(), 'bad.yaml'), rule('4', 'Four'))
  await library.refresh()
  expect(names(library)).toContain('Four')
})

test('a broken file stops nothing and is told once; a text that is no rule is not saved', async () => {
  writeFileSync(join(shipped(), 'bad.yaml'), 'id: 4\n')
  const library = await open()
  await library.refresh()
  expect(names(library)).toEqual(['One'])
  expect(library.broken).toHaveLength(1)
  expect(warnings.filter((text) => text.includes('bad.yaml:1:1: name is missing'))).toHaveLength(1)
  await expect(library.saveText('id: 9\n')).rejects.toThrow(RuleFileError)
})
