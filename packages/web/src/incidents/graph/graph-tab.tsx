/** The investigation graph of an incident: choose a node, see what it can be expanded by, and walk on. */
import { Button, RangeSlider } from '@mantine/core'
import { useMemo, useState } from 'react'
import {
  type Expansion,
  type GraphNode,
  type IncidentGraph,
  useExpand,
  useExpansions,
  useIncidentGraph,
} from '../../api/graph'
import { fullTime, plural } from '../../design/format'
import { HrefLink } from '../../design/href-link'
import { logsHref } from '../../design/hrefs'
import { Icon, type IconName } from '../../design/icons'
import { Failure, Waiting } from '../../design/states'
import { useZone } from '../../design/zone'
import { ENTITY_ICONS } from '../entities'
import {
  type Edge,
  type Graph,
  graphOf,
  isWithin,
  litNodes,
  NODE,
  type Placed,
  spanOf,
  withFound,
  xOf,
  yOf,
} from './graph'
import styles from './graph-tab.module.css'

const ICONS: Readonly<Record<string, IconName>> = {
  ...ENTITY_ICONS,
  HostLogonSession: 'sessions',
  SecurityAlert: 'incidents',
}
const KIND_WORDS: Readonly<Record<string, string>> = {
  Account: 'User',
  HostLogonSession: 'Session',
  SecurityAlert: 'Alert',
  IP: 'Address',
  Process: 'Command',
}
const kindOf = ({ kind }: GraphNode) => KIND_WORDS[kind] ?? kind

export function GraphTab({ number }: { number: number }) {
  const start = useIncidentGraph(number)
  if (start.isPending) return <Waiting lines={8} label="Loading the graph" />
  if (start.isError) {
    return (
      <Failure error={start.error} title="The graph could not be loaded" retry={() => void start.refetch()} />
    )
  }
  return <Explorer key={number} start={start.data} />
}

function Explorer({ start }: { start: IncidentGraph }) {
  const [graph, setGraph] = useState<Graph>(() => graphOf(start))
  const [chosen, setChosen] = useState<string | undefined>()
  const [asked, setAsked] = useState<ReadonlyMap<string, string>>(new Map())
  const [span, setSpan] = useState<[number, number] | undefined>()
  const zone = useZone()
  const at = (ms: number) => fullTime(new Date(ms).toISOString(), zone)
  const whole = spanOf(graph)
  const expand = useExpand((found, { node, expansion }) => {
    const next = withFound(graph, node.id, expansion.displayName, found)
    setGraph(next.graph)
    setSpan(undefined)
    const count = found.value.entities.length
    const text = next.isFull ? 'the graph is full' : count === 0 ? 'nothing' : `${count} found`
    setAsked((before) => new Map(before).set(`${node.id} ${expansion.id}`, text))
  })
  const shown = span ?? whole
  const lit = useMemo(() => (shown === undefined ? undefined : litNodes(graph, shown)), [graph, shown])
  const node = chosen === undefined ? undefined : graph.nodes.get(chosen)?.node
  return (
    <div className={styles.explorer}>
      <div className={styles.work}>
        <Picture graph={graph} chosen={chosen} choose={setChosen} lit={lit} span={shown} />
        {whole !== undefined && whole[0] < whole[1] && (
          <div className={styles.times}>
            <span className={styles.time}>{at(shown![0])}</span>
            <RangeSlider
              min={whole[0]}
              max={whole[1]}
              minRange={0}
              value={[shown![0], shown![1]]}
              onChange={setSpan}
              label={at}
              thumbFromLabel="From"
              thumbToLabel="To"
              className={styles.slider}
            />
            <span className={styles.time}>{at(shown![1])}</span>
          </div>
        )}
      </div>
      <Facts
        node={node}
        edges={graph.edges}
        nodes={graph.nodes}
        asked={asked}
        isAsking={expand.isPending ? expand.variables?.expansion.id : undefined}
        error={expand.error}
        expand={(expansion) =>
          node !== undefined &&
          expand.mutate({ expansion, node, startTime: start.startTime, endTime: start.endTime })
        }
      />
    </div>
  )
}

function Picture({
  graph,
  chosen,
  choose,
  lit,
  span,
}: {
  graph: Graph
  chosen: string | undefined
  choose: (id: string) => void
  lit: ReadonlySet<string> | undefined
  span: readonly [number, number] | undefined
}) {
  const placed = [...graph.nodes.values()]
  const width = Math.max(...placed.map(xOf), 0) + NODE.width
  const height = Math.max(...placed.map(yOf), 0) + NODE.height
  return (
    <section className={styles.scroll} aria-label="Investigation graph">
      <div className={styles.picture} style={{ width, height }}>
        <svg className={styles.edges} width={width} height={height} aria-hidden="true">
          {graph.edges.map((edge) => {
            const source = graph.nodes.get(edge.source)
            const target = graph.nodes.get(edge.target)
            if (source === undefined || target === undefined) return null
            const isNear = edge.source === chosen || edge.target === chosen
            return (
              <path
                key={`${edge.source} ${edge.target} ${edge.label}`}
                d={curve(source, target)}
                data-near={isNear || undefined}
                data-dim={(span !== undefined && !isWithin(edge, span)) || undefined}
              />
            )
          })}
        </svg>
        {placed.map((each) => (
          <button
            key={each.node.id}
            type="button"
            className={styles.node}
            data-kind={each.node.kind}
            data-root={(each.node.kind === 'Account' && each.node.name === 'root') || undefined}
            data-dim={(lit !== undefined && !lit.has(each.node.id)) || undefined}
            aria-pressed={each.node.id === chosen}
            title={each.node.name}
            style={{ left: xOf(each), top: yOf(each), width: NODE.width, height: NODE.height }}
            onClick={() => choose(each.node.id)}
          >
            <Icon name={ICONS[each.node.kind] ?? 'tag'} size={14} />
            <span className={styles.name}>{each.node.name}</span>
          </button>
        ))}
      </div>
    </section>
  )
}

