import { Modal } from '@mantine/core'
import { Kbd } from '../design/marks'
import styles from './shortcut-help.module.css'
import { keyNames, liveShortcuts } from './shortcuts'

export function ShortcutHelp({ opened, close }: { opened: boolean; close: () => void }) {
  const groups = Map.groupBy(opened ? liveShortcuts() : [], ({ group }) => group)
  return (
    <Modal
      opened={opened}
      onClose={close}
      title="Keyboard shortcuts"
      size={720}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <div className={styles.groups}>
        {[...groups].map(([group, shortcuts]) => (
          <section key={group}>
            <h3 className={styles.title}>{group}</h3>
            <dl className={styles.list}>
              {shortcuts.map(({ keys, label }) => (
                <div key={keys} className={styles.line}>
                  <dt>{label}</dt>
                  <dd>
                    <Kbd keys={keyNames(keys)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  )
}
