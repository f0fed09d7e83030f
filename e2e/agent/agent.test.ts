/**
 * An agent on one host, a server on another, as programs: the agent is killed while it reads and while it sends, the log
 * is rotated, and the server is away for a while. Every line arrives once.
 */
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { Auspex, content, type Running } from '../main-job/auspex.js'

const server = new Auspex()
const host = new Auspex()
afterAll(async () => {
  await host.stop()
  await server.stop()
  host.remove()
  server.remove()
})

const lines = readFileSync(content('samples/intrusion.log'), 'utf8').trimEnd().split('\n')
const log = join(host.folder, 'audit.log')
const empty = join(server.folder, 'empty.log')
const token = join(host.folder, 'token')
const append = (from: number, to: number) => appendFileSync(log, `${lines.slice(from, to).join('\n')}\n`)

const up = async (port = '0') => {
  const running = server.start('up', '--log', empty, '--port', port)
  const [, url] = (await running.until(/Listening on (\S+?)\/\?/)) as unknown as [string, string]
  return { running, url }
}
const agent = (url: string): Running =>
  host.start('agent', '--to', url, '--token-file', token, '--log', log, '--computer', 'web-7')

const stored = async () => {
  const [row] = await server.json(
    'LinuxAuditLog_CL | summarize Rows = count(), Distinct = count_distinct(strcat(AuditID_s, RawData))',
  )
  return Number(row?.Rows)
}
const until = (count: number) => expect.poll(stored, { timeout: 60_000, interval: 500 }).toBe(count)

test('every line arrives once, over kills, a rotation and a server that is away', async () => {
  writeFileSync(empty, '')
  append(0, 300)
  let { running, url } = await up()
  const made = await server.run('token', 'create', 'web-7', '--ingest', '*')
  writeFileSync(token, /axt_[\w-]+/.exec(made.out)![0])

  let sender = agent(url)
  await until(300)
  sender.kill()
  append(300, 900)
  sender = agent(url)
  await until(900)

  running.interrupt()
  await running.finished
  append(900, 1500)
  renameSync(log, `${log}.1`)
  append(1500, 2000)
  sender.kill()
  sender = agent(url)
  ;({ running } = await up(new URL(url).port))
  await until(2000)
  append(2000, lines.length)
  await until(lines.length)

  const events = await server.json(
    'AuditEvent | summarize Rows = count(), Distinct = count_distinct(EventId)',
  )
  expect(events).toEqual([{ Rows: events[0]!.Distinct, Distinct: events[0]!.Distinct }])
  const raw = await server.json('LinuxAuditLog_CL | project RawData')
  expect(raw.map(({ RawData }) => RawData).toSorted()).toEqual(lines.toSorted())
  const [beat] = await server.json('Heartbeat | summarize Beats = count(), Computers = make_set(Computer)')
  expect(beat).toMatchObject({ Computers: ['web-7'] })

  sender.interrupt()
  expect(await sender.finished).toMatchObject({ code: 0, err: expect.stringContaining('stopped') })
}, 240_000)

test('a token in the clear over a network is refused, and wrong settings are explained', async () => {
  expect(await host.run('agent', '--to', 'http://auspex.example.org', '--token-file', token)).toMatchObject({
    code: 2,
    err: expect.stringContaining('use https'),
  })
  expect(await host.run('agent', '--to', 'https://auspex.example.org')).toMatchObject({
    code: 2,
    err: expect.stringContaining('tokenFile'),
  })
})
