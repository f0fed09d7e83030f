/** Playbooks of an incident: those that can be run, and what became of those that were. */
import { Button } from '@mantine/core'
import type { Incident } from '../api/incidents'
import { useMay } from '../api/me'
import { type PlaybookRun, usePlaybookRuns, usePlaybooks, useRunPlaybook } from '../api/playbooks'
import { Icon } from '../design/icons'
import { Panel } from '../design/panel'
import { Time } from '../design/time'
import styles from './playbooks.module.css'

const WORDS: Readonly<Record<PlaybookRun['state'], string>> = {
  queued: 'waits',
  succeeded: 'done',
  failed: 'failed',
}

export function Playbooks({ incident: { number } }: { incident: Incident }) {
  const playbooks = usePlaybooks()
  const runs = usePlaybookRuns(number)
  const run = useRunPlaybook(number)
  const mayRespond = useMay('respond')
  const mayRead = useMay('administer')
  const all = playbooks.data ?? []
  return (
    <Panel title="Playbooks">
      {all.length === 0 && (
        <p className={styles.hint}>
          None yet. <code>auspex playbooks add FILE.yaml</code> makes one: a webhook, a program, mail, chat,
          or the investigation package.
        </p>
      )}
      {mayRespond && all.length > 0 && (
        <div className={styles.buttons}>
          {all.map(({ id, name, description }) => (
            <Button
              key={id}
              variant="default"
              size="compact-sm"
              title={description}
              leftSection={<Icon name="playbook" size={12} />}
              loading={run.isPending && run.variables === id}
              onClick={() => run.mutate(id)}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
      {(runs.data?.length ?? 0) > 0 && (
        <ul className={styles.runs}>
          {runs
            .data!.slice(0, 10)
            .map(({ id, playbookName, state, createdTime, requestedBy, attempts, file }) => (
              <li key={id}>
                <span>
                  <b>{playbookName}</b> <span data-state={state}>{WORDS[state]}</span>
                </span>
                <span className={styles.hint}>
                  <Time iso={createdTime} as="ago" /> for {requestedBy}
                </span>
                {attempts.at(-1)?.ok === false && (
                  <span className={styles.hint}>{attempts.at(-1)!.message}</span>
                )}
                {file !== null && mayRead && (
                  <a href={`/api/playbook-runs/${id}/package`} download={file}>
                    Download the package
                  </a>
                )}
              </li>
            ))}
        </ul>
      )}
    </Panel>
  )
}
