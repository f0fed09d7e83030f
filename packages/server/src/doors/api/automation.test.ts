import { createHash } from 'node:crypto'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { webhookSignature as signature } from '@auspex/detect'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, openTestWorkspace, post } from '../../testing.js'

interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

let test: Awaited<ReturnType<typeof openTestWorkspace>>
let admin: Record<string, string>
let responder: Record<string, string>
let receiver: Server
let url: string
const received: Received[] = []
/** What the receiver answers next; 200 when there is nothing. */
const answers: number[] = []

beforeAll(async () => {
  test = await openTestWorkspace()
  admin = await test.authorization({ role: 'admin' })
  responder = await test.authorization({ role: 'responder' })
  receiver = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      received.push({ headers: request.headers, body })
      response.writeHead(answers.shift() ?? 200).end('noted')
    })
  })
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
}, 60_000)
afterAll(async () => {
  await test.close()
  receiver.close()
})

const ask = async (method: string, path: string, body?: unknown, headers = admin) => {
  const init = body === undefined ? { method, headers } : { ...post(body, headers), method }
  return test.tcp.request(path, init)
}
const make = async (playbook: object) => {
  const answer = await ask('POST', '/api/playbooks', playbook)
  const made = await jsonOf(answer)
  expect(answer.status, JSON.stringify(made)).toBe(201)
  return made as { id: string; settings: Record<string, unknown> }
}
const SECRET = 'a secret of sixteen or more'
const rule = (more: object) => ({
  displayName: 'Tell and take',
  order: 1,
  triggeringLogic: {
    isEnabled: true,
    triggersOn: 'Incidents',
    triggersWhen: 'Created',
    conditions: [
      {
        conditionType: 'Property',
        conditionProperties: {
          propertyName: 'AccountName',
          operator: 'Equals',
          propertyValues: ['ALICE'],
        },
      },
    ],
  },
  ...more,
})

