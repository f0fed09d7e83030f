import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LineSplitter } from './lines.js'
import { AuditRecord } from './record.js'
import { RecordReader } from './record-reader.js'

const root = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url))
const SAMPLES = ['ssh-session-raw', 'ssh-session-enriched'].map((name) =>
  readFileSync(root(`content/samples/${name}.log`)),
)

/** Everything that a record says. */
function described(record: AuditRecord): unknown {
  const text = (start: number, end: number) => record.bytes.toString('latin1', start, end)
  const fields = Array.from({ length: record.fieldCount }, (_, i) => [
    text(record.nameStart[i]!, record.nameEnd[i]!),
    record.valueStart[i]! - record.start,
    text(record.valueStart[i]!, record.valueEnd[i]!),
    record.fieldId[i],
    record.flags[i],
  ])
  return {
    line: text(record.start, record.end),
    node: text(record.nodeStart, record.nodeEnd),
    type: text(record.typeStart, record.typeEnd),
    id: text(record.idStart, record.idEnd),
    serial: [record.serial, record.serialStart - record.start],
    time: record.timestamp,
    message: text(record.messageStart, record.messageEnd),
    unclosed: record.unclosed,
    fields,
  }
}

function readBoth(bytes: Uint8Array, cuts: readonly number[] = [], maxLineBytes = 1 << 20) {
  const fast: unknown[] = []
  const slow: unknown[] = []
  const record = new AuditRecord()
  let plain = 0
  const take =
    (into: unknown[]) =>
    (line: Buffer, start: number, end: number, consumed: number, whole: boolean, terminated: boolean) => {
      const parsed = whole && record.parse(line, start, end)
      const said = parsed ? described(record) : line.toString('latin1', start, end)
      into.push([said, consumed, whole, terminated])
    }
  const reader = new RecordReader(
    {
      plain(line, consumed) {
        plain++
        line.fill(record)
        fast.push([described(record), consumed, true, true])
      },
      line: take(fast),
    },
    { maxLineBytes },
  )
  const splitter = new LineSplitter({ line: take(slow) }, maxLineBytes)
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(from, cut))
    from = Math.max(from, cut)
  }
  reader.end()
  splitter.push(bytes)
  splitter.end()
  return { fast, slow, plain }
}

describe('RecordReader', () => {
  it.each(SAMPLES)('says of every line what AuditRecord says, and knows nearly all of them', (sample) => {
    const { fast, slow, plain } = readBoth(sample)
    expect(fast).toEqual(slow)
    expect(plain).toBeGreaterThan(0.95 * slow.length)
  })

  it('does so with lines that were changed, joined and cut anywhere', () => {
    const lines = SAMPLES.flatMap((sample) => sample.toString('latin1').split('\n').slice(0, 400))
    const odd = [
      "'",
      '"',
      '=',
      ' ',
      '\x1d',
      '(',
      ')',
      ',',
      '{',
      '}',
      '\xff',
      '\r',
      ' pid=7 ',
      ' ses=1',
      'uid=',
      '-',
      '00',
    ]
    const change = fc.record({ at: fc.nat(600), text: fc.constantFrom(...odd), instead: fc.nat(3) })
    const line = fc
      .tuple(fc.constantFrom(...lines), fc.array(change, { maxLength: 3 }))
      .map(([text, changes]) =>
        changes.reduce((t, { at, text: put, instead }) => t.slice(0, at) + put + t.slice(at + instead), text),
      )
    const log = fc.array(fc.oneof(fc.constantFrom(...lines), line), { maxLength: 30 })
    fc.assert(
      fc.property(log, fc.array(fc.nat(9000), { maxLength: 4 }), (texts, cuts) => {
        const bytes = Buffer.from(texts.join('\n'), 'latin1')
        const inOrder = cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b)
        const { fast, slow } = readBoth(bytes, inOrder)
        expect(fast).toEqual(slow)
      }),
      { numRuns: 400 },
    )
  })

  it('hands lines on that are longer than the limit, or than its memory', () => {
    const long = Buffer.from(
      `type=CWD msg=audit(1580291194.240:1): cwd="/${'x'.repeat(3 << 20)}"\ntype=CWD msg=audit(1580291194.240:2): cwd="/"\n`,
    )
    for (const maxLineBytes of [100, 1 << 20, 4 << 20]) {
      const { fast, slow } = readBoth(long, [100, 1 << 20], maxLineBytes)
      expect(fast).toEqual(slow)
      expect(fast).toHaveLength(2)
    }
  })

  it('forgets and learns again when there are too many phrases', () => {
    const lines = Array.from(
      { length: 70_000 },
      (_, i) => `type=BPRM_FCAPS msg=audit(1580291194.240:${i}): fver=${i}\n`,
    )
    const { fast, slow, plain } = readBoth(Buffer.from(lines.join('')))
    expect(fast).toEqual(slow)
    // The line that there was no room for.
    expect(plain).toBe(lines.length - 1)
  })

  it('reads into its own memory as well', () => {
    const [sample] = SAMPLES
    let lines = 0
    for (const kernel of [true, false]) {
      const reader = new RecordReader(
        { plain: () => lines++, line: () => lines++ },
        { maxLineBytes: 1 << 20, kernel },
      )
      for (let at = 0; at < sample!.length; ) {
        const size = sample!.copy(reader.room(5000), 0, at)
        reader.filled(size)
        at += size
      }
      reader.end()
    }
    expect(lines).toBe(2 * 877)
  })
})

describe('kernel-code.ts', () => {
  it('is made of kernel.ts as it is', () => {
    execFileSync(process.execPath, [root('scripts/build-kernel.mjs'), '--check'])
  })
})
