import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LinuxAuditLogReader } from '@auspex/auditd'
import { compile, ticksFromDate } from '@auspex/kql'
import { openStore, type Store } from '@auspex/store'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { samplePath, sampleSessions } from '../samples.testing.js'
import { SessionKeeper } from './keeper.js'
import { Questions } from './questions.js'

let directory: string
let store: Store
let now: number
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-keeper-'))
  now = Date.UTC(2026, 10, 28)
  store = await openStore({ directory, clock: () => now })
  schema = store.schema()
})
afterEach(async () => {
  await store.close()
  rmSync(directory, { recursive: true, force: true })
})

let schema: ReturnType<Store['schema']>
const parts = (more: Partial<ConstructorParameters<typeof SessionKeeper>[0]> = {}) => ({
  store,
  schema: () => schema,
  compile: async (...args: Parameters<typeof compile>) => compile(...args),
  now: () => ticksFromDate(new Date(now)),
  ...more,
})

/** Feeds a log into the store as a reader does that is asked for rows after every `lines` lines. */
class Feed {
  readonly #reader: LinuxAuditLogReader
  readonly #lines: string[]
  readonly #source: string
  #at = 0
  #position = 0n

  constructor(name: string, from = 0, to?: number) {
    this.#reader = new LinuxAuditLogReader({ computer: name, events: true })
    this.#lines = readFileSync(samplePath(`${name}.log`), 'latin1')
      .split('\n')
      .slice(from, to)
    this.#source = `${name}:${from}`
  }

  get isOver(): boolean {
    return this.#at >= this.#lines.length
  }

  async some(lines: number, settle = false): Promise<void> {
    for (const line of this.#lines.slice(this.#at, this.#at + lines)) {
      if (line !== '') this.#reader.push(Buffer.from(`${line}\n`, 'latin1'))
    }
    this.#at += lines
    if (this.isOver) this.#reader.end()
    else if (settle) this.#reader.closeEvents()
    for (let taken = this.#reader.take(); taken !== undefined; taken = this.#reader.take()) {
      const tables = [taken.batch, ...(taken.events === undefined ? [] : [taken.events])]
      await store.ingest({ source: this.#source, from: this.#position, to: this.#position + 1n, tables })
      this.#position++
    }
  }

  all = () => this.some(Number.MAX_SAFE_INTEGER)
}

const rows = (kql: string) => new Questions(parts()).rows(kql)

/** What is in the three tables, without what depends on when it was written. */
async function tables() {
  const clean = (list: Record<string, unknown>[]) =>
    list.map((row) =>
      Object.fromEntries(
        Object.entries(row)
          .filter(([name]) => !['_TimeReceived', 'UpdatedTime', 'Type'].includes(name))
          .map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : value]),
      ),
    )
  return {
    sessions: clean(await rows('AuditSession | sort by SessionUid asc')),
    commands: clean(await rows('AuditCommand | sort by EventId asc')),
    lines: clean(await rows('AuditKeystroke | sort by LineId asc')),
  }
}

