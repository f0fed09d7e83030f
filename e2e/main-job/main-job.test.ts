import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Auspex, content, sample } from './auspex.js'

const article = (name: string) => readFileSync(new URL(`article/${name}.kql`, import.meta.url), 'utf8')
const lineCount = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n').length

describe('a real audit log in, an incident out', () => {
  const auspex = new Auspex()
  afterAll(() => auspex.remove())

  test('the first start ingests, runs the rule and shows who it was', async () => {
    const { code, out, err } = await auspex.run('up', '--once', '--log', sample('enriched'))
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain('877 records from 877 lines')
    expect(out).toMatch(
      /Medium +Watched commands on Linux, and the person behind them +ssh-session-enriched +alice, root +5 /,
    )
  })

  test('a second start finds its data and adds nothing', async () => {
    const { code, out } = await auspex.run('up', '--once', '--log', sample('enriched'))
    expect(code).toBe(0)
    expect(out).toContain('nothing new since the last start')
    expect(out.match(/ Watched commands on Linux/g)).toHaveLength(1)
    expect(await auspex.json('LinuxAuditLog_CL | count')).toEqual([{ Count: 877 }])
  })

  test('the article’s first and second query', async () => {
    const records = await auspex.json(article('1-netstat'))
    expect(records).toHaveLength(1)
    expect(records[0]).toMatchObject({ RecordType_s: 'EXECVE', a0_s: 'netstat', a1_s: '-tlpn' })
    const commands = await auspex.json(article('2-commands'))
    expect(commands.map(({ ConsoleCommand }) => String(ConsoleCommand).trim()).sort()).toEqual([
      'apt-get --version',
      expect.stringMatching(/^lsof -p [0-9]+$/),
      'netstat -tlpn',
      'tcpdump --version',
      'vmstat 1 1',
    ])
  })

  test('the article’s third query says who was behind root', async () => {
    const rows = await auspex.json(article('3-who-was-root'))
    expect(Object.keys(rows[0]!)).toEqual([
      'TimeGenerated',
      'SerialNumber_s',
      'Computer',
      'RecordType_s',
      'ConsoleCommand',
      'set_RecordType_s1',
      'set_tty_s',
      'set_success_s',
      'User',
      'AuditUser',
      'Audit_User',
      'HostCustomEntity',
      'AccountCustomEntity',
      'URLCustomEntity',
    ])
    const who = rows.map(({ ConsoleCommand, User, Audit_User }) => [
      String(ConsoleCommand).split(' ')[0],
      User,
      Audit_User,
    ])
    expect(who.sort()).toEqual([
      ['apt-get', 'root', 'alice'],
      ['lsof', 'alice', 'alice'],
      ['netstat', 'alice', 'alice'],
      ['tcpdump', 'root', 'alice'],
      ['vmstat', 'alice', 'alice'],
    ])
    const netstat = rows.find(({ ConsoleCommand }) => String(ConsoleCommand).startsWith('netstat'))
    expect(netstat).toMatchObject({
      set_RecordType_s1: expect.arrayContaining(['SYSCALL', 'EXECVE', 'CWD', 'PATH', 'PROCTITLE']),
      set_tty_s: expect.arrayContaining(['pts1']),
      HostCustomEntity: 'ssh-session-enriched',
    })
  })

  test('the incident has the host, the person and the commands', async () => {
    const found = await auspex.run('incidents', '--text', 'watched commands', '--format', 'json')
    const [incident, ...others] = JSON.parse(found.out)
    expect(others).toEqual([])
    expect(incident).toMatchObject({ severity: 'Medium', status: 'New', alertCount: 1, rowCount: 5 })
    const entities = incident.entities as { type: string; identifiers: Record<string, string> }[]
    const of = (type: string) =>
      entities.filter((e) => e.type === type).map((e) => Object.values(e.identifiers)[0])
    expect(of('Host')).toEqual(['ssh-session-enriched'])
    expect(of('Account')).toEqual(['alice', 'root'])
    expect(of('Process')).toHaveLength(5)
    const alert = 'SecurityAlert | where DisplayName startswith "Watched commands"'
    expect(await auspex.json(`${alert} | project AlertSeverity, CompromisedEntity`)).toEqual([
      { AlertSeverity: 'Medium', CompromisedEntity: 'ssh-session-enriched' },
    ])
    expect(
      await auspex.json(
        'SecurityIncident | where Title startswith "Watched" | project IncidentNumber, Status',
      ),
    ).toEqual([{ IncidentNumber: incident.number, Status: 'New' }])
  })

  test('an incident is worked on to its end, and every step is in its log and its table', async () => {
    const { out } = await auspex.run('incidents', '--text', 'watched commands', '--format', 'json')
    const [{ number }] = JSON.parse(out)
    const n = String(number)
    await auspex.run('incidents', 'assign', n, 'dora')
    await auspex.run('incidents', 'comment', n, 'asked alice')
    await auspex.run('incidents', 'label', n, 'maintenance')
    await auspex.run('incidents', 'task', n, 'read the session')
    expect(
      await auspex.run('incidents', 'close', n, '--as', 'BenignPositive', '--comment', 'planned'),
    ).toMatchObject({
      code: 0,
      out: `Incident ${n}: closed as BenignPositive\n`,
    })
    const shown = JSON.parse((await auspex.run('incidents', 'show', n, '--format', 'json')).out)
    expect(shown).toMatchObject({
      status: 'Closed',
      classification: 'BenignPositive',
      classificationReason: 'SuspiciousButExpected',
      owner: { name: 'dora' },
      labels: [{ name: 'maintenance', type: 'User' }],
      comments: [{ message: 'asked alice' }],
      tasks: [{ title: 'read the session', status: 'New' }],
    })
    const log = await auspex.run('incidents', 'log', n, '--format', 'table')
    expect(log.out).toMatch(/changed owner from nothing to dora\n.*added comment asked alice\n/)
    expect(
      await auspex.json(
        `SecurityIncident | where IncidentNumber == ${n} | summarize arg_max(LastModifiedTime, *), Changes = count() | project Status, ClassificationReason, Changes`,
      ),
    ).toEqual([{ Status: 'Closed', ClassificationReason: 'SuspiciousButExpected', Changes: 6 }])
  })

  test('a mistake in a query shows its place, what was meant, and exits 2', async () => {
    const { code, out, err } = await auspex.run('query', 'LinuxAuditLog_CL | wehre x')
    expect(code).toBe(2)
    expect(out).toBe('')
    expect(err).toContain('line 1')
    expect(err).toContain('column 20')
    expect(err).toMatch(/\n1 \| LinuxAuditLog_CL \| wehre x\n +\^{5}\n/)
    expect(err).toMatch(/where/)
  })
})

