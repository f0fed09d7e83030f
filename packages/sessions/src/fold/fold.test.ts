import { readFileSync } from 'node:fs'
import { LinuxAuditLogReader } from '@auspex/auditd'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf, keysOf } from '../input/batches.js'
import type { KeyInput, SessionEvent } from '../input/event.js'
import { InOrder } from '../input/in-order.js'
import { Recorder } from '../lines.testing.js'
import { foldText, samplePath } from '../samples.testing.js'
import { SessionView } from '../view/session-view.js'
import { SessionsView } from '../view/sessions-view.js'
import { SessionFold } from './host.js'
import { isSessionPrefix, sessionUid } from './identity.js'

describe('which session an event belongs to', () => {
  it('tells hosts apart that number their sessions alike', () => {
    const [a, b] = [new Recorder(100, 'web1'), new Recorder(500, 'web2')]
    for (const log of [a, b]) {
      log.login({ pid: 10 }, 0)
      log.start({ pid: 10 }, 0.1)
      log.exec({ pid: 20, ppid: 10 }, 1, ['-bash'])
    }
    const mixed = a.lines.flatMap((line, i) => [line, b.lines[i]!])
    const sessions = foldText(mixed.join('\n')).fold.sessions()
    expect(sessions.map(({ computer, commandCount }) => [computer, commandCount])).toEqual([
      ['web1', 1],
      ['web2', 1],
    ])
    expect(sessions[0]!.uid).not.toBe(sessions[1]!.uid)
  })

  it('begins anew at a login of the same number, and ends what a boot cut off', () => {
    const log = new Recorder(50_000)
    log.login({ pid: 10 }, 0)
    log.start({ pid: 10 }, 0.1)
    log.exec({ pid: 20, ppid: 10 }, 1, ['-bash'])
    log.serial = 3
    log.user(
      'SYSTEM_BOOT',
      { pid: 1, ses: -1, auid: -1, exe: '/usr/lib/systemd/systemd-update-utmp' },
      600,
      'res=success',
    )
    log.login({ pid: 10 }, 700)
    log.start({ pid: 10 }, 700.1)
    log.exec({ pid: 20, ppid: 10 }, 701, ['-bash'])
    const [first, second] = foldText(log.text).fold.sessions()
    expect([first!.end, first!.commandCount, first!.endedAt]).toEqual(['reboot', 1, 1_700_000_001_000])
    expect([second!.isOpen, second!.commandCount, second!.startKnown]).toEqual([true, 1, true])
  })

  it('sees a boot that nothing says by serial numbers that begin anew', () => {
    const log = new Recorder(50_000)
    log.exec({ pid: 20, ppid: 10, ses: 4 }, 1, ['-bash'])
    log.serial = 10
    log.exec({ pid: 20, ppid: 10, ses: 4 }, 900, ['-bash'])
    expect(foldText(log.text).fold.sessions()).toHaveLength(2)
  })

  it('lets a session go on behind its logout, for what runs in the background', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.start({ pid: 10 }, 0.1)
    log.end({ pid: 10 }, 5)
    log.exec({ pid: 40, ppid: 1 }, 9_000, ['nohup-job'])
    const [session, ...others] = foldText(log.text).fold.sessions()
    expect([others.length, session!.end, session!.commandCount]).toEqual([0, 'logout', 1])
  })

  it('counts refused logins of the account, and from the address for accounts that never succeeded', () => {
    const log = new Recorder()
    const refuse = (pid: number, time: number, account: string, address = '10.0.0.9') =>
      log.user(
        'USER_AUTH',
        { pid, ses: -1, auid: -1 },
        time,
        `op=PAM:authentication acct="${account}" hostname=? addr=${address} terminal=ssh res=failed`,
      )
    refuse(1, 0, 'alice')
    refuse(2, 1, 'root')
    refuse(3, 2, 'alice', '10.0.0.77')
    refuse(4, 3, 'bob', '10.0.0.77')
    log.login({ pid: 10 }, 10)
    log.start({ pid: 10 }, 10.1)
    const [session] = foldText(log.text).fold.sessions()
    expect(session!.failedBefore.map(({ account, address }) => `${account} ${address}`)).toEqual([
      'alice 10.0.0.9',
      'root 10.0.0.9',
      'alice 10.0.0.77',
    ])
  })
})

