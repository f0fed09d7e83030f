/** A name for a query that is kept. */
import { Autocomplete, Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useSavedQueries, useSaveQuery } from '../api/saved'
import styles from './save-dialog.module.css'

export function SaveDialog({
  opened,
  close,
  query,
  range,
}: {
  opened: boolean
  close: () => void
  query: string
  range: string
}) {
  const saved = useSavedQueries()
  const save = useSaveQuery()
  const [name, setName] = useState('')
  const [folder, setFolder] = useState('')
  const same = saved.data?.find((each) => each.name === name.trim() && each.folder === folder.trim())
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate(
      {
        name: name.trim(),
        folder: folder.trim(),
        query,
        timespan: range,
        ...(same && { id: same.id, etag: same.etag }),
      },
      { onSuccess: close },
    )
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Save the query"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={submit} className={styles.form}>
        <TextInput
          label="Name"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Autocomplete
          label="Folder"
          description="Optional"
          data={[...new Set((saved.data ?? []).map((each) => each.folder).filter(Boolean))]}
          value={folder}
          onChange={setFolder}
        />
        <Button type="submit" disabled={name.trim() === ''} loading={save.isPending}>
          {same ? `Save in the place of ${same.owner}’s` : 'Save'}
        </Button>
      </form>
    </Modal>
  )
}
