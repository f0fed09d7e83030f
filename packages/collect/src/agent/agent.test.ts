import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ingestFile } from '../ingest.js'
import { azureTemplate } from './azure-template.js'
import { Destination, type Outgoing } from './destination.js'
import { heartbeat, parseKernelStatus } from './heartbeat.js'
import { messagesOf } from './messages.js'
import { ship, waitAfter } from './ship.js'
import { Spool } from './spool.js'

const SAMPLE = new URL('../../../../content/samples/ssh-session-enriched.log', import.meta.url).pathname

let folder: string
let stop: AbortController
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'auspex-agent-'))
  stop = new AbortController()
})
afterEach(async () => {
  stop.abort()
  await rm(folder, { recursive: true })
})

let ids = 0
const openSpool = (more: Partial<Parameters<typeof Spool.open>[0]> = {}) =>
  Spool.open({
    folder: join(folder, 'spool'),
    maxBytes: 1 << 30,
    now: () => 0,
    newId: () => `agent-${++ids}`,
    signal: stop.signal,
    ...more,
  })

const rows = (n: number, text = 'x') => ({
  table: 'T_CL',
  rowCount: n,
  columns: new Map([['name_s', Array.from({ length: n }, (_, i) => `${text}${i}`)]]),
})

/** Takes all that waits, as a destination would. */
async function drain(spool: Spool): Promise<{ table: string; rows: Record<string, unknown>[] }[]> {
  const all = []
  for (let next = await spool.nextFor('d'); next !== undefined; next = await spool.nextFor('d')) {
    all.push({ table: next.table, rows: JSON.parse(gunzipSync(next.body).toString('utf8')) })
    await spool.delivered('d', next.sequence, ['d'])
  }
  return all
}

describe('the spool', () => {
  test('takes a whole log once, in messages that fit, with what the store would have had', async () => {
    const spool = await openSpool()
    const report = await ingestFile(SAMPLE, spool, { computer: 'web-1' })
    const lines = (await readFile(SAMPLE, 'utf8')).trimEnd().split('\n')
    expect(report.rows).toBe(lines.length)
    const messages = await drain(spool)
    const of = (table: string) => messages.filter((each) => each.table === table).flatMap((each) => each.rows)
    expect(of('LinuxAuditLog_CL').map(({ RawData }) => RawData)).toEqual(lines)
    expect(of('AuditEvent')).toHaveLength(report.events)
    expect(of('AuditEvent')[0]).toMatchObject({
      Computer: 'web-1',
      RecordTypes: expect.any(Array),
      TimeGenerated: '2026-11-22T21:41:21.053Z',
    })
    expect([spool.count, spool.bytes]).toEqual([0, 0])
    // Read again, after a start: nothing is new.
    const again = await ingestFile(SAMPLE, await openSpool(), { computer: 'web-1' })
    expect([again.rows, again.alreadyStored]).toEqual([0, report.bytes])
  })

  test('forgets messages that a crash left uncounted, and takes their part again', async () => {
    const spool = await openSpool()
    await spool.ingest({ source: 'log', from: 0n, to: 10n, tables: [rows(2, 'a')] })
    await writeFile(join(folder, 'spool', '000000000002-T_CL.json.gz'), 'half a mess')
    await writeFile(join(folder, 'spool', '000000000003-T_CL.json.gz.part'), '')
    const next = await openSpool()
    expect([next.agent, next.count]).toEqual([spool.agent, 1])
    expect((await next.position('log'))?.to).toBe(10n)
    await next.ingest({ source: 'log', from: 10n, to: 20n, tables: [rows(1, 'b')] })
    expect((await drain(next)).flatMap((each) => each.rows.map(({ name_s }) => name_s))).toEqual([
      'a0',
      'a1',
      'b0',
    ])
  })

  test('knows what it has, and refuses a part of it', async () => {
    const spool = await openSpool()
    await spool.ingest({ source: 'log', from: 0n, to: 10n, tables: [rows(1)], note: 'n' })
    expect(await spool.ingest({ source: 'log', from: 0n, to: 10n, tables: [rows(1)] })).toEqual({
      stored: false,
      rows: 0,
    })
    await expect(spool.ingest({ source: 'log', from: 5n, to: 15n, tables: [rows(1)] })).rejects.toThrow(
      /stored up to 10/,
    )
    expect(spool.count).toBe(1)
  })

  test('takes nothing more while it is full, and goes on when something was sent', async () => {
    const said: boolean[] = []
    const spool = await openSpool({ maxBytes: 1, onFull: (isFull) => said.push(isFull) })
    await spool.ingest({ source: 'log', from: 0n, to: 1n, tables: [rows(1, 'a')] })
    let isTaken = false
    const second = spool.ingest({ source: 'log', from: 1n, to: 2n, tables: [rows(1, 'b')] }).then(() => {
      isTaken = true
    })
    // A heartbeat is not waited with.
    await spool.append([rows(1, 'beat')])
    expect([isTaken, spool.count, said]).toEqual([false, 1, [true]])
    const first = (await spool.nextFor('d'))!
    await spool.delivered('d', first.sequence, ['d'])
    await second
    expect([isTaken, spool.count, said]).toEqual([true, 1, [true, false]])
  })

  test('keeps a message until every destination has it', async () => {
    const spool = await openSpool()
    await spool.ingest({ source: 'log', from: 0n, to: 1n, tables: [rows(1)] })
    await spool.delivered('a', 1, ['a', 'b'])
    expect([await spool.nextFor('a'), (await spool.nextFor('b'))?.sequence, spool.count]).toEqual([
      undefined,
      1,
      1,
    ])
    await spool.delivered('b', 1, ['a', 'b'])
    expect(spool.count).toBe(0)
  })

  test('says what to do when its state can not be read', async () => {
    await openSpool()
    await writeFile(join(folder, 'spool', 'state.json'), '{"agent"')
    await expect(openSpool()).rejects.toThrow(/state\.json can not be read .*move the folder away/)
  })
})

