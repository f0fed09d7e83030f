import { expect, test } from 'vitest'
import type { GraphNode } from '../../api/graph'
import { graphOf, litNodes, MAX_NODES, spanOf, withFound } from './graph'

const node = (kind: string, name: string): GraphNode => ({
  id: `${kind}:${name}`,
  kind,
  name,
  identifiers: {},
})
const ALERT = node('SecurityAlert', 'a')
const ALICE = node('Account', 'alice')
const START = graphOf({
  nodes: [ALERT, ALICE],
  edges: [{ source: ALERT.id, target: ALICE.id, label: 'AuditUser' }],
  startTime: null,
  endTime: null,
})
const found = (entities: GraphNode[], times: [string, string][] = []) => ({
  metaData: { aggregations: [] },
  value: {
    entities,
    edges: entities.map(({ id }, i) => ({
      targetEntityId: id,
      additionalData: times[i] === undefined ? {} : { startTime: times[i][0], endTime: times[i][1] },
    })),
  },
  query: '',
  isTruncated: false,
})

test('what is found stands behind what it was found from, and nothing that is there moves', () => {
  const first = withFound(START, ALICE.id, 'Sessions', found([node('HostLogonSession', '1'), ALERT]))
  expect(first.added).toBe(1)
  const second = withFound(first.graph, ALICE.id, 'Hosts', found([node('Host', 'web-1')]))
  expect(
    [...second.graph.nodes.values()].map(({ node: { name }, column, row }) => [name, column, row]),
  ).toEqual([
    ['a', 0, 0],
    ['alice', 1, 0],
    ['1', 2, 0],
    ['web-1', 2, 1],
  ])
  for (const [id, placed] of START.nodes) expect(second.graph.nodes.get(id)).toBe(placed)
  expect(second.graph.edges).toHaveLength(4)
  expect(withFound(second.graph, ALICE.id, 'Hosts', found([node('Host', 'web-1')])).graph.edges).toHaveLength(
    4,
  )
})

test('times say what is lit', () => {
  const { graph } = withFound(
    START,
    ALICE.id,
    'Commands',
    found(
      [node('Process', 'id'), node('Process', 'cat')],
      [
        ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00Z'],
        ['2026-01-02T00:00:00Z', '2026-01-02T01:00:00Z'],
      ],
    ),
  )
  expect(spanOf(START)).toBeUndefined()
  const [start, end] = spanOf(graph)!
  expect([start, end].map((ms) => new Date(ms).toISOString())).toEqual([
    '2026-01-01T00:00:00.000Z',
    '2026-01-02T01:00:00.000Z',
  ])
  const lit = litNodes(graph, [start, start + 3_600_000])
  expect([...lit].sort()).toEqual(['Account:alice', 'Process:id', 'SecurityAlert:a'])
})

test('it holds so many nodes and no more', () => {
  const many = Array.from({ length: MAX_NODES + 10 }, (_, i) => node('Process', String(i)))
  const { graph, added, isFull } = withFound(START, ALICE.id, 'Commands', found(many))
  expect([graph.nodes.size, added, isFull]).toEqual([MAX_NODES, MAX_NODES - 2, true])
})
