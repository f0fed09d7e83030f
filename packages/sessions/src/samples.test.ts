import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { foldText, SAMPLES, samplePath, sampleSessions } from './samples.testing.js'
import type { SessionView } from './view/session-view.js'

/** ^U had left `log` behind the cursor when this was typed. */
const EDITED = new Map([['sudo tail -3 /var/log/dpkg.log', 'sudo tail -3 /var/log/dpkg.loglog']])

/** A session in a few lines: what was typed, what became of it, and why everything else ran. */
function outline(view: SessionView): string {
  const { uid, user, session, method, sourceAddress, terminal, endReason, failedBefore, became } =
    view.record()
  const lines = [
    `== ${uid} ses ${session} ${user} ${method} ${sourceAddress} ${terminal} ${endReason || 'open'} refused-before=${failedBefore} became=${became.join(',')}`,
  ]
  const commands = new Map(view.commands().map((command) => [command.id, command]))
  for (const line of view.lines()) {
    const started = line.commands.map((id) => commands.get(id)!.commandLine).join(' ; ')
    const doubts = line.doubts.length === 0 ? '' : ` (${line.doubts.join(', ')})`
    const when = line.timeOf === null ? '' : ` @${line.timeOf}`
    const relays = line.relays.length === 0 ? '' : ` via ${line.relays.join(', ')}`
    lines.push(
      `${line.user} ${line.reader}: ${JSON.stringify(line.text)} ${line.outcome} ${line.confidence}${doubts}${when}${relays}${started === '' ? '' : ` => ${started}`}`,
    )
  }
  for (const input of view.hidden()) {
    lines.push(
      `hidden: ${input.keys} keys of ${input.reader}, ${input.copied} of them also read by ${input.copyOf.join(', ') || 'nobody'}`,
    )
  }
  for (const origin of ['not-typed', 'unknown', 'from-typed', 'shell-files', 'login']) {
    const list = view.commands().filter((command) => command.origin === origin && !command.failed)
    if (list.length > 0) lines.push(`${origin}: ${list.map(({ commandLine }) => commandLine).join(' ; ')}`)
  }
  return lines.join('\n')
}

describe('the recorded sessions', () => {
  it.each(SAMPLES)('%s: lines, what they started, and what ran without being typed', async (name) => {
    const text = `${sampleSessions(name).list().map(outline).join('\n\n')}\n`
    await expect(text).toMatchFileSnapshot(fileURLToPath(new URL(`cases/${name}.txt`, import.meta.url)))
  })

  it('shows every line that was typed as it was typed', () => {
    const readme = readFileSync(samplePath('README.md'), 'utf8')
    let checked = 0
    for (const [, name, text] of readme.matchAll(/## What was typed: (\S+)\n([\s\S]*?)(?=\n## |$)/g)) {
      if (name === 'tamper') continue
      const sessions = sampleSessions(name!, true).list()
      for (const [, user, block] of text!.matchAll(/- (\w+):\n\n {2}```\n([\s\S]*?)\n {2}```/g)) {
        const typed = block!
          .split('\n')
          .map((line) => line.slice(2))
          .filter(
            (line) => !line.startsWith('(') && !line.includes('(key by key)') && !line.includes('<paste>'),
          )
        const shown = sessions
          .filter((view) => view.record().user === user || user === 'carol')
          .flatMap((view) => view.lines().flatMap((line) => [line.text, ...line.text.split('\n')]))
        for (const line of typed) {
          expect(shown, `${name}, ${user}`).toContain(EDITED.get(line) ?? line)
          checked++
        }
      }
    }
    expect(checked).toBeGreaterThan(100)
  })

  it('lets no secret through: neither the ones that were typed nor the ones of command lines', () => {
    const secrets = [
      'Quiet-Lake',
      'S3cretDb',
      'Zz-1234567',
      'Brown-Fox',
      's3cr3t-value',
      'wrongroot',
      'Green-Hill',
    ]
    for (const name of SAMPLES) {
      const all = JSON.stringify(
        sampleSessions(name)
          .list()
          .map((view) => view.detail()),
      )
      for (const secret of secrets) expect(all).not.toContain(secret)
    }
    const revealed = JSON.stringify(
      sampleSessions('admin-day', true)
        .list()
        .map((view) => view.detail()),
    )
    expect(revealed).toContain('mysql -uroot -pS3cretDb')
    expect(revealed).toContain('Quiet-Lake-7')
  })

  it('counts keys that were read twice once', () => {
    const [carol] = sampleSessions('admin-day').list()
    const lines = carol!.lines()
    expect(lines.filter(({ text }) => text === 'whoami')).toHaveLength(1)
    expect(lines.filter(({ text }) => text === 'date -u +%Y')).toHaveLength(1)
    expect(carol!.hidden().map(({ reader, keys, copied }) => [reader, keys - copied])).toEqual([
      ['sudo', 0],
      ['ssh', 0],
      ['screen', 0],
    ])
    expect(carol!.hidden()[1]!.copyOfSession).toBe(sampleSessions('admin-day').list()[1]!.uid)
  })
})

const has = (tool: string) => spawnSync(tool, ['--version']).error === undefined

describe.runIf(has('ausearch') && has('aulast'))('beside the audit tools of this machine', () => {
  it.each(SAMPLES)('%s: sessions have the events that ausearch --session finds', (name) => {
    for (const view of sampleSessions(name).list()) {
      const { session, events } = view.record()
      const { stdout } = spawnSync(
        'ausearch',
        ['-if', samplePath(`${name}.log`), '--session', String(session), '--raw'],
        {
          encoding: 'utf8',
          maxBuffer: 1 << 26,
        },
      )
      const found = new Set(stdout.match(/audit\([^)]*\)/g))
      expect([session, events]).toEqual([session, found.size])
    }
  })

  it.each(SAMPLES)('%s: logins, addresses, terminals and ends are those of aulast', (name) => {
    const { stdout } = spawnSync('aulast', ['-f', samplePath(`${name}.log`)], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
    })
    // alice    pts/1        127.0.0.1        Sun Nov 22 21:42 - 21:42  (00:00)
    const theirs = stdout
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => [
        line.slice(9, 22).trim(),
        line.slice(22, 39).trim(),
        line.slice(50, 55),
        line.slice(58, 63).trim(),
      ])
    const ours = sampleSessions(name)
      .list()
      .map((view) => view.record())
      .map(({ terminal, sourceAddress, start, end }) => [
        terminal,
        sourceAddress,
        start.slice(11, 16),
        end === null ? 'still' : end.slice(11, 16),
      ])
    const sorted = (rows: string[][]) => rows.map((row) => row.join(' ')).sort()
    expect(sorted(ours)).toEqual(sorted(theirs))
  })
})

describe('a log that is cut', () => {
  const text = readFileSync(samplePath('ssh-session-raw.log'), 'latin1')
  const lines = text.split('\n')

  it('at its head: the session is there, and its login is not known', () => {
    const cut = foldText(lines.slice(200).join('\n'))
    const [alice, bob] = cut.fold.sessions()
    expect([alice!.number, alice!.startKnown, alice!.end]).toEqual([16, false, 'logout'])
    expect([bob!.number, bob!.startKnown, bob!.user]).toEqual([17, true, 'bob'])
  })

  it('at its tail: the session is open', () => {
    const cut = foldText(`${lines.slice(0, 440).join('\n')}\n`)
    const [alice] = cut.fold.sessions()
    expect([alice!.isOpen, alice!.keys.length, alice!.changes.map(({ to }) => to)]).toEqual([
      true,
      0,
      ['root', 'root'],
    ])
  })
})