describe('rules as files', () => {
  const auspex = new Auspex()
  afterAll(() => auspex.remove())

  test('the article’s rule, turned on, finds what it did there', async () => {
    expect(await auspex.run('rules', 'enable', 'linux-auditlog-pam-tty')).toMatchObject({ code: 0 })
    await auspex.run('import', sample('enriched'))
    const { out } = await auspex.run('incidents', '--text', 'Custom Analytic', '--format', 'table')
    expect(out).toMatch(
      /Medium +Custom Analytic - Linux AuditLog \+ PAM TTY Session Activity +ssh-session-enriched +alice +5 /,
    )
  })

  test('a watchlist is a list that queries and rules read', async () => {
    const file = join(auspex.folder, 'red-team.csv')
    writeFileSync(file, 'User,Until\nalice,2026-12-31\n')
    expect((await auspex.run('watchlists', 'import', file)).out).toContain("_GetWatchlist('red-team')")
    const query =
      "_ASim_ProcessCreate | where ActorUsername in ((_GetWatchlist('red-team') | project User)) | distinct ActorUsername"
    expect(await auspex.json(query)).toEqual([{ ActorUsername: 'alice' }])
  })

  test('shipped rules are without a finding', async () => {
    const { code, out } = await auspex.run('rules', 'validate', content('analytics'), content('hunting'))
    expect(out).toMatch(/^[0-9]+ rules: 0 errors, 0 warnings\.\n$/)
    expect(code).toBe(0)
  })

  test('the tests of the shipped rules pass on the real sessions', async () => {
    const { code, out } = await auspex.run('rules', 'test')
    expect(out).toMatch(/^[0-9]+ rules: [0-9]+ passed, 0 failed, /)
    expect(code).toBe(0)
  }, 120_000)

  test('a rule is simulated before it is saved', async () => {
    const { out } = await auspex.run('rules', 'simulate', 'interactive-root-shell', '--format', 'json')
    const { runs, alerts } = JSON.parse(out)
    expect(runs).toHaveLength(50)
    expect(alerts).toBe(1)
    expect(runs.at(-1)).toMatchObject({ rows: 1, alerts: 1 })
  })

  test('a rule goes out as ARM, and comes back in as it was', async () => {
    const arm = join(auspex.folder, 'rules.json')
    expect(await auspex.run('rules', 'export', '--as', 'arm', '--to', arm)).toMatchObject({ code: 0 })
    const other = new Auspex()
    const imported = await other.run('rules', 'import', arm)
    expect(imported).toMatchObject({ code: 0, err: '' })
    const before = await auspex.run('rules', 'export', '--as', 'arm')
    const after = await other.run('rules', 'export', '--as', 'arm', 'linux-auditlog-pam-tty', 'reverse-shell')
    const rules = (text: string) => JSON.parse(text).resources as { name: string }[]
    for (const rule of rules(after.out)) {
      expect(rules(before.out).find(({ name }) => name === rule.name)).toEqual(rule)
    }
    other.remove()
  })
})

