import { ActionIcon, Button, Modal, PasswordInput, Select, Switch, TextInput, Tooltip } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type User, useUsers } from '../api/identities'
import { type Role, useMe } from '../api/me'
import { DataTable, type TableColumn } from '../design/data-table'
import { Icon } from '../design/icons'
import { notify } from '../design/notices'
import { Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { Confirm } from './confirm'
import styles from './settings-page.module.css'

export const ROLE_CHOICES = [
  { value: 'reader', label: 'Reader' },
  { value: 'responder', label: 'Responder' },
  { value: 'contributor', label: 'Contributor' },
  { value: 'admin', label: 'Administrator' },
]

export function Users() {
  const { users, add, change, remove } = useUsers()
  const me = useMe()
  const [adding, setAdding] = useState(false)
  const [resetting, setResetting] = useState<string>()
  const [removing, setRemoving] = useState<string>()
  const isMe = ({ name }: User) => me.kind === 'user' && name === me.name
  const columns: TableColumn<User>[] = [
    { id: 'name', header: 'Name', cell: (user) => `${user.name}${isMe(user) ? ' (you)' : ''}` },
    {
      id: 'role',
      header: 'Role',
      width: 180,
      cell: (user) => (
        <Select
          aria-label={`Role of ${user.name}`}
          data={ROLE_CHOICES}
          value={user.role}
          allowDeselect={false}
          disabled={isMe(user)}
          onChange={(role) => change.mutate({ name: user.name, role: role as Role })}
        />
      ),
    },
    {
      id: 'enabled',
      header: 'May sign in',
      width: 110,
      cell: (user) => (
        <Switch
          aria-label={`${user.name} may sign in`}
          checked={!user.disabled}
          disabled={isMe(user)}
          onChange={(event) => change.mutate({ name: user.name, disabled: !event.currentTarget.checked })}
        />
      ),
    },
    {
      id: 'created',
      header: 'Added',
      width: 170,
      from: 700,
      cell: ({ createdTime, createdBy }) => (
        <span className={styles.soft}>
          <Time iso={createdTime} as="ago" /> by {createdBy}
        </span>
      ),
    },
    {
      id: 'actions',
      header: '',
      width: 96,
      right: true,
      cell: (user) => (
        <>
          <Tooltip label="Set a password">
            <ActionIcon
              aria-label={`Set a password for ${user.name}`}
              onClick={() => setResetting(user.name)}
            >
              <Icon name="key" size={14} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Remove">
            <ActionIcon
              aria-label={`Remove ${user.name}`}
              disabled={isMe(user)}
              onClick={() => setRemoving(user.name)}
            >
              <Icon name="trash" size={14} />
            </ActionIcon>
          </Tooltip>
        </>
      ),
    },
  ]
  return (
    <Panel
      title="Users"
      flush
      actions={
        <Button
          size="compact-sm"
          leftSection={<Icon name="plus" size={13} />}
          onClick={() => setAdding(true)}
        >
          Add a user
        </Button>
      }
    >
      {users.isPending ? (
        <Waiting lines={4} />
      ) : users.isError ? (
        <Failure error={users.error} retry={() => void users.refetch()} />
      ) : users.data.length === 0 ? (
        <Empty icon="user" title="No user yet">
          You are here by a link of the host. Add yourself as administrator, so that you can sign in from
          anywhere.
        </Empty>
      ) : (
        <DataTable label="Users" columns={columns} rows={users.data} rowKey={({ name }) => name} />
      )}
      <UserDialog
        key={String(adding)}
        opened={adding}
        first={users.data?.length === 0}
        close={() => setAdding(false)}
        submit={(user) => add.mutate(user, { onSuccess: () => setAdding(false) })}
      />
      <PasswordDialog
        key={resetting ?? ''}
        name={resetting}
        close={() => setResetting(undefined)}
        submit={(password) => {
          change.mutate({ name: resetting!, password }, { onSuccess: () => notify('The password was set') })
          setResetting(undefined)
        }}
      />
      <Confirm
        question={removing === undefined ? undefined : `Remove ${removing}?`}
        text="Their sessions end. What they did stays in the activity of incidents and in QueryLog."
        button="Remove"
        close={() => setRemoving(undefined)}
        confirm={() => remove.mutate(removing!)}
      />
    </Panel>
  )
}

function UserDialog({
  opened,
  first,
  close,
  submit,
}: {
  opened: boolean
  first: boolean
  close: () => void
  submit: (user: { name: string; password: string; role: Role }) => void
}) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [role, setRole] = useState<Role>(first ? 'admin' : 'responder')
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    submit({ name: name.trim(), password, role })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Add a user"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={styles.form} onSubmit={onSubmit}>
        <TextInput
          label="Name"
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <PasswordInput
          label="Password"
          description="They can change it under Settings"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Select
          label="Role"
          data={ROLE_CHOICES}
          value={role}
          allowDeselect={false}
          onChange={(value) => setRole(value as Role)}
        />
        <div className={styles.buttons}>
          <Button type="submit" disabled={name.trim() === '' || password === ''}>
            Add
          </Button>
        </div>
      </form>
    </Modal>
  )
}

function PasswordDialog({
  name,
  close,
  submit,
}: {
  name: string | undefined
  close: () => void
  submit: (password: string) => void
}) {
  const [password, setPassword] = useState('')
  return (
    <Modal
      opened={name !== undefined}
      onClose={close}
      title={`A password for ${name}`}
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          submit(password)
        }}
      >
        <PasswordInput
          label="New password"
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.buttons}>
          <Button type="submit" disabled={password === ''}>
            Set it
          </Button>
        </div>
      </form>
    </Modal>
  )
}
