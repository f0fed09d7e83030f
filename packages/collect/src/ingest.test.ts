import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PositionOverlapError, type SourcePosition } from '@auspex/store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { catchUp, follow } from './follow.js'
import { type IngestReport, ingestFile, type Sink } from './ingest.js'

const sample = new URL('../../../content/samples/ssh-session-raw.log', import.meta.url)
const text = readFileSync(sample, 'utf8')
const lines = text.trimEnd().split('\n')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-collect-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** Keeps the ingest contract in memory. */
function memorySink(): Sink & { raw: string[]; events: string[] } {
  const positions = new Map<string, SourcePosition>()
  const raw: string[] = []
  const events: string[] = []
  return {
    raw,
    events,
    async ingest({ source, from, to, tables, note }) {
      const known = positions.get(source)?.to ?? 0n
      if (known >= to) return { stored: false, rows: 0 }
      if (from < known) throw new PositionOverlapError(source, from, to, known)
      let rows = 0
      for (const table of tables) {
        if (table.table === 'AuditEvent') {
          events.push(...(table.columns.get('EventId') as string[]))
          continue
        }
        raw.push(...(table.columns.get('RawData') as string[]))
        rows += table.rowCount
      }
      positions.set(source, { source, to, updated: 0, ...(note === undefined ? {} : { note }) })
      return { stored: true, rows }
    },
    async position(source) {
      return positions.get(source)
    },
  }
}

const whole = { computer: 'web-1' }
const once = { computer: 'web-1', signal: new AbortController().signal, onReport() {} }
const idOf = (line: string) => /audit\(([^)]*)\)/.exec(line)![1]
const eventCount = new Set(lines.map(idOf)).size

test('the sample is stored line by line, and a second time not at all', async () => {
  const sink = memorySink()
  const file = join(folder, 'a.log')
  copyFileSync(sample, file)
  expect(await ingestFile(file, sink, whole)).toMatchObject({ rows: lines.length, unparsed: 0, problems: [] })
  expect(await ingestFile(file, sink, whole)).toMatchObject({ rows: 0, bytes: 0 })
  expect(sink.raw).toEqual(lines)
  expect(sink.events).toHaveLength(eventCount)
  expect(new Set(sink.events).size).toBe(eventCount)
})

test('a renamed, a grown and a shorter copy are the same log', async () => {
  const sink = memorySink()
  const [grown, copy, short] = ['grown.log', 'copy.log', 'short.log'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeFileSync(grown, `${lines.slice(0, 500).join('\n')}\n`)
  await ingestFile(grown, sink, whole)
  appendFileSync(grown, `${lines.slice(500).join('\n')}\n`)
  expect(await ingestFile(grown, sink, whole)).toMatchObject({ rows: lines.length - 500 })
  writeFileSync(copy, text)
  expect(await ingestFile(copy, sink, whole)).toMatchObject({ rows: 0 })
  writeFileSync(short, `${lines.slice(0, 300).join('\n')}\n`)
  expect(await ingestFile(short, sink, whole)).toMatchObject({ rows: 0 })
  expect(sink.raw).toEqual(lines)
})

test('a log that begins alike and goes on differently is another log', async () => {
  const sink = memorySink()
  const a = join(folder, 'a.log')
  const b = join(folder, 'b.log')
  writeFileSync(a, text)
  const extract = lines.filter((_, i) => i === 0 || i > 400)
  writeFileSync(b, `${extract.join('\n')}\n`)
  await ingestFile(a, sink, whole)
  expect(await ingestFile(b, sink, whole)).toMatchObject({ rows: extract.length })
  expect(await ingestFile(b, sink, whole)).toMatchObject({ rows: 0 })
})

test('of a growing log, a torn last line waits for its rest', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  const cut = text.length - 40
  writeFileSync(file, text.slice(0, cut))
  await catchUp(file, sink, once)
  expect(sink.raw).toEqual(lines.slice(0, -1))
  appendFileSync(file, text.slice(cut))
  await catchUp(file, sink, once)
  expect(sink.raw).toEqual(lines)
})

test('an empty file has no source and no rows', async () => {
  const file = join(folder, 'empty.log')
  writeFileSync(file, '')
  expect(await ingestFile(file, memorySink(), whole)).toMatchObject({ source: undefined, rows: 0, lines: 0 })
})

test('junk, a line of 1 MB and a torn end are counted and lose nothing else', async () => {
  const sink = memorySink()
  const file = join(folder, 'junk.log')
  const junk = Buffer.from(Array.from({ length: 300 }, (_, i) => (i === 10 ? 0x41 : i % 256)))
  const long = 'x'.repeat(1_000_000)
  const torn = 'type=SYSCALL msg=audit(1795383722.605:2998): arch=c000003e comm="ss'
  writeFileSync(
    file,
    Buffer.concat([Buffer.from(`${lines[0]}\n`), junk, Buffer.from(`\n${long}\n${text}${torn}`)]),
  )
  const report = await ingestFile(file, sink, whole)
  expect(report.problems.map(({ reason }) => reason)).toContain('torn-at-end')
  expect(report.rows).toBe(sink.raw.length)
  expect(report.rows - report.unparsed).toBe(lines.length + 1)
  expect(sink.raw).toEqual(expect.arrayContaining([long, torn]))
  expect(sink.raw.filter((line) => lines.includes(line))).toHaveLength(lines.length + 1)
})

test('rotated files are caught up before the log, oldest first', async () => {
  const sink = memorySink()
  writeFileSync(join(folder, 'audit.log.2'), part(0, 200))
  writeFileSync(join(folder, 'audit.log.1'), part(200, 600))
  writeFileSync(join(folder, 'audit.log'), part(600, lines.length))
  writeFileSync(join(folder, 'audit.log.bak'), 'not a rotated log\n')
  await catchUp(join(folder, 'audit.log'), sink, {
    computer: 'web-1',
    signal: new AbortController().signal,
    onReport() {},
  })
  expect(sink.raw).toEqual(lines)
})

