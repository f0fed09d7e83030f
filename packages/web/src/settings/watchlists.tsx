/** Lists of known things: administrators, jump hosts, maintenance accounts. */
import { ActionIcon, Button, FileButton, Modal, Select, Textarea, TextInput, Tooltip } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMay } from '../api/me'
import { useWatchlistChanges, useWatchlistItems, useWatchlists, type Watchlist } from '../api/watchlists'
import { DataTable, type TableColumn } from '../design/data-table'
import { count, plural } from '../design/format'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { Panel } from '../design/panel'
import { Empty, Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { stringLiteral } from '../kql/text'
import { Confirm } from './confirm'
import styles from './settings-page.module.css'

const COLUMNS: readonly TableColumn<Watchlist>[] = [
  { id: 'alias', header: 'Alias', width: 200, cell: ({ alias }) => <code>{alias}</code> },
  { id: 'name', header: 'Name', cell: ({ name }) => name },
  {
    id: 'key',
    header: 'Search key',
    width: 150,
    from: 700,
    cell: ({ searchKey }) => <code>{searchKey}</code>,
  },
  { id: 'rows', header: 'Rows', width: 80, right: true, cell: ({ itemCount }) => count(itemCount) },
  {
    id: 'changed',
    header: 'Changed',
    width: 180,
    from: 700,
    cell: ({ updatedBy, updatedTime }) => (
      <span className={styles.soft}>
        <Time iso={updatedTime} as="ago" /> by {updatedBy}
      </span>
    ),
  },
]

export function Watchlists() {
  const lists = useWatchlists()
  const mayChange = useMay('contribute')
  const { add } = useWatchlistChanges()
  const [adding, setAdding] = useState(false)
  const [shown, setShown] = useState<string>()
  const list = lists.data?.find(({ alias }) => alias === shown)
  return (
    <>
      <Panel
        title="Watchlists"
        flush
        actions={
          mayChange && (
            <Button
              size="compact-sm"
              leftSection={<Icon name="plus" size={13} />}
              onClick={() => setAdding(true)}
            >
              New watchlist
            </Button>
          )
        }
      >
        {lists.isPending ? (
          <Waiting lines={4} />
        ) : lists.isError ? (
          <Failure error={lists.error} retry={() => void lists.refetch()} />
        ) : lists.data.length === 0 ? (
          <Empty icon="table" title="No watchlist yet">
            A watchlist is a table of known things, made from a CSV file: who may be root, which hosts are
            jump hosts. Rules read it with <code>_GetWatchlist('alias')</code>.
          </Empty>
        ) : (
          <DataTable
            label="Watchlists"
            columns={COLUMNS}
            rows={lists.data}
            rowKey={({ alias }) => alias}
            shown={shown}
            onShow={({ alias }) => setShown(alias === shown ? undefined : alias)}
          />
        )}
      </Panel>
      {list && <Items key={list.alias} list={list} close={() => setShown(undefined)} />}
      <NewDialog
        key={String(adding)}
        opened={adding}
        close={() => setAdding(false)}
        submit={(body) =>
          add.mutate(body, {
            onSuccess: () => {
              setAdding(false)
              setShown(body.alias)
            },
          })
        }
      />
    </>
  )
}

function Items({ list, close }: { list: Watchlist; close: () => void }) {
  const [text, setText] = useState('')
  const [removing, setRemoving] = useState(false)
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const mayChange = useMay('contribute')
  const items = useWatchlistItems(list.alias, text.trim())
  const { replace, remove, addItem, removeItem } = useWatchlistChanges()
  const query = `_GetWatchlist(${stringLiteral(list.alias)})`
  const submit = (event: FormEvent) => {
    event.preventDefault()
    addItem.mutate({ alias: list.alias, values }, { onSuccess: () => setValues({}) })
  }
  return (
    <Panel
      title={list.name || list.alias}
      flush
      actions={
        <>
          <Button
            component={HrefLink}
            href={logsHref(query)}
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="logs" size={13} />}
          >
            In Logs
          </Button>
          {mayChange && (
            <>
              <FileButton
                accept=".csv,text/csv"
                onChange={(file) => {
                  if (file) void file.text().then((csv) => replace.mutate({ alias: list.alias, csv }))
                }}
              >
                {(props) => (
                  <Button {...props} variant="default" size="compact-sm">
                    Put another CSV file in its place
                  </Button>
                )}
              </FileButton>
              <Tooltip label="Remove the watchlist">
                <ActionIcon aria-label="Remove the watchlist" onClick={() => setRemoving(true)}>
                  <Icon name="trash" size={14} />
                </ActionIcon>
              </Tooltip>
            </>
          )}
          <ActionIcon aria-label="Close" onClick={close}>
            <Icon name="close" size={14} />
          </ActionIcon>
        </>
      }
    >
      <div style={{ padding: '0 16px 10px' }}>
        <TextInput
          w={260}
          aria-label="Find a row"
          placeholder="Find a row"
          leftSection={<Icon name="search" size={13} />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </div>
      {items.isPending ? (
        <Waiting lines={4} />
      ) : items.isError ? (
        <Failure error={items.error} />
      ) : items.data.items.length === 0 ? (
        <Empty icon="search" title="No row" />
      ) : (
        <DataTable
          label="Rows"
          columns={[
            ...list.columns.map((name) => ({
              id: name,
              header: name,
              cell: (item: (typeof items.data.items)[number]) => (
                <span className="fact">{item.values[name] ?? ''}</span>
              ),
            })),
            ...(mayChange
              ? [
                  {
                    id: 'remove',
                    header: '',
                    width: 48,
                    cell: (item: (typeof items.data.items)[number]) => (
                      <ActionIcon
                        size={22}
                        aria-label="Remove the row"
                        onClick={() => removeItem.mutate({ alias: list.alias, id: item.id })}
                      >
                        <Icon name="close" size={12} />
                      </ActionIcon>
                    ),
                  },
                ]
              : []),
          ]}
          rows={items.data.items}
          rowKey={({ id }) => id}
        />
      )}
      {mayChange && (
        <form className={styles.row} style={{ padding: 16 }} onSubmit={submit}>
          {list.columns.map((name) => (
            <TextInput
              key={name}
              label={name}
              w={170}
              value={values[name] ?? ''}
              onChange={(event) => setValues({ ...values, [name]: event.currentTarget.value })}
            />
          ))}
          <Button type="submit" variant="default" disabled={!values[list.searchKey]}>
            Add the row
          </Button>
        </form>
      )}
      <Confirm
        question={removing ? `Remove ${list.alias}?` : undefined}
        text={`${plural(list.itemCount, 'row')} go with it. Rules that read it will fail.`}
        button="Remove"
        close={() => setRemoving(false)}
        confirm={() => {
          remove.mutate(list.alias)
          close()
        }}
      />
    </Panel>
  )
}

/** The columns of a CSV text: its first line. */
const headersOf = (csv: string): string[] =>
  (csv.split(/\r?\n/)[0] ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^"|"$/g, ''))
    .filter(Boolean)

