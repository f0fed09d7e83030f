/** The processes of a session as a tree; the branches are asked for when they are opened. */
import { useQueries } from '@tanstack/react-query'
import { type KeyboardEvent, useRef, useState } from 'react'
import { listProcesses, type ProcessRecord } from '../api/sessions'
import { count } from '../design/format'
import { Icon } from '../design/icons'
import { Who } from '../design/marks'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import styles from './process-tab.module.css'
import { ORIGINS } from './words'

const TOP = -1
/** So deep, branches are open from the start. */
const OPEN_DEPTH = 6

interface Node {
  readonly process: ProcessRecord
  readonly depth: number
  readonly open: boolean
}

export function ProcessTab({
  uid,
  selected,
  select,
}: {
  uid: string
  selected: string | undefined
  select: (id: string | undefined) => void
}) {
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set([TOP]))
  const [closed, setClosed] = useState<ReadonlySet<number>>(new Set())
  const tree = useRef<HTMLDivElement>(null)
  const asked = [...opened]
  const pages = useQueries({
    queries: asked.map((parent) => ({
      queryKey: ['sessions', uid, 'processes', parent],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        listProcesses(uid, parent === TOP ? undefined : parent, signal),
      staleTime: 30_000,
    })),
  })
  const children = new Map(asked.map((parent, i) => [parent, pages[i]!.data?.items]))
  const first = pages[0]

  const nodes: Node[] = []
  const wanted = new Set<number>()
  const walk = (parent: number, depth: number) => {
    for (const process of children.get(parent) ?? []) {
      const open =
        process.children > 0 &&
        !closed.has(process.index) &&
        (opened.has(process.index) || depth < OPEN_DEPTH)
      nodes.push({ process, depth, open })
      if (!open) continue
      if (opened.has(process.index)) walk(process.index, depth + 1)
      else wanted.add(process.index)
    }
  }
  walk(TOP, 0)
  // Branches that stand open without being here yet are asked for.
  if (wanted.size > 0) queueMicrotask(() => setOpened((before) => new Set([...before, ...wanted])))

  const toggle = ({ process, open }: Node) => {
    const next = new Set(closed)
    if (open) next.add(process.index)
    else next.delete(process.index)
    setClosed(next)
    if (!open) setOpened(new Set([...opened, process.index]))
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const items = [...(tree.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    const node = nodes[at]
    if (!node) return
    if (event.key === 'ArrowDown') items[at + 1]?.focus()
    else if (event.key === 'ArrowUp') items[at - 1]?.focus()
    else if (event.key === 'Home') items[0]?.focus()
    else if (event.key === 'End') items.at(-1)?.focus()
    else if (event.key === 'ArrowRight')
      node.open || node.process.children === 0 ? items[at + 1]?.focus() : toggle(node)
    else if (event.key === 'ArrowLeft') node.open && toggle(node)
    else if (event.key === 'Enter' || event.key === ' ') select(node.process.execs.at(-1))
    else return
    event.preventDefault()
  }

  if (first?.isPending) return <Waiting lines={12} label="Loading the processes" />
  if (first?.isError) return <Failure error={first.error} />
  if (nodes.length === 0) return <Empty icon="process" title="No process of this session is in the log" />
  return (
    <div
      className={styles.tree}
      role="tree"
      aria-label="Processes"
      ref={tree}
      onKeyDown={onKeyDown}
      tabIndex={-1}
    >
      {nodes.map((node, i) => {
        const { process, depth, open } = node
        const isSelected = selected !== undefined && process.execs.includes(selected)
        const user = process.effectiveUser || process.user
        return (
          <div
            key={process.index}
            className={styles.node}
            role="treeitem"
            aria-level={depth + 1}
            aria-expanded={process.children > 0 ? open : undefined}
            aria-selected={isSelected}
            tabIndex={i === 0 ? 0 : -1}
            style={{ paddingLeft: 16 + depth * 18 }}
            onClick={() => select(process.execs.at(-1))}
          >
            <span
              className={styles.twist}
              onClick={(event) => {
                event.stopPropagation()
                if (process.children > 0) toggle(node)
              }}
            >
              {process.children > 0 && (
                <Icon name="chevron" size={12} style={{ transform: open ? 'rotate(90deg)' : undefined }} />
              )}
            </span>
            <span className={styles.pid}>{process.pid}</span>
            <Who name={user} plain />
            <span className={styles.command}>
              {process.commandLine || process.name || <i>not in the log</i>}
            </span>
            {process.parentInferred && (
              <span className={styles.note} title="No record names its parent; it is inferred">
                parent inferred
              </span>
            )}
            {!open && process.children > 0 && (
              <span className={styles.note}>{count(process.children)} below</span>
            )}
            {process.origin && process.origin !== 'typed' && process.origin !== 'from-typed' && (
              <span className={styles.note} data-warn={process.origin === 'not-typed' || undefined}>
                {ORIGINS[process.origin].label}
              </span>
            )}
            <span className={styles.time}>
              <Time iso={process.first} as="clock" />
            </span>
          </div>
        )
      })}
    </div>
  )
}