describe('shipping', () => {
  async function shipped(answers: (number | Error)[], count: number) {
    const spool = await openSpool()
    for (let i = 0; i < count; i++) {
      await spool.ingest({ source: 'log', from: BigInt(i), to: BigInt(i + 1), tables: [rows(1, `m${i}-`)] })
    }
    await writeFile(join(folder, 'token'), 'axt_secret\n')
    const sent: Outgoing[] = []
    const waits: number[] = []
    const said: string[] = []
    const destination = new Destination(
      {
        name: 'd',
        url: 'http://127.0.0.1:1/',
        rule: 'r',
        credential: { kind: 'token', file: join(folder, 'token') },
      },
      async (outgoing) => {
        sent.push(outgoing)
        const answer = answers.shift() ?? 204
        if (answer instanceof Error) throw answer
        return {
          status: answer,
          text: answer === 204 ? '' : 'no',
          ...(answer === 429 ? { retryAfter: 7 } : {}),
        }
      },
      () => 0,
    )
    const done = new AbortController()
    // All is sent when it waits for more.
    spool.changed = async () => done.abort()
    await ship({
      spool,
      destination,
      destinations: ['d'],
      signal: done.signal,
      pause: async (ms) => void waits.push(ms),
      random: () => 1,
      say: (message) => said.push(message),
    })
    return { spool, sent, waits, said }
  }

  test('sends in order, numbered, with the token', async () => {
    const { sent, waits } = await shipped([], 3)
    expect(sent.map(({ url }) => url)).toEqual(
      Array(3).fill('http://127.0.0.1:1/dataCollectionRules/r/streams/Custom-T_CL?api-version=2023-01-01'),
    )
    expect(sent.map(({ headers }) => headers['x-auspex-sequence'])).toEqual(['1', '2', '3'])
    expect(sent[0]!.headers).toMatchObject({ authorization: 'Bearer axt_secret', 'content-encoding': 'gzip' })
    expect(waits).toEqual([])
  })

  test('tries again what failed, later and later, and as late as it was asked to', async () => {
    const { sent, waits, said, spool } = await shipped([new Error('no route'), 503, 429, 401, 204], 1)
    expect(sent.map(({ headers }) => headers['x-auspex-sequence'])).toEqual(Array(5).fill('1'))
    expect(waits).toEqual([1000, 2000, 7000, 8000])
    expect(said[0]).toBe('d: no route; 1 messages wait, next try in 1 s')
    expect(said.at(-1)).toBe('d: takes messages again')
    expect(spool.count).toBe(0)
  })

  test('sets aside what will never be taken, and says where', async () => {
    const { said, spool, sent } = await shipped([400], 2)
    expect([sent.length, spool.count]).toEqual([2, 0])
    expect((await readdir(join(folder, 'spool', 'refused'))).sort()).toEqual(['1-T_CL.json', '1-T_CL.txt'])
    expect(JSON.parse(await readFile(join(folder, 'spool', 'refused', '1-T_CL.json'), 'utf8'))).toEqual([
      { name_s: 'm0-0' },
    ])
    expect(said[0]).toMatch(/answered 400: no; the message is kept in .*1-T_CL\.json/)
  })

  test('waits grow to five minutes, and differ between agents', () => {
    expect([1, 2, 3, 20].map((failures) => waitAfter(failures, 1))).toEqual([1000, 2000, 4000, 300_000])
    expect(waitAfter(3, 0)).toBe(2000)
  })

  test('an application of Entra ID gets a token, and uses it until it ends', async () => {
    await writeFile(join(folder, 'secret'), 'hush\n')
    const sent: Outgoing[] = []
    let now = 0
    const destination = new Destination(
      {
        name: 'azure',
        url: 'https://dce.example.org',
        rule: 'dcr-1',
        credential: {
          kind: 'client-secret',
          authority: 'https://login.example.org/',
          tenant: 't',
          client: 'c',
          secretFile: join(folder, 'secret'),
        },
      },
      async (outgoing) => {
        sent.push(outgoing)
        const isToken = outgoing.url.includes('/oauth2/')
        return {
          status: isToken ? 200 : 204,
          text: isToken ? '{"access_token":"tok","expires_in":3600}' : '',
        }
      },
      () => now,
    )
    const message = { table: 'AuditEvent', body: Buffer.from(''), agent: 'a', sequence: 1 }
    await destination.send(message, stop.signal)
    await destination.send(message, stop.signal)
    now = 3_500_000
    await destination.send(message, stop.signal)
    expect(sent.map(({ url }) => url.replace(/\?.*/, ''))).toEqual([
      'https://login.example.org/t/oauth2/v2.0/token',
      'https://dce.example.org/dataCollectionRules/dcr-1/streams/Custom-AuditEvent_CL',
      'https://dce.example.org/dataCollectionRules/dcr-1/streams/Custom-AuditEvent_CL',
      'https://login.example.org/t/oauth2/v2.0/token',
      'https://dce.example.org/dataCollectionRules/dcr-1/streams/Custom-AuditEvent_CL',
    ])
    expect(String(sent[0]!.body)).toContain(
      'client_secret=hush&scope=https%3A%2F%2Fmonitor.azure.com%2F%2F.default',
    )
    expect(sent[1]!.headers.authorization).toBe('Bearer tok')
  })
})

