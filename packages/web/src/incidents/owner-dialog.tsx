/** Who looks into it. */
import { Button, Modal, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useMe } from '../api/me'
import styles from './dialogs.module.css'

export function OwnerDialog({
  opened,
  close,
  current,
  submit,
}: {
  opened: boolean
  close: () => void
  current?: string | undefined
  submit: (owner: string | null) => void
}) {
  const me = useMe()
  const [name, setName] = useState(current ?? '')
  const done = (owner: string | null) => {
    submit(owner)
    close()
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() !== '') done(name.trim())
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Owner"
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <form onSubmit={onSubmit} className={styles.form}>
        <TextInput
          label="Name"
          description="As the person is known here"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.buttons}>
          <Button variant="default" onClick={() => done(null)}>
            Nobody
          </Button>
          <Button variant="default" onClick={() => done(me.name)}>
            Me
          </Button>
          <Button type="submit" disabled={name.trim() === ''}>
            Assign
          </Button>
        </div>
      </form>
    </Modal>
  )
}