function NewDialog({
  opened,
  close,
  submit,
}: {
  opened: boolean
  close: () => void
  submit: (body: { alias: string; name?: string; searchKey?: string; csv: string }) => void
}) {
  const [alias, setAlias] = useState('')
  const [name, setName] = useState('')
  const [csv, setCsv] = useState('')
  const [key, setKey] = useState<string | null>(null)
  const headers = headersOf(csv)
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    const searchKey = key && headers.includes(key) ? key : headers[0]
    submit({
      alias: alias.trim(),
      csv,
      ...(name.trim() && { name: name.trim() }),
      ...(searchKey && { searchKey }),
    })
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="New watchlist"
      size={520}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form className={styles.form} style={{ maxWidth: 'none' }} onSubmit={onSubmit}>
        <TextInput
          label="Alias"
          description="What rules call it: letters, digits, - and _"
          value={alias}
          onChange={(event) => setAlias(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <div className={styles.row}>
          <FileButton accept=".csv,text/csv" onChange={(file) => void file?.text().then(setCsv)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<Icon name="file" size={14} />}>
                Choose a CSV file
              </Button>
            )}
          </FileButton>
          <span className={styles.soft}>or write it here; its first line names the columns</span>
        </div>
        <Textarea
          aria-label="CSV"
          placeholder={'user,reason\ncarol,on call'}
          autosize
          minRows={4}
          maxRows={12}
          styles={{ input: { fontFamily: 'var(--font-facts)' } }}
          value={csv}
          onChange={(event) => setCsv(event.currentTarget.value)}
        />
        <Select
          label="Search key"
          description="The column that rows are looked up by"
          data={headers}
          value={key ?? headers[0] ?? null}
          onChange={setKey}
          disabled={headers.length === 0}
        />
        <div className={styles.buttons}>
          <Button type="submit" disabled={alias.trim() === '' || headers.length === 0}>
            Make it
          </Button>
        </div>
      </form>
    </Modal>
  )
}
