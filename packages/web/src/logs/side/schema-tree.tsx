/** Tables and their columns: find one, write it into the query, or look at a few rows. */

import type { ColumnSchema, TableSchema } from '@auspex/kql'
import { ActionIcon, TextInput, Tooltip } from '@mantine/core'
import { type KeyboardEvent, useMemo, useRef, useState } from 'react'
import { Icon } from '../../design/icons'
import { Empty, Failure, Waiting } from '../../design/states'
import { columnName } from '../../kql/text'
import { useSchema } from '../schema'
import styles from './schema-tree.module.css'
import { TypeMark } from './type-mark'

const COLUMNS_FOUND = 60

interface Entry {
  readonly table: TableSchema
  readonly columns: readonly ColumnSchema[]
  readonly open: boolean
}

export function SchemaTree({
  insert,
  preview,
}: {
  insert: (text: string) => void
  preview: (table: string) => void
}) {
  const schema = useSchema()
  const [text, setText] = useState('')
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set())
  const list = useRef<HTMLUListElement>(null)
  const wanted = text.trim().toLowerCase()

  const entries = useMemo<Entry[]>(() => {
    const tables = [...(schema.data?.tables ?? [])].sort((a, b) => a.name.localeCompare(b.name))
    return tables.flatMap((table) => {
      const named = table.name.toLowerCase().includes(wanted)
      const found =
        wanted === '' ? [] : table.columns.filter(({ name }) => name.toLowerCase().includes(wanted))
      if (wanted !== '' && !named && found.length === 0) return []
      const open = opened.has(table.name) || (wanted !== '' && !named)
      const columns =
        wanted === '' || (named && opened.has(table.name)) ? table.columns : found.slice(0, COLUMNS_FOUND)
      return [{ table, columns: open ? columns : [], open }]
    })
  }, [opened, schema.data, wanted])
  const functions = (schema.data?.functions ?? []).filter(({ name }) => name.toLowerCase().includes(wanted))

  const toggle = (name: string, open = !opened.has(name)) => {
    const next = new Set(opened)
    if (open) next.add(name)
    else next.delete(name)
    setOpened(next)
  }

  /** The arrows move through the tree, as in every tree. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>('[role="treeitem"]') ?? [])]
    const at = items.indexOf(document.activeElement as HTMLElement)
    if (at < 0) return
    const table = items[at]!.dataset.table
    const move = (to: number) => items[Math.max(0, Math.min(items.length - 1, to))]?.focus()
    if (event.key === 'ArrowDown') move(at + 1)
    else if (event.key === 'ArrowUp') move(at - 1)
    else if (event.key === 'Home') move(0)
    else if (event.key === 'End') move(items.length - 1)
    else if (event.key === 'ArrowRight' && table) toggle(table, true)
    else if (event.key === 'ArrowLeft' && table) toggle(table, false)
    else if (event.key === 'Enter' || event.key === ' ') items[at]!.click()
    else return
    event.preventDefault()
  }

  if (schema.isPending) return <Waiting lines={9} label="Loading the tables" />
  if (schema.isError) return <Failure error={schema.error} retry={() => void schema.refetch()} />
  return (
    <div className={styles.side}>
      <TextInput
        className={styles.find}
        aria-label="Find a table or column"
        placeholder="Find a table or column"
        leftSection={<Icon name="search" size={14} />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <ul
        className={styles.tree}
        role="tree"
        aria-label="Tables and columns"
        ref={list}
        onKeyDown={onKeyDown}
      >
        {entries.map(({ table, columns, open }, i) => (
          <li key={table.name} role="none">
            <div
              className={styles.table}
              role="treeitem"
              aria-level={1}
              aria-expanded={open}
              aria-selected={false}
              aria-label={table.name}
              data-table={table.name}
              tabIndex={i === 0 ? 0 : -1}
              onClick={() => toggle(table.name)}
              onKeyDown={() => {}}
            >
              <Icon name="chevron" size={12} style={{ transform: open ? 'rotate(90deg)' : undefined }} />
              <Icon name="table" size={14} />
              <Tooltip
                label={table.docstring}
                disabled={!table.docstring}
                position="right"
                multiline
                maw={320}
              >
                <span className={styles.name}>{table.name}</span>
              </Tooltip>
              <span className={styles.actions}>
                <Tooltip label="Look at 50 rows">
                  <ActionIcon
                    size={20}
                    tabIndex={-1}
                    aria-label={`Look at rows of ${table.name}`}
                    onClick={(event) => {
                      event.stopPropagation()
                      preview(table.name)
                    }}
                  >
                    <Icon name="eye" size={13} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label="Write into the query">
                  <ActionIcon
                    size={20}
                    tabIndex={-1}
                    aria-label={`Write ${table.name} into the query`}
                    onClick={(event) => {
                      event.stopPropagation()
                      insert(table.name)
                    }}
                  >
                    <Icon name="plus" size={13} />
                  </ActionIcon>
                </Tooltip>
              </span>
            </div>
            {open && (
              <ul role="group">
                {columns.map(({ name, type, docstring }) => (
                  <li key={name} role="none">
                    <div
                      className={styles.column}
                      role="treeitem"
                      aria-level={2}
                      aria-selected={false}
                      tabIndex={-1}
                      title={docstring ?? `${name}: ${type}`}
                      onClick={() => insert(columnName(name))}
                      onKeyDown={() => {}}
                    >
                      <TypeMark type={type} />
                      <span className={styles.name}>{name}</span>
                    </div>
                  </li>
                ))}
              </ul>
            )}
          </li>
        ))}
        {functions.length > 0 && (
          <li role="none" className={styles.heading}>
            Functions
          </li>
        )}
        {functions.map(({ name, parameters, docstring }) => (
          <li key={name} role="none">
            <div
              className={styles.column}
              role="treeitem"
              aria-level={1}
              aria-selected={false}
              tabIndex={-1}
              title={docstring ?? `${name}${parameters}`}
              onClick={() => insert(`${name}()`)}
              onKeyDown={() => {}}
            >
              <Icon name="function" size={13} />
              <span className={styles.name}>{name}</span>
            </div>
          </li>
        ))}
      </ul>
      {entries.length + functions.length === 0 && (
        <Empty icon="search" title="No table or column has this name" />
      )}
    </div>
  )
}