/** From the right side of the one to the left of the other; to one that stands before it, around. */
function curve(source: Placed, target: Placed): string {
  const from = { x: xOf(source) + NODE.width, y: yOf(source) + NODE.height / 2 }
  const isForward = target.column > source.column
  const to = { x: xOf(target) + (isForward ? 0 : NODE.width), y: yOf(target) + NODE.height / 2 }
  const bend = isForward ? Math.max(30, (to.x - from.x) / 2) : 44
  return `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${isForward ? to.x - bend : to.x + bend} ${to.y} ${to.x} ${to.y}`
}

function Facts({
  node,
  edges,
  nodes,
  asked,
  isAsking,
  error,
  expand,
}: {
  node: GraphNode | undefined
  edges: readonly Edge[]
  nodes: Graph['nodes']
  asked: ReadonlyMap<string, string>
  isAsking: string | undefined
  error: Error | null
  expand: (expansion: Expansion) => void
}) {
  const expansions = useExpansions()
  if (node === undefined) {
    return (
      <aside className={styles.facts} aria-label="Node">
        <p className={styles.hint}>Choose a node: a user, a host, a command… and walk on from there.</p>
      </aside>
    )
  }
  const fitting = expansions.data?.filter(({ inputEntityType }) => inputEntityType === node.kind) ?? []
  const near = edges.filter(({ source, target }) => source === node.id || target === node.id)
  return (
    <aside className={styles.facts} aria-label="Node">
      <header>
        <span className={styles.kind}>
          {kindOf(node)}
          {node.host === undefined ? '' : ` on ${node.host}`}
        </span>
        <h2 className={styles.title}>{node.name}</h2>
        <NodeLink node={node} />
      </header>
      {fitting.length > 0 && (
        <div className={styles.expansions}>
          {fitting.map((expansion) => {
            const said = asked.get(`${node.id} ${expansion.id}`)
            return (
              <Button
                key={expansion.id}
                variant="default"
                size="compact-sm"
                justify="space-between"
                fullWidth
                title={expansion.description}
                loading={isAsking === expansion.id}
                rightSection={
                  said === undefined ? (
                    <Icon name="plus" size={12} />
                  ) : (
                    <span className={styles.said}>{said}</span>
                  )
                }
                onClick={() => expand(expansion)}
              >
                {expansion.displayName}
              </Button>
            )
          })}
        </div>
      )}
      {error !== null && (
        <p role="alert" className={styles.error}>
          {error.message}
        </p>
      )}
      {near.length > 0 && (
        <>
          <h3 className={styles.heading}>{plural(near.length, 'tie')}</h3>
          <ul className={styles.ties}>
            {near.map((edge) => {
              const other = nodes.get(edge.source === node.id ? edge.target : edge.source)!.node
              return (
                <li key={`${edge.source} ${edge.target} ${edge.label}`}>
                  <span className={styles.fact}>{other.name}</span>
                  <span className={styles.hint}>
                    {[edge.label, words(edge.info)].filter((text) => text !== '').join(' · ')}
                  </span>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </aside>
  )
}

const words = (info: unknown): string =>
  typeof info === 'object' && info !== null
    ? Object.entries(info)
        .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
        .join(', ')
    : ''

const quoted = (text: string) => JSON.stringify(text)

/** Where more is to be seen of it. */
function NodeLink({ node }: { node: GraphNode }) {
  const { kind, name, identifiers } = node
  if (kind === 'HostLogonSession') {
    return <HrefLink href={`/sessions/${identifiers.SessionUid}`}>Open the session</HrefLink>
  }
  const query: Readonly<Record<string, string>> = {
    Account: `AuditEvent | where AuditUser == ${quoted(name)} or EffectiveUser == ${quoted(name)}`,
    Host: `AuditEvent | where Computer =~ ${quoted(name)}`,
    Process: `AuditEvent | where CommandLine == ${quoted(name)}`,
    IP: `AuditEvent | where SourceAddress == ${quoted(name)} or DestinationAddress == ${quoted(name)}`,
    File: `AuditEvent | where tostring(Files) has ${quoted(name)}`,
    SecurityAlert: `SecurityAlert | where SystemAlertId == ${quoted(identifiers.SystemAlertId ?? '')}`,
  }
  return query[kind] === undefined ? null : <HrefLink href={logsHref(query[kind])}>Its events</HrefLink>
}