describe('the process tree', () => {
  it('knows a process from an older one of its number', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.exec({ pid: 20, ppid: 10 }, 1, ['-bash'])
    log.exec({ pid: 30, ppid: 20 }, 2, ['make'])
    log.exec({ pid: 31, ppid: 30 }, 3, ['cc'])
    log.exec({ pid: 40, ppid: 20 }, 4, ['sh', 'x'])
    log.exec({ pid: 30, ppid: 40 }, 5, ['cc'])
    log.exec({ pid: 32, ppid: 30 }, 6, ['as'])
    const [session] = foldText(log.text).fold.sessions()
    const tree = session!.processes.all
      .filter(({ pid }) => pid >= 30)
      .map((process) => [process.pid, process.name, process.parent!.name])
    expect(tree).toEqual([
      [30, 'make', 'bash'],
      [31, 'cc', 'make'],
      [40, 'sh', 'bash'],
      [30, 'cc', 'sh'],
      [32, 'as', 'cc'],
    ])
  })

  it('puts a process that was never seen under what forked it', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.exec({ pid: 20, ppid: 10 }, 1, ['-bash'])
    log.exec({ pid: 30, ppid: 20, euid: 0 }, 2, ['sudo', 'id'])
    log.exec({ pid: 32, ppid: 31, uid: 0 }, 3, ['id'])
    const [session] = foldText(log.text).fold.sessions()
    const id = session!.processes.find(32, 1_700_000_003_000)!
    expect([id.parent!.pid, id.parent!.isUnseen, id.parent!.parentInferred, id.parent!.parent!.name]).toEqual(
      [31, true, true, 'sudo'],
    )
  })

  it('notices root that nothing explains', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.exec({ pid: 20, ppid: 10 }, 1, ['-bash'])
    log.exec({ pid: 30, ppid: 20 }, 2, ['./exploit'], '/home/a/exploit')
    log.exec({ pid: 30, ppid: 20, uid: 0 }, 3, ['sh'], '/usr/bin/dash')
    const [session] = foldText(log.text).fold.sessions()
    expect(session!.changes).toMatchObject([{ how: 'unexplained', to: 'root', succeeded: true }])
  })
})

describe('the order of events', () => {
  it.each(['admin-day', 'intrusion', 'ssh-session-raw'])('does not matter: %s', (name) => {
    const reader = new LinuxAuditLogReader({ computer: name, events: true })
    reader.push(readFileSync(samplePath(`${name}.log`)))
    reader.end()
    const items: (SessionEvent | KeyInput)[] = []
    for (let taken = reader.take(); taken !== undefined; taken = reader.take()) {
      items.push(...keysOf(taken.batch))
      if (taken.events !== undefined) items.push(...eventsOf(taken.events))
    }
    const foldOf = (list: readonly (SessionEvent | KeyInput)[]) => {
      const fold = new SessionFold()
      for (const item of list) {
        if ('data' in item) fold.addKeys(item)
        else fold.add(item)
      }
      return fold
    }
    const sorted = [...items].sort((a, b) => a.time - b.time || a.serial - b.serial)
    const inOrder = foldOf(sorted)
    // As they arrive: batch by batch, each in the order of completion.
    const arrived = foldOf(items)
    const outline = (fold: SessionFold) =>
      new SessionsView(fold).list().map((view) => {
        const { risk, ...record } = view.record()
        return {
          ...record,
          lines: view.lines(),
          commands: view.commands().map(({ id, origin, line }) => [id, origin, line]),
        }
      })
    expect(outline(arrived)).toEqual(outline(inOrder))
  })

  it('is restored by InOrder', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { maxLength: 3000 }), (times) => {
        const order = new InOrder<{ time: number; serial: number }>()
        const out = [...times.flatMap((time, serial) => order.push({ time, serial }) ?? []), ...order.drain()]
        expect(out).toHaveLength(times.length)
        if (times.length <= 1024) {
          expect(out.map(({ time }) => time)).toEqual([...times].sort((a, b) => a - b))
        }
      }),
      { numRuns: 50, seed: 2 },
    )
  })
})

describe('the id of a session', () => {
  it('is short, stable, and another for each host, number, user and start', () => {
    const uid = sessionUid('web1', 3, 1000, 1_700_000_000_000)
    expect(uid).toBe(sessionUid('web1', 3, 1000, 1_700_000_000_000))
    expect(uid).toMatch(/^[2-9b-df-hj-np-tv-xz]{11}$/)
    expect(isSessionPrefix(uid.slice(0, 4))).toBe(true)
    expect(isSessionPrefix('zz')).toBe(false)
    const others = [
      sessionUid('web2', 3, 1000, 1_700_000_000_000),
      sessionUid('web1', 4, 1000, 1_700_000_000_000),
      sessionUid('web1', 3, 1001, 1_700_000_000_000),
      sessionUid('web1', 3, 1000, 1_700_000_000_001),
    ]
    expect(new Set([uid, ...others]).size).toBe(5)
  })
})

describe('a view', () => {
  it('pages through commands, the timeline and the tree', () => {
    const view = new SessionsView(foldText(readFileSync(samplePath('intrusion.log'))).fold).list()[0]!
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = view.commandPage(cursor, 50)
      expect(page.total).toBe(132)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next ?? undefined
    } while (cursor !== undefined)
    expect(seen).toEqual(view.commands().map(({ id }) => id))
    const roots = view.processes(undefined, undefined, 10)
    expect(roots.items.map(({ name }) => name)).toContain('sshd')
    const below = view.processes(roots.items.find(({ name }) => name === 'sshd')!.index, undefined, 100)
    expect(below.total).toBeGreaterThan(0)
    expect(view.timelinePage(undefined, 5).items[0]).toMatchObject({ kind: 'refused-login' })
    expect(view).toBeInstanceOf(SessionView)
  })
})
