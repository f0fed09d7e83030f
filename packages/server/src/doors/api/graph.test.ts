import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, openTestWorkspace, post } from '../../testing.js'

interface Node {
  readonly id: string
  readonly kind: string
  readonly name: string
  readonly identifiers: Record<string, string>
  readonly host?: string
}

let test: Awaited<ReturnType<typeof openTestWorkspace>>
let reader: Record<string, string>
beforeAll(async () => {
  test = await openTestWorkspace()
  await test.workspace.pass()
  reader = await test.authorization({ role: 'reader' })
}, 120_000)
afterAll(() => test.close())

const get = async (path: string) => jsonOf(await test.tcp.request(path, { headers: reader }))
const idOf = (displayName: string, kind: string) =>
  test.workspace.expansions.find((e) => e.displayName === displayName && e.inputEntityType === kind)!.id

async function expanded(displayName: string, entity: Omit<Node, 'id' | 'name'>, window = {}) {
  const { kind, identifiers, host } = entity
  const body = { expansionId: idOf(displayName, kind), entity: { kind, identifiers, host }, ...window }
  const answer = await test.tcp.request('/api/graph/expand', post(body, reader))
  const json = await jsonOf(answer)
  expect(answer.status, JSON.stringify(json)).toBe(200)
  return json as {
    metaData: { aggregations: unknown[] }
    value: {
      entities: Node[]
      edges: { targetEntityId: string; additionalData: { info?: Record<string, unknown> } }[]
    }
  }
}

const names = ({ value }: { value: { entities: Node[] } }) => value.entities.map(({ name }) => name)

const ALICE = { kind: 'Account', identifiers: { Name: 'alice' }, host: 'web-1' }
const ROOT = { kind: 'Account', identifiers: { Name: 'root' }, host: 'web-1' }
const HOST = { kind: 'Host', identifiers: { HostName: 'web-1' } }
const SHADOW = { kind: 'File', identifiers: { Directory: '/etc', Name: 'shadow' }, host: 'web-1' }