describe.each(['enriched', 'raw'] as const)('report tty on the %s sample', (name) => {
  const auspex = new Auspex()
  let report = ''
  beforeAll(async () => {
    await auspex.run('import', sample(name))
    report = (await auspex.run('report', 'tty')).out
  })
  afterAll(() => auspex.remove())

  test('is what aureport --tty printed', () => {
    expect(report).toBe(readFileSync(new URL(`aureport-tty-${name}.txt`, import.meta.url), 'utf8'))
  })

  test.skipIf(spawnSync('aureport', ['--version']).status !== 0)('is what aureport prints now', () => {
    const env = { ...process.env, TZ: 'UTC', LC_ALL: 'C' }
    expect(report).toBe(execFileSync('aureport', ['-if', sample(name), '--tty'], { encoding: 'utf8', env }))
  })
})

describe('bad input', () => {
  const auspex = new Auspex()
  afterAll(() => auspex.remove())

  test('junk, 1 MB lines and torn ends are counted, kept and lose nothing else', async () => {
    const file = join(auspex.folder, 'damaged.log')
    const good = readFileSync(sample('raw'))
    const junk = Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 151 + (i >> 3)) % 256)).map((b) =>
      b === 10 ? 11 : b,
    )
    writeFileSync(
      file,
      Buffer.concat([
        good,
        junk,
        Buffer.from(`\n${'x'.repeat(1_000_000)}\n`),
        Buffer.from('type=SYSCALL msg=audit(1795383722.605:2998): arch=c000003e comm="ss'),
      ]),
    )
    const { code, out, err } = await auspex.run('import', file)
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(out).toContain(`880 records from 880 lines`)
    expect(out).toContain('3 lines could not be read; kept as rows with RecordType_s == "UNPARSED"')
    expect(out).toContain('line 878, byte 155209: not an audit record')
    expect(out).toContain('breaks off inside of a record')
    expect(
      await auspex.json(
        'LinuxAuditLog_CL | summarize Good = countif(RecordType_s != "UNPARSED"), Bad = countif(RecordType_s == "UNPARSED")',
      ),
    ).toEqual([{ Good: lineCount(sample('raw')), Bad: 3 }])
    expect(
      await auspex.json(
        'LinuxAuditLog_CL | where RecordType_s == "UNPARSED" | project Length = strlen(RawData) | sort by Length asc',
      ),
    ).toEqual([{ Length: 67 }, { Length: expect.any(Number) }, { Length: 1_000_000 }])
  })

  test('an empty file and a missing one say so', async () => {
    const empty = join(auspex.folder, 'empty.log')
    writeFileSync(empty, '')
    expect(await auspex.run('import', empty)).toMatchObject({
      code: 0,
      out: expect.stringContaining('no records: the file is empty'),
    })
    expect(await auspex.run('import', join(auspex.folder, 'none.log'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('no such file'),
    })
  })

  test('wrong usage exits 2', async () => {
    expect((await auspex.run('qeury', 'x')).code).toBe(2)
    expect((await auspex.run('query')).code).toBe(2)
    expect((await auspex.run('up', '--port', 'http')).code).toBe(2)
  })

  test('a folder without data says what to do', async () => {
    const other = new Auspex()
    expect(await other.run('incidents')).toMatchObject({
      code: 1,
      err: expect.stringContaining('auspex import'),
    })
    other.remove()
  })
})

