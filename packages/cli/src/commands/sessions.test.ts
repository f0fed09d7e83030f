import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { CliError, type Effects } from '../effects.js'
import { displayWidth } from '../output/table.js'
import { createProgram } from '../program.js'

const sample = (name: string) =>
  fileURLToPath(new URL(`../../../../content/samples/${name}.log`, import.meta.url))
const goldenCase = (name: string) => fileURLToPath(new URL(`./cases/${name}`, import.meta.url))

async function auspex(args: readonly string[], more: Partial<Effects> & { columns?: number } = {}) {
  let out = ''
  let err = ''
  const output = (write: (text: string) => void) => ({
    write,
    writeBytes: async () => {},
    columns: more.columns,
  })
  const effects = {
    out: output((text) => {
      out += text
    }),
    err: output((text) => {
      err += text
    }),
    env: { NO_COLOR: '1' },
    homeDirectory: '/nowhere',
    hostName: 'here',
    isRoot: false,
    now: () => new Date('2026-11-27T09:00:00Z'),
    timeZone: 'UTC',
    newId: () => 'id',
    signal: new AbortController().signal,
    input: (async function* () {})(),
    ...more,
  } as unknown as Effects
  const exit = await createProgram(effects).run(args)
  return { exit, out, err }
}

async function idsOf(name: string): Promise<string[]> {
  const { out } = await auspex(['sessions', '--file', sample(name), '--format', 'json'])
  return (JSON.parse(out) as { uid: string }[]).map(({ uid }) => uid)
}

describe('auspex sessions', () => {
  it('lists logins', async () => {
    const { exit, out } = await auspex(['sessions', '--file', sample('intrusion')], { columns: 120 })
    expect(exit).toBe(0)
    await expect(out).toMatchFileSnapshot(goldenCase('sessions-list.txt'))
  })

  it('chooses by user, host, time and root', async () => {
    const users = async (...args: string[]) => {
      const { out } = await auspex(['sessions', '--file', sample('admin-day'), '--format', 'json', ...args])
      return (JSON.parse(out) as { user: string }[]).map(({ user }) => user)
    }
    expect(await users()).toEqual(['carol', 'dave', 'dave'])
    expect(await users('--user', 'dave')).toEqual(['dave', 'dave'])
    expect(await users('--user', '1001')).toEqual(['carol'])
    expect(await users('--root')).toEqual(['carol'])
    expect(await users('--host', 'other')).toEqual([])
    expect(await users('--since', '2026-11-27T07:53:39Z')).toEqual(['dave'])
    expect(await users('--since', '2h')).toHaveLength(3)
    expect((await auspex(['sessions', '--file', sample('admin-day'), '--since', 'never'])).exit).toBe(2)
  })

  it.each(['ssh-session-raw', 'admin-day', 'intrusion', 'tamper'])(
    'shows the first session of %s as a story of 100 columns',
    async (name) => {
      const [id] = await idsOf(name)
      const { exit, out } = await auspex(['sessions', 'show', id!, '--file', sample(name)])
      expect(exit).toBe(0)
      for (const line of out.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(100)
      await expect(out).toMatchFileSnapshot(goldenCase(`sessions-show-${name}.txt`))
    },
  )

  it('shows more with --all, and secrets only with --reveal', async () => {
    const [id] = await idsOf('admin-day')
    const show = async (...args: string[]) =>
      (await auspex(['sessions', 'show', id!, '--file', sample('admin-day'), ...args])).out
    expect(await show()).not.toMatch(/S3cretDb|Quiet-Lake/)
    expect(await show('--reveal')).toMatch(/-pS3cretDb[\s\S]*Quiet-Lake-7/)
    expect(await show('--all')).toContain('run-parts --lsbsysinit /etc/update-motd.d')
    expect(await show('--format', 'json')).not.toMatch(/S3cretDb|Quiet-Lake/)
    expect(await show('--format', 'html')).not.toMatch(/S3cretDb|Quiet-Lake|<script/)
  })

  it('replays what was typed, without making up times', async () => {
    const [id] = await idsOf('ssh-session-raw')
    const { out } = await auspex(['sessions', 'replay', id!.slice(0, 5), '--file', sample('ssh-session-raw')])
    await expect(out).toMatchFileSnapshot(goldenCase('sessions-replay.txt'))
  })

  it('says what to do about an id that is none, a file that is not there or no log', async () => {
    const failure = (...args: string[]) => auspex(['sessions', ...args]).catch((error: CliError) => error)
    expect(await failure('show', 'zzz', '--file', sample('intrusion'))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('`auspex sessions` lists them'),
    })
    expect(await failure('--file', '/nowhere/x.log')).toBeInstanceOf(CliError)
    expect(await failure('--file', fileURLToPath(import.meta.url))).toMatchObject({
      message: expect.stringContaining('no audit record'),
    })
  })

  it('keeps control characters of a log from the terminal', async () => {
    const evil = Buffer.from('echo \x1b]0;x\x07\r').toString('hex').toUpperCase()
    const log = `type=LOGIN msg=audit(1700000000.000:1): pid=1 uid=0 old-auid=4294967295 auid=1000 tty=(none) old-ses=4294967295 ses=1 res=1\ntype=TTY msg=audit(1700000001.000:2): tty pid=2 uid=1000 auid=1000 ses=1 major=136 minor=1 comm="bash" data=16${evil}\n`
    const input = async function* () {
      yield Buffer.from(log)
    }
    const { out } = await auspex(['sessions', 'show', '1', '--file', '-', '--computer', 'a\x1bb'], {
      input: input(),
    })
    expect(out).toContain('a\\u001bb')
    expect(out).not.toMatch(/[\x1b\x07]/)
  })
})
