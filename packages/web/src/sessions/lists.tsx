/** The files, connections and changes of user of a session. */
import { Switch, TextInput } from '@mantine/core'
import { useMemo, useState } from 'react'
import {
  type ConnectionRecord,
  type FileRecord,
  type SessionFacts,
  type SessionRecord,
  useSessionList,
} from '../api/sessions'
import { DataTable, type TableColumn } from '../design/data-table'
import { count, plural } from '../design/format'
import { Icon } from '../design/icons'
import { Chip, PersonAs, Who } from '../design/marks'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import styles from './lists.module.css'

const FILES: readonly TableColumn<FileRecord>[] = [
  {
    id: 'path',
    header: 'File',
    cell: ({ path, sensitive }) => (
      <span className={styles.path} title={path}>
        <span className="fact">{path}</span>
        {sensitive && <Chip tone="bad">sensitive</Chip>}
      </span>
    ),
  },
  { id: 'kinds', header: 'What was done', width: 220, cell: ({ kinds }) => kinds.join(', ') },
  {
    id: 'users',
    header: 'As',
    width: 120,
    from: 850,
    cell: ({ users }) => users.map((user) => <Who key={user} name={user} plain />),
  },
  {
    id: 'programs',
    header: 'By',
    width: 190,
    from: 850,
    cell: ({ programs }) => <span className="fact">{programs.join(', ')}</span>,
  },
  { id: 'count', header: 'Times', width: 64, right: true, cell: (file) => count(file.count) },
  { id: 'first', header: 'First', width: 116, cell: ({ first }) => <Time iso={first} as="clock" /> },
]

export function FilesTab({ session }: { session: SessionRecord }) {
  const files = useSessionList(session.uid, 'files')
  const [text, setText] = useState('')
  const [sensitive, setSensitive] = useState(false)
  const shown = useMemo(
    () =>
      files.items.filter(
        (file) =>
          (!sensitive || file.sensitive) && file.path.toLowerCase().includes(text.trim().toLowerCase()),
      ),
    [files.items, sensitive, text],
  )
  if (files.isPending) return <Waiting lines={10} />
  if (files.error) return <Failure error={files.error} />
  return (
    <div className={styles.list}>
      <div className={styles.bar}>
        <TextInput
          w={260}
          aria-label="Find a file"
          placeholder="Find a file"
          leftSection={<Icon name="search" size={14} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label="Sensitive ones only"
          checked={sensitive}
          onChange={(event) => setSensitive(event.currentTarget.checked)}
        />
        <span className={styles.count}>{plural(shown.length, 'file')}</span>
      </div>
      {shown.length === 0 ? (
        <Empty icon="file" title="No file">
          {files.items.length === 0
            ? 'The audit rules recorded no file that this session changed or opened.'
            : 'None fits the filter.'}
        </Empty>
      ) : (
        <DataTable label="Files" columns={FILES} rows={shown} rowKey={pathOf} />
      )}
    </div>
  )
}

const pathOf = ({ path }: FileRecord) => path

const WAYS = { to: 'connected to', from: 'connection from', listen: 'listened on' } as const

const CONNECTIONS: readonly TableColumn<ConnectionRecord>[] = [
  { id: 'way', header: 'Way', width: 130, cell: ({ direction }) => WAYS[direction] },
  {
    id: 'address',
    header: 'Address',
    cell: ({ address, port }) => (
      <span className="fact">
        {port === null ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`}
      </span>
    ),
  },
  {
    id: 'programs',
    header: 'By',
    width: 200,
    cell: ({ programs }) => <span className="fact">{programs.join(', ')}</span>,
  },
  {
    id: 'users',
    header: 'As',
    width: 120,
    from: 850,
    cell: ({ users }) => users.map((user) => <Who key={user} name={user} plain />),
  },
  {
    id: 'count',
    header: 'Times',
    width: 110,
    right: true,
    cell: (each) => (
      <>
        {each.failed > 0 && <span className={styles.failed}>{count(each.failed)} failed, </span>}
        {count(each.count)}
      </>
    ),
  },
  { id: 'first', header: 'First', width: 116, cell: ({ first }) => <Time iso={first} as="clock" /> },
]

export function ConnectionsTab({ session }: { session: SessionRecord }) {
  const connections = useSessionList(session.uid, 'connections')
  if (connections.isPending) return <Waiting lines={8} />
  if (connections.error) return <Failure error={connections.error} />
  if (connections.items.length === 0) {
    return (
      <Empty icon="address" title="No connection">
        The audit rules recorded no connect, accept or bind of this session.
      </Empty>
    )
  }
  return (
    <div className={styles.list}>
      <DataTable label="Connections" columns={CONNECTIONS} rows={connections.items} rowKey={connectionKey} />
    </div>
  )
}

const connectionKey = ({ direction, address, port }: ConnectionRecord) => `${direction} ${address} ${port}`

export function PrivilegeTab({ facts, select }: { facts: SessionFacts; select: (id: string) => void }) {
  const { changes, failedLogins, notes } = facts
  if (changes.length + failedLogins.length + notes.length === 0) {
    return <Empty icon="shield" title="It stayed the user that logged in" />
  }
  return (
    <div className={styles.list}>
      <ol className={styles.steps}>
        {failedLogins.map(({ time, account, address, program, eventId }) => (
          <li key={eventId}>
            <button type="button" className={styles.step} onClick={() => select(eventId)}>
              <Time iso={time} as="clock" />
              <Chip tone="bad">refused</Chip>
              <span>
                <code>{program}</code> refused <Who name={account} />
                {address !== '' && <span className="fact"> from {address}</span>}
              </span>
            </button>
          </li>
        ))}
        {changes.map(({ time, how, from, to, succeeded, commandLine, eventId }) => (
          <li key={eventId + to}>
            <button type="button" className={styles.step} onClick={() => select(eventId)}>
              <Time iso={time} as="clock" />
              {succeeded ? <Chip>by {how}</Chip> : <Chip tone="bad">refused by {how}</Chip>}
              <PersonAs person={from} as={to || 'another user'} />
              {commandLine !== '' && <code className={styles.to}>{commandLine}</code>}
            </button>
          </li>
        ))}
        {notes.map(({ time, text, eventId }) => (
          <li key={eventId + text}>
            <button type="button" className={styles.step} onClick={() => select(eventId)}>
              <Time iso={time} as="clock" />
              <Icon name="info" size={14} />
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ol>
    </div>
  )
}