describe('the server', () => {
  const auspex = new Auspex()
  const log = join(auspex.folder, 'audit.log')
  afterAll(async () => {
    await auspex.stop()
    auspex.remove()
  })

  test('listens, answers, follows the log and stops at Ctrl-C', async () => {
    const lines = readFileSync(sample('enriched'), 'utf8').trimEnd().split('\n')
    writeFileSync(log, `${lines.slice(0, 100).join('\n')}\n`)
    const server = auspex.start('up', '--log', log, '--computer', 'web-1', '--port', '0')
    const [, url] = (await server.until(/Listening on (\S+)/)) as unknown as [string, string]
    const { origin } = new URL(url)
    const [, secret] = await server.until(/Administrator's token, shown this once: (\S+)/)
    const authorization = `Bearer ${secret}`

    expect((await fetch(`${origin}/health/live`)).status).toBe(200)
    expect((await fetch(`${origin}/api/incidents`)).status).toBe(401)
    expect((await fetch(`${origin}/api/incidents`, { headers: { authorization: 'Bearer no' } })).status).toBe(
      401,
    )
    const login = await fetch(url, { redirect: 'manual' })
    expect(login.status).toBe(302)
    expect(login.headers.get('set-cookie')).toMatch(/HttpOnly.*SameSite=Strict/)

    appendFileSync(log, `${lines.slice(100).join('\n')}\n`)
    await server.until(/ [0-9]+ +Medium +Watched commands.*web-1 +alice, root +5 /)

    // A command on the same folder asks the server, which has the store's lock.
    expect(await auspex.json('LinuxAuditLog_CL | count')).toEqual([{ Count: lines.length }])
    const rows = await fetch(`${origin}/api/query`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'AuditEvent | where CommandLine == "netstat -tlpn" | count' }),
    })
    expect(rows.status).toBe(200)
    expect(await rows.json()).toMatchObject({ rows: [['1']] })
    const answer = await fetch(`${origin}/api/query`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ query: 'LinuxAuditLog_CL | wehre x' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({
      error: {
        code: 'Kql',
        diagnostics: expect.arrayContaining([expect.objectContaining({ line: 1, column: 20 })]),
      },
    })

    const imported = await auspex.run('import', sample('raw'))
    expect(imported).toMatchObject({ code: 0, out: expect.stringContaining('877 records') })

    server.interrupt()
    const { code, out } = await server.finished
    expect(code).toBe(0)
    expect(out).toMatch(/Stopped\.\n$/)
  })

  test('a rotation between two starts loses nothing', async () => {
    const lines = readFileSync(sample('enriched'), 'utf8').trimEnd().split('\n')
    const more = readFileSync(sample('raw'), 'utf8').trimEnd().split('\n')
    const [before] = await auspex.json('LinuxAuditLog_CL | where Computer == "web-1" | count')
    expect(before).toEqual({ Count: lines.length })
    copyFileSync(log, `${log}.1`)
    appendFileSync(`${log}.1`, `${more.slice(0, 50).join('\n')}\n`)
    writeFileSync(log, `${more.slice(50).join('\n')}\n`)
    await auspex.run('up', '--once', '--log', log, '--computer', 'web-1')
    expect(await auspex.json('LinuxAuditLog_CL | where Computer == "web-1" | count')).toEqual([
      { Count: lines.length + more.length },
    ])
  })
})
