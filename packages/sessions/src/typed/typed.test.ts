import { describe, expect, it } from 'vitest'
import { Recorder } from '../lines.testing.js'
import { foldText } from '../samples.testing.js'
import { SessionsView } from '../view/sessions-view.js'

const SHELL = { pid: 20, ppid: 10 }

/** A login whose shell runs these programs (a second apart) and then writes its keys out. */
function session(programs: readonly (readonly string[])[], keys: string, reveal = false) {
  const log = new Recorder()
  log.login({ pid: 10 }, 0)
  log.start({ pid: 10 }, 0.1)
  log.exec(SHELL, 1, ['-bash'])
  for (const [i, args] of programs.entries()) log.exec({ pid: 30 + i, ppid: 20 }, 2 + i, args)
  log.keys({ pid: 20 }, 100, keys)
  log.end({ pid: 10 }, 100.1)
  return new SessionsView(foldText(log.text, reveal).fold, { reveal }).list()[0]!
}

const lines = (view: ReturnType<typeof session>) =>
  view.lines().map(({ text, outcome, doubts }) => [text, outcome, ...doubts].join(' | '))

describe('typed lines', () => {
  it('that were thrown away with ^C are cut off the one behind them', () => {
    expect(lines(session([['ls', '-l'], ['id']], 'rm -rf /srv/nothingls -l\rid\r'))).toEqual([
      'rm -rf /srv/nothing | aborted | interrupted',
      'ls -l | ran | interrupted',
      'id | ran',
    ])
  })

  it('that the shell asked to go on with are one', () => {
    const view = session(
      [
        ['gzip', 'a'],
        ['gzip', 'b'],
      ],
      'for i in a b\rdo gzip $i\rdone\rid\r',
    )
    expect(lines(view)).toEqual(['for i in a b\ndo gzip $i\ndone | ran', 'id | not-run'])
  })

  it('are matched through completion and the history of other sessions', () => {
    const view = session(
      [['cat', '/etc/hostname'], ['uptime'], ['df', '-h']],
      'cat /etc/hostn\t\r\x1b[A\x1b[A\rdf -h\r',
    )
    expect(lines(view)).toEqual(['cat /etc/hostn | ran | completion', ' | ran | history', 'df -h | ran'])
    expect(view.lines()[1]).toMatchObject({ confidence: 0.3 })
    expect(view.lines()[0]!.confidence).toBeGreaterThan(0.7)
  })

  it('say what they do not know: which of two equal ones ran, and whether anything is recorded at all', () => {
    const view = session([['id'], ['ls'], ['date'], ['w']], 'id\rls\rls\rdate\rw\r')
    expect(view.lines().map(({ text, confidence }) => [text, confidence])).toEqual([
      ['id', 1],
      ['ls', 0.5],
      ['ls', 0.4],
      ['date', 1],
      ['w', 1],
    ])
    expect(lines(session([], 'id\rls\r'))).toEqual(['id | unknown', 'ls | unknown'])
  })

  it('keep an answer to read to themselves, and the rest of a password', () => {
    const view = session([['id'], ['ls']], 'read -s P\rhunter2\nid\rexport TOKEN=abc\rls\r')
    expect(view.lines().map(({ text }) => text)).toEqual([
      'read -s P',
      '********',
      'id',
      'export TOKEN=********',
      'ls',
    ])
    const revealed = session([['id'], ['ls']], 'read -s P\rhunter2\nid\rexport TOKEN=abc\rls\r', true)
    expect(revealed.lines().map(({ text }) => text)).toContain('hunter2')
  })

  it('that were typed ahead are commands', () => {
    expect(
      lines(
        session(
          [
            ['sleep', '9'],
            ['ls', '/root'],
          ],
          'sleep 9\rls /root\n',
        ),
      ),
    ).toEqual(['sleep 9 | ran', 'ls /root | ran'])
  })

  it('tell what nobody typed', () => {
    const view = session([['id'], ['curl', '-s', 'http://x/'], ['ls']], 'id\rls\r')
    expect(view.commands().map(({ commandLine, origin }) => [commandLine, origin])).toEqual([
      ['-bash', 'login'],
      ['id', 'typed'],
      ['curl -s http://x/', 'not-typed'],
      ['ls', 'typed'],
    ])
    expect(view.record().notTyped).toBe(1)
  })

  it('of bash reported a second time (USER_TTY) stand once, with the time of the report', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.start({ pid: 10 }, 0.1)
    log.exec({ ...SHELL, uid: 0 }, 1, ['-bash'])
    log.lines.push(`type=USER_TTY msg=audit(1700000005.000:900): pid=20 uid=0 auid=1000 ses=1 data="cd /tmp"`)
    log.keys({ pid: 20, uid: 0 }, 100, 'cd /tmp\r')
    const [view] = new SessionsView(foldText(log.text).fold).list()
    expect(view!.lines()).toMatchObject([
      { text: 'cd /tmp', timeOf: 'report', time: '2023-11-14T22:13:25.000Z' },
    ])
  })

  it('put into the terminal by a program are marked', () => {
    const log = new Recorder()
    log.login({ pid: 10 }, 0)
    log.exec(SHELL, 1, ['-bash'])
    log.lines.push(
      `type=TTY msg=audit(1700000005.000:900): tty pid=20 uid=1000 auid=1000 ses=1 ioctl=TIOCSTI major=136 minor=1 comm="bash" data=69640D`,
    )
    const [view] = new SessionsView(foldText(log.text).fold).list()
    expect(view!.lines()).toMatchObject([{ text: 'id', injected: true }])
    expect(view!.record().risk.reasons[0]).toMatchObject({ factor: 'injected' })
  })
})