describe('SessionKeeper', () => {
  it('fills the tables with what the log itself gives', async () => {
    await new Feed('admin-day').all()
    const report = await new SessionKeeper(parts()).pass()
    const views = sampleSessions('admin-day').list()
    const { sessions, commands, lines } = await tables()
    expect(report).toMatchObject({
      commands: commands.length,
      sessions: sessions.length,
      lines: lines.length,
    })
    for (const view of views) {
      const record = view.record()
      expect(sessions.find((row) => row.SessionUid === record.uid)).toMatchObject({
        AuditUser: record.user,
        Commands: String(record.commands),
        TypedLines: String(record.typedLines),
        TypedRan: String(record.typedRan),
        RiskScore: record.risk.score,
        FailedLogons: String(record.failedBefore),
        EndReason: record.endReason,
        Events: String(record.events),
        KeystrokeState: record.keys,
      })
      expect(commands.filter((row) => row.SessionUid === record.uid)).toHaveLength(record.commands)
      const own = lines.filter((row) => row.SessionUid === record.uid && row.Outcome !== 'hidden')
      expect(own.map((row) => row.Text).sort()).toEqual(
        view
          .lines()
          .map(({ text }) => text)
          .sort(),
      )
    }
    expect(JSON.stringify(await tables())).not.toMatch(/S3cretDb|Quiet-Lake/)
  })

  it.each([
    ['admin-day', 97],
    ['line-editing', 211],
  ])(
    'comes to the same for %s in pieces of %i lines, with a start in between each time',
    async (name, size) => {
      await new Feed(name).all()
      await new SessionKeeper(parts()).pass()
      const whole = await tables()
      await store.close()
      rmSync(directory, { recursive: true, force: true })
      store = await openStore({ directory, clock: () => now })

      const feed = new Feed(name)
      let keeper = new SessionKeeper(parts())
      for (let i = 0; !feed.isOver; i++) {
        await feed.some(size)
        now += 2_000
        await keeper.pass({ following: true })
        if (i % 2 === 1) keeper = new SessionKeeper(parts())
      }
      await keeper.pass()
      const pieces = await tables()
      expect(pieces.commands.map(({ EventId, SessionUid }) => [EventId, SessionUid])).toEqual(
        whole.commands.map(({ EventId, SessionUid }) => [EventId, SessionUid]),
      )
      expect(pieces.lines).toEqual(whole.lines)
      expect(pieces.sessions).toEqual(whole.sessions)
    },
  )

  it('writes nothing twice when the store fails in between', async () => {
    await new Feed('ssh-session-raw').all()
    let calls = 0
    const failing = {
      ...parts(),
      step: 60,
      store: new Proxy(store, {
        get: (target, name) => {
          if (name === 'ingest') {
            return async (...args: Parameters<Store['ingest']>) => {
              if (++calls === 1 || calls === 3) throw new Error('full')
              return target.ingest(...args)
            }
          }
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      }),
    }
    const keeper = new SessionKeeper(failing)
    await expect(keeper.pass()).rejects.toThrow('full')
    for (let tries = 0; tries < 3; tries++) await keeper.pass().catch(() => undefined)
    const { commands, sessions } = await tables()
    expect(calls).toBeGreaterThan(2)
    expect(new Set(commands.map(({ EventId }) => EventId)).size).toBe(commands.length)
    expect(commands).toHaveLength(45)
    expect(sessions).toHaveLength(2)
  })

  it('keeps a session together whose beginning is imported after its end', async () => {
    await new Feed('ssh-session-raw', 200).all()
    await new SessionKeeper(parts()).pass()
    const before = await tables()
    expect(before.sessions.find(({ AuditUserId }) => AuditUserId === '1001')).toMatchObject({
      IsStartKnown: false,
    })
    await new Feed('ssh-session-raw', 0, 200).all()
    await new SessionKeeper(parts()).pass()
    const { sessions, commands } = await tables()
    expect(sessions).toHaveLength(2)
    const alice = sessions.find(({ AuditUserId }) => AuditUserId === '1001')!
    expect(alice).toMatchObject({ IsStartKnown: true, Commands: '26', FailedLogons: '1' })
    expect(alice.SessionUid).toBe(
      before.sessions.find(({ AuditUserId }) => AuditUserId === '1001')!.SessionUid,
    )
    expect(new Set(commands.map(({ SessionUid }) => SessionUid)).size).toBe(2)
  })

  it('puts alerts of the host and user into the sessions that they fell in', async () => {
    await new Feed('admin-day').all()
    const keeper = new SessionKeeper(parts())
    await keeper.pass()
    const at = Date.UTC(2026, 10, 27, 7, 53, 0)
    await store.append([
      {
        table: 'SecurityAlert',
        rowCount: 1,
        columns: new Map<string, unknown[]>([
          ['TimeGenerated', [now]],
          ['SystemAlertId', ['alert-1']],
          ['AlertName', ['Root shell']],
          ['AlertSeverity', ['High']],
          ['StartTime', [at]],
          ['EndTime', [at + 1000]],
          ['Computer', ['admin-day']],
          ['Entities', [JSON.stringify([{ $id: '1', Type: 'account', Name: 'carol' }])]],
        ]),
      },
    ])
    await keeper.pass()
    const found = await rows(
      'AuditSession | where array_length(Alerts) > 0 | project AuditUser, RiskScore, Alerts',
    )
    expect(found).toMatchObject([{ AuditUser: 'carol', Alerts: '["alert-1"]' }])
    expect(Number(found[0]!.RiskScore)).toBeGreaterThan(50)
  })

  it('sets sessions aside when too much is held, and puts them back', async () => {
    for (const name of ['ssh-session-raw', 'admin-day', 'intrusion']) await new Feed(name).all()
    const keeper = new SessionKeeper(parts({ maxHeld: 30, step: 300 }))
    await keeper.pass()
    const { sessions } = await tables()
    expect(sessions.map(({ Commands }) => Number(Commands)).sort((a, b) => a - b)).toEqual([
      14, 15, 18, 19, 26, 53, 132,
    ])
  })
})
