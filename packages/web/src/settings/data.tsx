/** What is stored, and how much of it. */
import type { StoreStatus, TableStatus } from '@auspex/server'
import { useQuery } from '@tanstack/react-query'
import { api } from '../api/client'
import { DataTable, type TableColumn } from '../design/data-table'
import { bytes, count, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { FactRow, Facts, Panel } from '../design/panel'
import { Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import styles from './settings-page.module.css'

const COLUMNS: readonly TableColumn<TableStatus>[] = [
  {
    id: 'table',
    header: 'Table',
    cell: ({ table }) => <HrefLink href={logsHref(`${table}\n| take 50`)}>{table}</HrefLink>,
  },
  { id: 'rows', header: 'Rows', width: 120, right: true, cell: ({ rows }) => count(rows) },
  {
    id: 'columns',
    header: 'Columns',
    width: 90,
    right: true,
    from: 700,
    cell: ({ columns }) => count(columns),
  },
  {
    id: 'oldest',
    header: 'Oldest',
    width: 170,
    cell: ({ oldest }) =>
      oldest === null ? <span className={styles.soft}>none</span> : <Time iso={oldest} />,
  },
  {
    id: 'newest',
    header: 'Newest',
    width: 170,
    cell: ({ newest }) => (newest === null ? '' : <Time iso={newest} />),
  },
]

export function Data() {
  const store = useQuery({
    queryKey: ['store'],
    queryFn: ({ signal }) => api<StoreStatus>('/api/store', { signal }),
    refetchInterval: 60_000,
  })
  if (store.isPending) return <Waiting lines={8} />
  if (store.isError) return <Failure error={store.error} retry={() => void store.refetch()} />
  const { engine, directory, dataBytes, freeBytes, walBytes, sources, tables } = store.data
  return (
    <>
      <Panel title="Store">
        <Facts>
          <FactRow name="Engine">{engine}</FactRow>
          <FactRow name="Folder">
            <span className="fact">{directory}</span>
          </FactRow>
          <FactRow name="Size">
            {bytes(dataBytes)}
            {walBytes > 0 && (
              <span className={styles.soft}>, {bytes(walBytes)} more in the write-ahead log</span>
            )}
            {freeBytes > 0 && <span className={styles.soft}>, {bytes(freeBytes)} of it free</span>}
          </FactRow>
          <FactRow name="Sources">
            {plural(sources, 'log or client', 'logs and clients')} have sent rows
          </FactRow>
        </Facts>
      </Panel>
      <Panel title="Tables" flush>
        <DataTable
          label="Tables"
          columns={COLUMNS}
          rows={[...tables].sort((a, b) => b.rows - a.rows)}
          rowKey={({ table }) => table}
        />
      </Panel>
    </>
  )
}