/** A line in the middle of an event, which then lies in two files. */
const boundary = lines.findIndex((line, i) => i > 380 && idOf(line) === idOf(lines[i - 1]!))

test('following goes through a rotation and loses nothing', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  const stop = new AbortController()
  writeFileSync(file, part(0, 100))
  const steps: (() => void)[] = [
    () => appendFileSync(file, part(100, 300)),
    () => {
      appendFileSync(file, part(300, boundary))
      renameSync(file, `${file}.1`)
    },
    () => writeFileSync(file, part(boundary, 700)),
    () => appendFileSync(file, part(700, lines.length)),
    () => {},
    () => {},
    () => {},
    () => stop.abort(),
  ]
  const reports: IngestReport[] = []
  await follow(file, sink, {
    computer: 'web-1',
    signal: stop.signal,
    pause: async () => steps.shift()?.(),
    onReport: (report) => void reports.push(report),
  })
  expect(sink.raw).toEqual(lines)
  expect(reports.reduce((sum, { rows }) => sum + rows, 0)).toBe(lines.length)
  expect(sink.events).toHaveLength(eventCount)
  expect(new Set(sink.events).size).toBe(eventCount)
})

test('wherever reading stops and starts again, each record and each event is stored once', async () => {
  const oneGo = memorySink()
  const file = join(folder, 'audit.log')
  writeFileSync(file, text)
  await ingestFile(file, oneGo, whole)
  for (const step of [997, 7001]) {
    const sink = memorySink()
    for (let end = step; end < text.length; end += step) {
      writeFileSync(file, text.slice(0, end))
      await catchUp(file, sink, once)
    }
    writeFileSync(file, text)
    await ingestFile(file, sink, whole)
    expect(sink.raw).toEqual(lines)
    expect([...sink.events].sort()).toEqual([...oneGo.events].sort())
  }
})

test('a log that is emptied and written anew is followed on', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  const stop = new AbortController()
  writeFileSync(file, part(0, 500))
  const steps: (() => void)[] = [
    () => writeFileSync(file, ''),
    () => writeFileSync(file, part(500, lines.length)),
    () => {},
    () => {},
    () => stop.abort(),
  ]
  await follow(file, sink, {
    computer: 'web-1',
    signal: stop.signal,
    pause: async () => steps.shift()?.(),
    onReport() {},
  })
  expect(sink.raw).toEqual(lines)
})

const part = (from: number, to: number) => `${lines.slice(from, to).join('\n')}\n`

/** Follows audit.log while the steps happen, one at each pause. */
async function followed(sink: Sink, ...steps: (() => unknown)[]): Promise<void> {
  const stop = new AbortController()
  const left = [...steps, () => {}, () => {}, () => {}, () => stop.abort()]
  await follow(join(folder, 'audit.log'), sink, {
    computer: 'web-1',
    signal: stop.signal,
    pause: async () => void (await left.shift()?.()),
    onReport() {},
  })
}

test('two rotations while nobody looked lose nothing', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  writeFileSync(file, part(0, 300))
  await followed(sink, () => {
    appendFileSync(file, part(300, 400))
    renameSync(file, `${file}.2`)
    writeFileSync(`${file}.1`, part(400, 700))
    writeFileSync(file, part(700, lines.length))
  })
  expect(sink.raw).toEqual(lines)
  expect(sink.events).toHaveLength(eventCount)
})

test('events that are open when the new file is still empty are not lost', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  writeFileSync(`${file}.1`, part(0, 500))
  writeFileSync(file, '')
  await catchUp(file, sink, once)
  await followed(sink, () => writeFileSync(file, part(500, lines.length)))
  expect(sink.raw).toEqual(lines)
  expect(sink.events).toHaveLength(eventCount)
})

test('a log that is copied and emptied is stored once, at the next start too', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  writeFileSync(file, part(0, 500))
  await followed(
    sink,
    () => {
      copyFileSync(file, `${file}.1`)
      writeFileSync(file, '')
    },
    () => writeFileSync(file, part(500, lines.length)),
  )
  await catchUp(file, sink, once)
  expect(sink.raw).toEqual(lines)
})

test('an import of the log that is followed does not stop the following', async () => {
  const sink = memorySink()
  const file = join(folder, 'audit.log')
  writeFileSync(file, part(0, 300))
  await followed(
    sink,
    async () => {
      appendFileSync(file, part(300, 400))
      await ingestFile(file, sink, { ...whole, growing: true })
    },
    () => appendFileSync(file, part(400, lines.length)),
  )
  expect(sink.raw).toEqual(lines)
})

test('a shorter copy that grows is followed on', async () => {
  const sink = memorySink()
  writeFileSync(join(folder, 'longer.log'), part(0, 600))
  await ingestFile(join(folder, 'longer.log'), sink, whole)
  const file = join(folder, 'audit.log')
  writeFileSync(file, part(0, 300))
  await followed(sink, () => appendFileSync(file, part(300, lines.length)))
  expect(sink.raw).toEqual(lines)
})

test('a small log that only begins like another is stored', async () => {
  const sink = memorySink()
  const [a, b] = [join(folder, 'a.log'), join(folder, 'b.log')]
  writeFileSync(a, `----\n${text}`)
  const other = lines.slice(600, 605).join('\n')
  writeFileSync(b, `----\n${other}\n`)
  await ingestFile(a, sink, whole)
  expect(await ingestFile(b, sink, whole)).toMatchObject({ rows: 6 })
})