describe('the investigation graph', () => {
  it('begins with the alerts of an incident and the entities that they name', async () => {
    const { items } = await get('/api/incidents?entity=alice&sort=number')
    const graph = await get(`/api/incidents/${items[0].number}/graph`)
    const kinds = new Set(graph.nodes.map(({ kind }: Node) => kind))
    expect([...kinds]).toEqual(expect.arrayContaining(['SecurityAlert', 'Host', 'Account']))
    const ids = graph.nodes.map(({ id }: Node) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { source, target } of graph.edges)
      expect(ids).toEqual(expect.arrayContaining([source, target]))
    expect(graph.nodes.find(({ name }: Node) => name === 'alice')).toMatchObject({
      kind: 'Account',
      identifiers: { Name: 'alice' },
      host: 'web-1',
    })
    expect(Date.parse(graph.startTime)).toBeLessThanOrEqual(Date.parse(graph.endTime))
    expect((await test.tcp.request('/api/incidents/9999/graph', { headers: reader })).status).toBe(404)
  })

  it('names who was behind root, and what the user became', async () => {
    expect(names(await expanded('Users who became this one', ROOT))).toEqual(['alice'])
    const became = await expanded('Users that the user became', ALICE)
    expect(names(became)).toEqual(['root'])
    expect(became.value.edges[0]!.additionalData.info).toMatchObject({
      How: expect.arrayContaining(['sudo']),
    })
  })

  it('walks from a user to a session, to a command, to what started it, and to other people', async () => {
    const { value } = await expanded('Sessions of the user', ALICE)
    const [session] = value.entities
    expect(session).toMatchObject({
      kind: 'HostLogonSession',
      host: 'web-1',
      identifiers: { AuditUser: 'alice' },
    })
    expect(names(await expanded('Who it was, and from where', session!))).toEqual(
      expect.arrayContaining(['alice', 'root', '127.0.0.1']),
    )
    const rarest = await expanded('Commands of the session, the rarest first', session!)
    expect(rarest.value.entities).toHaveLength(10)
    const commonest = await expanded('Commands of the session, the commonest first', session!)
    const times = ({ additionalData }: { additionalData: { info?: Record<string, unknown> } }) =>
      Number(additionalData.info?.['Times on all hosts'])
    const most = commonest.value.edges.map(times)
    expect(most).toEqual(most.toSorted((a, b) => b - a))
    expect(Math.min(...most)).toBeGreaterThanOrEqual(Math.max(...rarest.value.edges.map(times)))
    const shadow = { kind: 'Process', identifiers: { CommandLine: 'cat /etc/shadow' }, host: 'web-1' }
    expect(names(await expanded('What started it', shadow))).toHaveLength(1)
    expect(names(await expanded('People who ran it', shadow))).toEqual(['alice'])
    expect(names(await expanded('Sessions that ran it', shadow))).toEqual([session!.name])
    const [parent] = (await expanded('What started it', shadow)).value.entities
    expect(names(await expanded('What it started', parent!))).toContain('cat /etc/shadow')
  })

  it('tells who touched a file, and from where people came', async () => {
    expect(names(await expanded('People who touched the file', SHADOW))).toContain('alice')
    expect(names(await expanded('Programs that touched the file', SHADOW))).toContain('cat /etc/shadow')
    const addresses = await expanded('Addresses that the user came from', ALICE)
    expect(names(addresses)).toEqual(['127.0.0.1'])
    expect(names(await expanded('Users who came from the address', addresses.value.entities[0]!))).toEqual(
      expect.arrayContaining(['alice', 'bob']),
    )
  })

  it('asks only about the time that is looked at, and what lies around it', async () => {
    const before = { startTime: '2026-10-01T00:00:00Z', endTime: '2026-10-02T00:00:00Z' }
    expect(names(await expanded('People on the host', HOST, before))).toEqual([])
    const around = { startTime: '2026-11-22T21:41:00Z', endTime: '2026-11-22T21:42:00Z' }
    expect(names(await expanded('People on the host', HOST, around))).toEqual(
      expect.arrayContaining(['alice', 'bob']),
    )
  })

  it('keeps a hostile value inside of its literal', async () => {
    for (const Name of [
      "' or 1 == 1 //",
      '" | union SecurityAlert //',
      'a\\',
      '<HostName>',
      '\n',
      '\u2028$&',
    ]) {
      const found = await expanded('Sessions of the user', { ...ALICE, identifiers: { Name } })
      expect(names(found)).toEqual([])
    }
  })

  it('refuses what it does not know', async () => {
    const ask = async (body: unknown) =>
      (await test.tcp.request('/api/graph/expand', post(body, reader))).status
    expect(await ask({ expansionId: 'none', entity: HOST })).toBe(404)
    expect(await ask({ expansionId: idOf('People on the host', 'Host'), entity: ALICE })).toBe(400)
    expect(await ask({ expansionId: 'none', entity: { ...HOST, kind: 'Cat' } })).toBe(400)
  })

  it('can ask each expansion, and each has its query in QueryLog', async () => {
    const nodes: Omit<Node, 'id' | 'name'>[] = [
      ALICE,
      HOST,
      SHADOW,
      { kind: 'IP', identifiers: { Address: '127.0.0.1' } },
      { kind: 'Process', identifiers: { CommandLine: 'id' }, host: 'web-1' },
      (await expanded('Sessions on the host', HOST)).value.entities[0]!,
      (await expanded('Alerts about the host', HOST)).value.entities[0]!,
    ]
    const { items } = await get('/api/graph/expansions')
    for (const { displayName, inputEntityType } of items) {
      const node = nodes.find(({ kind }) => kind === inputEntityType)
      expect(node, inputEntityType).toBeDefined()
      await expanded(displayName, node!)
    }
    const asked = await jsonOf(
      await test.tcp.request(
        '/api/query',
        post({ query: 'QueryLog | where Client == "graph" | count' }, reader),
      ),
    )
    expect(Number(asked.rows[0][0])).toBeGreaterThanOrEqual(items.length)
  })
})
