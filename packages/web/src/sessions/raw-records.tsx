/** The records of an event as the kernel wrote them. */
import { Button } from '@mantine/core'
import { copyText } from '../design/clipboard'
import { HrefLink } from '../design/href-link'
import { logsHref } from '../design/hrefs'
import { Icon } from '../design/icons'
import { Empty, Failure, Waiting } from '../design/states'
import { useKql } from '../kql/ask'
import { stringLiteral } from '../kql/text'
import styles from './raw-records.module.css'

/** `web-1/1795766123.304:2699` is the event 1795766123.304:2699 of web-1. */
export function recordsQuery(eventId: string): string | undefined {
  const match = /^(.*)\/(\d+\.\d+:\d+)$/.exec(eventId)
  if (!match) return undefined
  return `LinuxAuditLog_CL
| where AuditID_s == ${stringLiteral(match[2]!)} and Computer == ${stringLiteral(match[1]!)}
| project RecordType_s, RawData`
}

export function RawRecords({ eventId }: { eventId: string }) {
  const query = recordsQuery(eventId)
  const rows = useKql(query ?? '', 'all', query !== undefined)
  if (query === undefined) return null
  const text = (rows.data ?? []).map((row) => String(row.RawData)).join('\n')
  return (
    <section className={styles.records} aria-label="Raw records">
      <div className={styles.bar}>
        <h3>Raw records</h3>
        <Button
          component={HrefLink}
          href={logsHref(query)}
          variant="subtle"
          size="compact-xs"
          leftSection={<Icon name="logs" size={12} />}
        >
          In Logs
        </Button>
        <Button
          variant="subtle"
          size="compact-xs"
          leftSection={<Icon name="copy" size={12} />}
          disabled={text === ''}
          onClick={() => void copyText(text)}
        >
          Copy
        </Button>
      </div>
      {rows.isPending ? (
        <Waiting lines={3} />
      ) : rows.isError ? (
        <Failure error={rows.error} />
      ) : rows.data.length === 0 ? (
        <Empty title="The records are not in the store any more" />
      ) : (
        <pre className={styles.text}>{text}</pre>
      )}
    </section>
  )
}
