/** A question before something is gone. */
import { Button, Modal } from '@mantine/core'
import styles from './settings-page.module.css'

export function Confirm({
  question,
  text,
  button,
  close,
  confirm,
}: {
  /** Undefined: nothing is asked. */
  question: string | undefined
  text: string
  button: string
  close: () => void
  confirm: () => void
}) {
  return (
    <Modal
      opened={question !== undefined}
      onClose={close}
      title={question}
      size="sm"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={styles.form}>
        <p>{text}</p>
        <div className={styles.buttons}>
          <Button variant="default" onClick={close} data-autofocus>
            Leave it
          </Button>
          <Button
            color="red"
            onClick={() => {
              confirm()
              close()
            }}
          >
            {button}
          </Button>
        </div>
      </div>
    </Modal>
  )
}
