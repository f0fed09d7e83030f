/**
 * Killed at random moments, again and again, while a log grows and rotates: in the end every line is stored
 * exactly once, and nothing that was acknowledged is missing after any of the kills.
 *
 * `AUSPEX_CRASH_KILLS=60 npx vitest run e2e/crash` is the long run. It needs the built packages.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openStore } from '@auspex/store'
import { afterEach, beforeEach, expect, test } from 'vitest'

const KILLS = Number(process.env.AUSPEX_CRASH_KILLS ?? 4)
const FEEDER = fileURLToPath(new URL('./feeder.mjs', import.meta.url))
const ROTATE_AT = 200_000

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'auspex-crash-'))
})
afterEach(() => rmSync(directory, { recursive: true, force: true }))

test(`${KILLS} kills lose no line and double none`, { timeout: 60_000 + KILLS * 10_000 }, async () => {
  const data = join(directory, 'data')
  const logs = new GrowingLog(directory)
  const acknowledged = new Map<string, bigint>()
  for (let kill = 0; kill < KILLS; kill++) {
    const feeder = startFeeder(data, directory, acknowledged)
    // A killed start counts too: it meets the replay of the write-ahead log.
    const until = Date.now() + 300 + ((kill * 7919) % 1700)
    while (Date.now() < until) {
      logs.grow()
      await sleep(3)
    }
    feeder.child.kill('SIGKILL')
    await feeder.ended
    await expectAcknowledged(data, acknowledged)
  }
  writeFileSync(join(directory, 'stop'), '')
  const last = startFeeder(data, directory, acknowledged)
  expect(await last.ended, last.errors()).toBe(0)

  const store = await openStore({ directory: data })
  const columns = [
    { name: 'rows', type: 'long' as const },
    { name: 'ids', type: 'long' as const },
    { name: 'lines', type: 'long' as const },
  ]
  const sql = `SELECT count(*), count(DISTINCT "AuditID_s"), count(DISTINCT "RawData") FROM "LinuxAuditLog_CL"`
  const [counts] = await (await store.query({ sql, parameters: [], columns })).collect()
  await store.close()
  expect(counts).toEqual([BigInt(logs.lines), BigInt(logs.lines), BigInt(logs.lines)])
  expect(logs.rotations).toBeGreaterThan(0)
})

/** What the store said it has, it has. */
async function expectAcknowledged(data: string, acknowledged: ReadonlyMap<string, bigint>): Promise<void> {
  if (!existsSync(data)) return
  const store = await openStore({ directory: data })
  for (const [source, to] of acknowledged) {
    const position = await store.position(source)
    expect(position !== undefined && position.to >= to, `${source} was acknowledged up to ${to}`).toBe(true)
  }
  await store.close()
}

function startFeeder(data: string, logs: string, acknowledged: Map<string, bigint>) {
  const child: ChildProcess = spawn(process.execPath, [FEEDER, data, logs], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  let unread = ''
  child.stdout!.on('data', (chunk: Buffer) => {
    const lines = (unread + chunk.toString()).split('\n')
    unread = lines.pop()!
    for (const line of lines) {
      const [source, to] = line.split(' ')
      acknowledged.set(source!, BigInt(to!))
    }
  })
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  return { child, ended, errors: () => errors }
}

/** An audit log that auditd writes and rotates: `audit.log` becomes `audit.log.1`, that one `audit.log.2`, … */
class GrowingLog {
  lines = 0
  rotations = 0
  readonly #directory: string

  constructor(directory: string) {
    this.#directory = directory
    writeFileSync(this.#path(0), '')
  }

  grow(): void {
    let text = ''
    for (let line = 0; line < 10; line++) {
      const serial = ++this.lines
      const time = `${1_700_000_000 + Math.floor(serial / 1000)}.${String(serial % 1000).padStart(3, '0')}`
      text += RECORDS[serial % RECORDS.length]!.replace('@', `${time}:${serial}`)
    }
    // In two writes, so that the reader meets lines that are not there in full yet.
    appendFileSync(this.#path(0), text.slice(0, text.length - 30))
    appendFileSync(this.#path(0), text.slice(text.length - 30))
    if (statSync(this.#path(0)).size > ROTATE_AT) this.#rotate()
  }

  #rotate(): void {
    let count = 0
    while (existsSync(this.#path(count))) count++
    for (let age = count; age > 0; age--) renameSync(this.#path(age - 1), this.#path(age))
    writeFileSync(this.#path(0), '')
    this.rotations++
  }

  #path(age: number): string {
    return join(this.#directory, age === 0 ? 'audit.log' : `audit.log.${age}`)
  }
}

const RECORDS = [
  'type=SYSCALL msg=audit(@): arch=c000003e syscall=59 success=yes exit=0 a0=55 a1=66 a2=77 a3=8 items=2 ppid=100 pid=101 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=3 comm="ls" exe="/usr/bin/ls" key="exec"\n',
  'type=EXECVE msg=audit(@): argc=2 a0="ls" a1="-l"\n',
  'type=PATH msg=audit(@): item=0 name="/usr/bin/ls" inode=1 dev=fe:00 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n',
  'type=TTY msg=audit(@): tty pid=101 uid=0 auid=1000 ses=3 major=136 minor=0 comm="bash" data=6C730D\n',
  'type=USER_AUTH msg=audit(@): pid=101 uid=0 auid=1000 ses=3 msg=\'op=PAM:authentication acct="root" exe="/usr/bin/su" hostname=? addr=? terminal=pts/0 res=success\'\n',
]