describe('automation', () => {
  it('acts on what detection finds: changes it, adds a task, and sends a signed body as Sentinel does', async () => {
    const webhook = await make({ name: 'tell', kind: 'webhook', settings: { url, secret: SECRET } })
    expect(webhook.settings.secret).toBe('********')
    const made = await ask(
      'POST',
      '/api/automation-rules',
      rule({
        actions: [
          {
            order: 1,
            actionType: 'ModifyProperties',
            actionConfiguration: {
              status: 'Active',
              labels: [{ labelName: 'alice' }],
              owner: { assignedTo: 'carol' },
            },
          },
          { order: 2, actionType: 'AddIncidentTask', actionConfiguration: { title: 'Ask alice' } },
          {
            order: 3,
            actionType: 'RunPlaybook',
            actionConfiguration: {
              logicAppResourceId: `/subscriptions/x/workflows/${webhook.id}`,
              tenantId: 't',
            },
          },
        ],
      }),
    )
    expect(made.status).toBe(201)
    await test.workspace.pass()
    await test.workspace.automated()

    const { items } = await jsonOf(await ask('GET', '/api/incidents?sort=number'))
    const touched = items.filter(({ labels }: { labels: { name: string }[] }) =>
      labels.some(({ name }) => name === 'alice'),
    )
    const ofAlice = items.filter(({ entities }: { entities: { identifiers: object }[] }) =>
      entities.some(({ identifiers }) => Object.values(identifiers).includes('alice')),
    )
    expect(touched.map(({ number }: { number: number }) => number)).toEqual(
      ofAlice.map(({ number }: { number: number }) => number),
    )
    expect(touched.length).toBeLessThan(items.length)
    expect(touched[0]).toMatchObject({ status: 'Active', owner: { name: 'carol' }, openTaskCount: 1 })
    expect(received).toHaveLength(touched.length)

    const { headers, body } = received[0]!
    const time = String(headers['x-auspex-timestamp'])
    expect(headers['x-auspex-signature']).toBe(signature(SECRET, time, body))
    const told = JSON.parse(body)
    expect(told).toMatchObject({
      objectSchemaType: 'Incident',
      objectEventType: 'Create',
      object: {
        type: 'Microsoft.SecurityInsights/Incidents',
        properties: { incidentNumber: touched[0].number },
      },
    })
    expect(told.object.properties.relatedEntities).toContainEqual(
      expect.objectContaining({
        kind: 'Account',
        properties: expect.objectContaining({ accountName: 'alice' }),
      }),
    )
    const runs = await jsonOf(await ask('GET', `/api/incidents/${touched[0].number}/playbook-runs`))
    expect(runs.items[0]).toMatchObject({ state: 'succeeded', requestedBy: 'Tell and take' })
    // It is not triggered by what it did itself, and looks at nothing twice.
    await test.workspace.automated()
    expect(received).toHaveLength(touched.length)
    const [acted] = (await jsonOf(await ask('GET', '/api/automation-rules'))).items
    expect([acted.ran, acted.lastError]).toEqual([touched.length, null])
  })

  it('tries a delivery again that failed for a while, and not one that was refused', async () => {
    const before = received.length
    answers.push(503)
    const later = await jsonOf(
      await ask('POST', '/api/incidents/1/playbook-runs', { playbook: 'tell' }, responder),
    )
    await test.workspace.automated()
    const runOf = async (id: string) =>
      (await jsonOf(await ask('GET', '/api/incidents/1/playbook-runs'))).items.find(
        (run: { id: string }) => run.id === id,
      )
    expect(await runOf(later.id)).toMatchObject({
      state: 'queued',
      attempts: [{ ok: false, message: expect.stringContaining('503') }],
    })
    answers.push(400)
    const refused = await jsonOf(
      await ask('POST', '/api/incidents/1/playbook-runs', { playbook: 'tell' }, responder),
    )
    await test.workspace.automated()
    expect(await runOf(refused.id)).toMatchObject({ state: 'failed', nextTime: null })
    expect(received).toHaveLength(before + 2)
  })

  it('runs only programs of its folder, with the body on their input, and keeps what they say', async () => {
    const folder = join(test.directory, 'playbooks')
    await mkdir(folder)
    await writeFile(
      join(folder, 'count'),
      '#!/bin/sh\nprintf "%s bytes, %s" "$(wc -c)" "$(env | grep -c AUSPEX)"\n',
    )
    await chmod(join(folder, 'count'), 0o755)
    await make({ name: 'count', kind: 'program', settings: { program: 'count' } })
    expect(
      (await ask('POST', '/api/playbooks', { name: 'x', kind: 'program', settings: { program: '../count' } }))
        .status,
    ).toBe(400)
    await ask('POST', '/api/incidents/1/playbook-runs', { playbook: 'count' }, responder)
    await test.workspace.automated()
    const incident = await jsonOf(await ask('GET', '/api/incidents/1'))
    expect(incident.comments.at(-1)).toMatchObject({
      author: 'count',
      message: expect.stringMatching(/^count:\n\d{3,} bytes, 0$/),
    })
    await make({ name: 'gone', kind: 'program', settings: { program: 'gone' } })
    const { id } = await jsonOf(
      await ask('POST', '/api/incidents/1/playbook-runs', { playbook: 'gone' }, responder),
    )
    await test.workspace.automated()
    const { items } = await jsonOf(await ask('GET', '/api/incidents/1/playbook-runs'))
    expect(items.find((run: { id: string }) => run.id === id)).toMatchObject({
      state: 'failed',
      attempts: [{ message: expect.stringContaining('gone can not be run') }],
    })
  })

  it('collects a package whose digests hold, for administrators, and records that it was read', async () => {
    await make({ name: 'collect', kind: 'package' })
    const { items } = await jsonOf(await ask('GET', '/api/incidents?text=password%20hashes'))
    const { number } = items[0]
    await ask('POST', `/api/incidents/${number}/playbook-runs`, { playbook: 'collect' }, responder)
    await test.workspace.automated()
    const [run] = (await jsonOf(await ask('GET', `/api/incidents/${number}/playbook-runs`))).items
    expect(run).toMatchObject({
      playbookName: 'collect',
      state: 'succeeded',
      file: expect.stringMatching(/\.zip$/),
    })
    expect((await ask('GET', `/api/playbook-runs/${run.id}/package`, undefined, responder)).status).toBe(403)
    const answer = await ask('GET', `/api/playbook-runs/${run.id}/package`)
    const files = unzipSync(new Uint8Array(await answer.arrayBuffer()))
    const text = (name: string) => Buffer.from(files[name]!).toString('utf8')
    for (const line of text('SHA256SUMS').trimEnd().split('\n')) {
      const [digest, name] = line.split('  ')
      expect(createHash('sha256').update(files[name!]!).digest('hex')).toBe(digest)
    }
    const names = Object.keys(files)
    const [folder] = names
      .filter((name) => name.endsWith('/records.log'))
      .map((name) => name.replace('/records.log', ''))
    expect(names).toEqual(
      expect.arrayContaining([
        'incident.json',
        'alerts.json',
        'activity.json',
        'report.html',
        `${folder}/processes.txt`,
      ]),
    )
    expect(text(`${folder}/records.log`)).toMatch(/^type=\w+ msg=audit\(/)
    expect(text(`${folder}/keystrokes.csv`)).toContain('cat /etc/shadow | head -1')
    expect(text(`${folder}/processes.txt`)).toMatch(/^ +\d+ cat \/etc\/shadow$/m)
    expect(text('report.html')).toContain('cat /etc/shadow | head -1')
    const incident = await jsonOf(await ask('GET', `/api/incidents/${number}/activity`))
    expect(JSON.stringify(incident)).toContain(`package ${run.file}`)
  })

  it('says what is wrong with a rule or a playbook', async () => {
    const refuse = async (path: string, body: unknown) => {
      const answer = await ask('POST', path, body)
      return [answer.status, (await jsonOf(answer)).error.message]
    }
    const [status, message] = await refuse(
      '/api/automation-rules',
      rule({
        actions: [
          { order: 1, actionType: 'RunPlaybook', actionConfiguration: { logicAppResourceId: 'nothing' } },
        ],
      }),
    )
    expect([status, message]).toEqual([422, 'there is no playbook "nothing"'])
    expect((await refuse('/api/automation-rules', rule({ actions: [] })))[0]).toBe(400)
    expect(await refuse('/api/playbooks', { name: 'Tell', kind: 'webhook', settings: { url } })).toEqual([
      422,
      'there is another playbook "Tell"',
    ])
    expect(
      (
        await refuse('/api/playbooks', {
          name: 'f',
          kind: 'webhook',
          settings: { url: 'file:///etc/passwd' },
        })
      )[0],
    ).toBe(400)
    expect((await ask('POST', '/api/playbooks', { name: 'r', kind: 'package' }, responder)).status).toBe(403)
  })
})
