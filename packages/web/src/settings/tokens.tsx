import { ActionIcon, Button, Modal, Select, TagsInput, TextInput, Tooltip } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type NewToken, type Token, useTokens } from '../api/identities'
import type { Role } from '../api/me'
import { copyText } from '../design/clipboard'
import { DataTable, type TableColumn } from '../design/data-table'
import { Icon } from '../design/icons'
import { Chip } from '../design/marks'
import { Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { Confirm } from './confirm'
import styles from './settings-page.module.css'
import { ROLE_CHOICES } from './users'

export function Tokens() {
  const { tokens, add, remove } = useTokens()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<{ name: string; secret: string }>()
  const [removing, setRemoving] = useState<Token>()
  const columns: TableColumn<Token>[] = [
    { id: 'name', header: 'Name', cell: ({ name }) => name },
    {
      id: 'may',
      header: 'May',
      width: 260,
      cell: ({ role, ingest }) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          {role && <Chip tone="accent">{role}</Chip>}
          {ingest.length > 0 && (
            <Chip>send to {ingest.includes('*') ? 'every table' : ingest.join(', ')}</Chip>
          )}
        </span>
      ),
    },
    {
      id: 'used',
      header: 'Last used',
      width: 130,
      cell: ({ usedTime }) =>
        usedTime === null ? <span className={styles.soft}>never</span> : <Time iso={usedTime} as="ago" />,
    },
    {
      id: 'expires',
      header: 'Ends',
      width: 120,
      from: 700,
      cell: ({ expiresTime }) =>
        expiresTime === null ? (
          <span className={styles.soft}>never</span>
        ) : (
          <Time iso={expiresTime} as="ago" />
        ),
    },
    {
      id: 'created',
      header: 'Made',
      width: 160,
      from: 850,
      cell: ({ createdTime, createdBy }) => (
        <span className={styles.soft}>
          <Time iso={createdTime} as="ago" /> by {createdBy}
        </span>
      ),
    },
    {
      id: 'actions',
      header: '',
      width: 56,
      right: true,
      cell: (token) => (
        <Tooltip label="Take it back">
          <ActionIcon aria-label={`Take back ${token.name}`} onClick={() => setRemoving(token)}>
            <Icon name="trash" size={14} />
          </ActionIcon>
        </Tooltip>
      ),
    },
  ]
  return (
    <Panel
      title="Tokens"
      flush
      actions={
        <Button
          size="compact-sm"
          leftSection={<Icon name="plus" size={13} />}
          onClick={() => setAdding(true)}
        >
          Make a token
        </Button>
      }
    >
      {secret && (
        <div style={{ padding: '0 16px 12px' }}>
          <div className={styles.secret} role="status">
            <span>{secret.name}:</span>
            <code>{secret.secret}</code>
            <Button size="compact-sm" variant="default" onClick={() => void copyText(secret.secret)}>
              Copy
            </Button>
            <ActionIcon aria-label="Done" onClick={() => setSecret(undefined)}>
              <Icon name="close" size={13} />
            </ActionIcon>
          </div>
          <p className={styles.soft}>This is the only time that it is shown.</p>
        </div>
      )}
      {tokens.isPending ? (
        <Waiting lines={4} />
      ) : tokens.isError ? (
        <Failure error={tokens.error} retry={() => void tokens.refetch()} />
      ) : tokens.data.length === 0 ? (
        <Empty icon="key" title="No token yet">
          Agents on other hosts, scripts and the clients of Log Analytics each get one of their own.
        </Empty>
      ) : (
        <DataTable label="Tokens" columns={columns} rows={tokens.data} rowKey={({ id }) => id} />
      )}
      <TokenDialog
        key={String(adding)}
        opened={adding}
        close={() => setAdding(false)}
        submit={(token) =>
          add.mutate(token, {
            onSuccess: (made) => {
              setSecret(made)
              setAdding(false)
            },
          })
        }
      />
      <Confirm
        question={removing && `Take back ${removing.name}?`}
        text="Who uses it is refused from now on."
        button="Take it back"
        close={() => setRemoving(undefined)}
        confirm={() => remove.mutate(removing!.id)}
      />
    </Panel>
  )
}

const ENDS = [
  { value: '30', label: 'in 30 days' },
  { value: '90', label: 'in 90 days' },
  { value: '365', label: 'in a year' },
  { value: 'never', label: 'never' },
]

function TokenDialog({
  opened,
  close,
  submit,
}: {
  opened: boolean
  close: () => void
  submit: (token: NewToken) => void
}) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<string | null>(null)
  const [tables, setTables] = useState<string[]>(['*'])
  const [ends, setEnds] = useState('365')
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit({
      name: name.trim(),
      ...(role !== null && { role: role as Role }),
      ...(tables.length > 0 && { ingest: tables }),
      ...(ends !== 'never' && { expires: new Date(Date.now() + Number(ends) * 86_400_000).toISOString() }),
    })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Make a token"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={styles.form} onSubmit={onSubmit}>
        <TextInput
          label="Name"
          description="Who or what will use it"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <TagsInput
          label="May send rows to"
          description="Tables; * is every one. None: it may not send."
          data={['*', 'LinuxAuditLog_CL', 'Syslog', 'Heartbeat']}
          value={tables}
          onChange={setTables}
        />
        <Select
          label="May ask and change as"
          placeholder="It may not"
          data={ROLE_CHOICES}
          value={role}
          onChange={setRole}
          clearable
        />
        <Select
          label="Ends"
          data={ENDS}
          value={ends}
          allowDeselect={false}
          onChange={(value) => setEnds(value ?? '365')}
        />
        <div className={styles.buttons}>
          <Button type="submit" disabled={name.trim() === '' || (role === null && tables.length === 0)}>
            Make it
          </Button>
        </div>
      </form>
    </Modal>
  )
}
