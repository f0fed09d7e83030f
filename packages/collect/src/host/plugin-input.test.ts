import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type PluginBatch, pluginRecords } from './plugin-input.js'

const now = () => new Date(0)
const text = ({ bytes }: PluginBatch): string => Buffer.from(bytes).toString('latin1')

async function collect(input: PassThrough, options: { signal?: AbortSignal } = {}): Promise<string[]> {
  const batches: string[] = []
  for await (const batch of pluginRecords(input, { now, ...options })) batches.push(text(batch))
  return batches
}

describe('records from auditd', () => {
  it('come whole, whatever the pieces they were read in, and none is lost', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom('type=A x', '\n', 'é', 'type=EOE\n', '')), async (pieces) => {
        const input = new PassThrough()
        const collected = collect(input)
        for (const piece of pieces) {
          input.write(Buffer.from(piece, 'latin1'))
          await new Promise(setImmediate)
        }
        input.end()
        const batches = await collected
        expect(batches.join('')).toBe(pieces.join(''))
        for (const batch of batches.slice(0, -1)) expect(batch.endsWith('\n')).toBe(true)
      }),
      { numRuns: 50 },
    )
  })

  it('are given on at once, not when the input ends', async () => {
    const input = new PassThrough()
    const records = pluginRecords(input, { now })
    const first = records.next()
    input.write('type=A\ntype=B')
    expect(text((await first).value as PluginBatch)).toBe('type=A\n')
    const second = records.next()
    input.write('\n')
    expect(text((await second).value as PluginBatch)).toBe('type=B\n')
    await records.return(undefined)
  })

  it('stay with auditd while there is no room, and come when there is', async () => {
    const input = new PassThrough({ highWaterMark: 1 })
    const stalls: boolean[] = []
    const records = pluginRecords(input, { now, maxWaiting: 8, onStall: (stalled) => stalls.push(stalled) })
    const first = records.next()
    input.write('type=A\n')
    expect(text((await first).value as PluginBatch)).toBe('type=A\n')
    for (let i = 0; i < 10; i++) input.write(`type=${i}\n`)
    input.end()
    await new Promise((resolve) => setTimeout(resolve, 10))
    expect(stalls).toEqual([true])
    let rest = ''
    for await (const batch of records) rest += text(batch)
    expect(rest).toBe([...Array(10).keys()].map((i) => `type=${i}\n`).join(''))
    expect(stalls.at(-1)).toBe(false)
  })

  it('that came before the end is asked for are given on', async () => {
    const input = new PassThrough()
    const stop = new AbortController()
    const collected = collect(input, { signal: stop.signal })
    input.write('type=A\ntype=B\n')
    await new Promise(setImmediate)
    stop.abort()
    expect((await collected).join('')).toBe('type=A\ntype=B\n')
  })

  it('end with the error of the input', async () => {
    const input = new PassThrough()
    const collected = collect(input)
    input.destroy(new Error('gone'))
    await expect(collected).rejects.toThrow('gone')
  })
})
