import { readFileSync } from 'node:fs'
import { LogSessions, SessionsView } from '@auspex/sessions'
import { beforeAll, expect, test } from 'vitest'
import type { CommandRecord, LineRecord, TimelineItem } from '../api/sessions'
import { countsOf, rowAt, type StoryOptions, storyOf } from './story'

/** The intrusion that was recorded for the samples: erin becomes root, and more. */
let timeline: readonly TimelineItem[]
let lines: Map<string, LineRecord>
let commands: Map<string, CommandRecord>

beforeAll(() => {
  const log = new LogSessions({ computer: 'web-1' })
  log.push(readFileSync(new URL('../../../../content/samples/intrusion.log', import.meta.url)))
  const view = new SessionsView(log.end()).list({ user: 'erin' })[0]!
  timeline = view.timeline()
  lines = new Map(view.lines().map((line) => [line.id, line]))
  commands = new Map(view.commands().map((command) => [command.id, command]))
})

const options: StoryOptions = { filter: 'all', withFiles: false, withConnections: false, opened: new Set() }

test('each typed line stands once, with the commands that it started', () => {
  const rows = storyOf(timeline, lines, commands, options)
  const typed = rows.flatMap((row) => (row.kind === 'line' ? [row] : []))
  expect(typed).toHaveLength(lines.size)
  const piped = typed.find(({ line }) => line.text.startsWith('echo aWQK'))!
  expect(piped.commands.map(({ commandLine }) => commandLine)).toEqual(['base64 -d', 'sh'])
})

test('the commands of the login are one row until it is opened', () => {
  const rows = storyOf(timeline, lines, commands, options)
  const group = rows.find(({ kind }) => kind === 'group')!
  expect(group).toMatchObject({ kind: 'group' })
  const open = storyOf(timeline, lines, commands, { ...options, opened: new Set([group.key]) })
  expect(open.length).toBe(rows.length + (group.kind === 'group' ? group.count : 0))
})

test('the three lists', () => {
  const counts = countsOf(lines.values(), commands.values())
  const of = (filter: StoryOptions['filter']) => storyOf(timeline, lines, commands, { ...options, filter })
  expect(of('ran')).toHaveLength(counts.ran)
  expect(of('not-run')).toHaveLength(counts.notRun)
  expect(of('not-run').some((row) => row.kind === 'line' && row.line.text.includes('/dev/tcp/'))).toBe(true)
  expect(of('not-typed')).toHaveLength(counts.notTyped)
})

test('files and connections come when they are asked for', () => {
  const all = storyOf(timeline, lines, commands, { ...options, withFiles: true, withConnections: true })
  expect(all.some(({ item }) => item.kind === 'file')).toBe(true)
  expect(all.some(({ item }) => item.kind === 'connection')).toBe(true)
})

test('a time tells the last row that had happened', () => {
  const rows = storyOf(timeline, lines, commands, options)
  expect(rowAt(rows, 0)).toBe(-1)
  expect(rowAt(rows, Number.POSITIVE_INFINITY)).toBe(rows.length - 1)
  const middle = rowAt(rows, Date.parse(rows[10]!.item.time))
  expect(middle).toBeGreaterThanOrEqual(10)
})