test('messages stay under the limit of the API', () => {
  const big = {
    table: 'T_CL',
    rowCount: 40,
    columns: new Map([['name_s', Array.from({ length: 40 }, () => 'é'.repeat(59_000))]]),
  }
  const messages = messagesOf(big)
  expect(messages.reduce((sum, each) => sum + each.rows, 0)).toBe(40)
  for (const { body } of messages) expect(Buffer.byteLength(body)).toBeLessThan(1_000_000)
})

test('a heartbeat says what the kernel lost', () => {
  const kernel = parseKernelStatus(
    'enabled 1\nfailure 1\npid 12\nrate_limit 0\nbacklog_limit 8192\nlost 7\nbacklog 3\n',
  )
  expect(kernel).toEqual({ enabled: 1, lost: 7, backlog: 3, backlogLimit: 8192 })
  expect(parseKernelStatus('The audit system is disabled')).toBeUndefined()
  const { columns } = heartbeat({
    time: 0,
    computer: 'web-1',
    agent: 'a',
    version: '0',
    osName: 'Linux',
    lagSeconds: 0.5,
    recordsPerSecond: 2,
    spoolBytes: 0,
    spoolMessages: 0,
    isSpoolFull: false,
    missingRecords: 0,
    unparsedLines: 0,
    kernel,
    rulesLoaded: 3,
    findings: [],
  })
  expect([columns.get('KernelLost'), columns.get('Findings')]).toEqual([[7], ['[]']])
})

test('the template for Azure declares each stream with the columns of its table', () => {
  const { resources } = azureTemplate() as {
    resources: { type: string; properties: Record<string, unknown> }[]
  }
  const streams = resources.at(-1)!.properties.streamDeclarations as Record<
    string,
    { columns: { name: string }[] }
  >
  expect(Object.keys(streams)).toEqual([
    'Custom-LinuxAuditLog_CL',
    'Custom-AuditEvent_CL',
    'Custom-AuspexHeartbeat_CL',
  ])
  for (const { columns } of Object.values(streams)) {
    expect(columns.length).toBeLessThanOrEqual(500)
    expect(columns.map(({ name }) => name)).toContain('TimeGenerated')
  }
})
