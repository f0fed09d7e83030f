/** What was done about an incident and by whom, and a place to say something. */
import { ActionIcon, Button, Textarea, Tooltip } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Incident, useActivity, useComments } from '../api/incidents'
import { Icon } from '../design/icons'
import { Panel } from '../design/panel'
import { Failure, Waiting } from '../design/states'
import { Time } from '../design/time'
import { keyNames } from '../shell/shortcuts'
import styles from './activity-tab.module.css'
import { ACTOR_ICONS, changeText } from './activity-text'

export function ActivityTab({ incident }: { incident: Incident }) {
  const activity = useActivity(incident.number)
  const { add, remove } = useComments(incident.number)
  const [message, setMessage] = useState('')
  const submit = (event?: FormEvent) => {
    event?.preventDefault()
    if (message.trim() === '') return
    add.mutate(message.trim(), { onSuccess: () => setMessage('') })
  }
  return (
    <Panel title="Activity">
      <form className={styles.form} onSubmit={submit}>
        <Textarea
          aria-label="Comment"
          placeholder="What did you find out?"
          autosize
          minRows={2}
          maxRows={12}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit()
          }}
        />
        <div className={styles.formFoot}>
          <Tooltip label={keyNames('mod+Enter')}>
            <Button type="submit" loading={add.isPending} disabled={message.trim() === ''}>
              Comment
            </Button>
          </Tooltip>
        </div>
      </form>
      {activity.isPending ? (
        <Waiting />
      ) : activity.isError ? (
        <Failure error={activity.error} retry={() => void activity.refetch()} />
      ) : (
        <ol className={styles.list}>
          {[...activity.data].reverse().map((entry) => {
            const { change } = entry
            const comment =
              change.kind === 'added' && change.what === 'comment'
                ? incident.comments.find(({ id }) => id === change.id)
                : undefined
            return (
              <li key={entry.id} className={styles.entry}>
                <span className={styles.icon}>
                  <Icon name={ACTOR_ICONS[entry.actor.kind]} size={13} />
                </span>
                <div className={styles.what}>
                  <span>
                    <b>{entry.actor.name}</b> {changeText(entry)}
                  </span>
                  {comment && (
                    <div className={styles.comment}>
                      {comment.message}
                      <Tooltip label="Delete the comment">
                        <ActionIcon
                          size={20}
                          className={styles.delete}
                          aria-label="Delete the comment"
                          onClick={() => remove.mutate(comment.id)}
                        >
                          <Icon name="trash" size={13} />
                        </ActionIcon>
                      </Tooltip>
                    </div>
                  )}
                </div>
                <span className={styles.when}>
                  <Time iso={entry.time} as="ago" />
                </span>
              </li>
            )
          })}
        </ol>
      )}
    </Panel>
  )
}
