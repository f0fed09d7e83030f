/** What was selected in a session, in full, with its raw records and ways on. */
import { ActionIcon, Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { CommandRecord, LineRecord, SessionFacts } from '../api/sessions'
import { HrefLink } from '../design/href-link'
import { Icon } from '../design/icons'
import { Chip, PersonAs, Who } from '../design/marks'
import { FactRow, Facts } from '../design/panel'
import { Time } from '../design/time'
import { techniqueName } from '../kql/techniques'
import { stringLiteral } from '../kql/text'
import styles from './detail.module.css'
import { RawRecords } from './raw-records'
import { certainty, DOUBTS, ORIGINS, OUTCOMES } from './words'

export interface DetailProps {
  readonly facts: SessionFacts
  readonly id: string
  readonly line: LineRecord | undefined
  readonly command: CommandRecord | undefined
  readonly commands: ReadonlyMap<string, CommandRecord>
  readonly select: (id: string | undefined) => void
}

export function Detail(props: DetailProps) {
  const { facts, id, line, command, select } = props
  const hidden = facts.hidden.find((each) => each.id === id)
  const change = facts.changes.find(({ eventId }) => eventId === id)
  return (
    <aside className={styles.detail} aria-label="Details">
      <div className={styles.bar}>
        <h2>
          {line
            ? 'Typed line'
            : command
              ? 'Command'
              : hidden
                ? 'Hidden input'
                : change
                  ? 'Change of user'
                  : 'Event'}
        </h2>
        <ActionIcon aria-label="Close the details" onClick={() => select(undefined)}>
          <Icon name="close" />
        </ActionIcon>
      </div>
      <div className={styles.body}>
        {line ? (
          <LineDetail {...props} line={line} />
        ) : command ? (
          <CommandDetail {...props} command={command} />
        ) : hidden ? (
          <div className={styles.part}>
            <p>
              {hidden.keys} keys were read by <code>{hidden.reader}</code> on{' '}
              {hidden.terminal || 'no terminal'}, written to the log at{' '}
              <Time iso={hidden.writtenAt} as="full" />.
            </p>
            {hidden.copied > 0 && (
              <p className={styles.soft}>
                {hidden.copied} of them were also read by {hidden.copyOf.join(', ') || 'another program'}, and
                are shown there.
              </p>
            )}
            <p className={styles.soft}>
              What other programs than shells read may be passwords, and is not shown.
            </p>
          </div>
        ) : change ? (
          <div className={styles.part}>
            <Facts>
              <FactRow name="Who">
                <PersonAs person={change.from} as={change.to} />
              </FactRow>
              <FactRow name="How">
                <code>{change.how}</code>
              </FactRow>
              <FactRow name="Result">
                {change.succeeded ? 'allowed' : <Chip tone="bad">refused</Chip>}
              </FactRow>
              {change.commandLine !== '' && (
                <FactRow name="To run">
                  <code>{change.commandLine}</code>
                </FactRow>
              )}
              <FactRow name="When">
                <Time iso={change.time} as="full" />
              </FactRow>
            </Facts>
          </div>
        ) : null}
        {/\/\d+\.\d+:\d+$/.test(id) && <RawRecords eventId={id} />}
      </div>
    </aside>
  )
}

function Ways({ children }: { children: ReactNode }) {
  return <div className={styles.ways}>{children}</div>
}

function NewRule({ query }: { query: string }) {
  return (
    <Button
      component={HrefLink}
      href={`/analytics/new?${new URLSearchParams({ q: query })}`}
      variant="default"
      size="compact-sm"
      leftSection={<Icon name="analytics" size={13} />}
    >
      Make a rule from this
    </Button>
  )
}

function LineDetail({ line, commands, select }: DetailProps & { line: LineRecord }) {
  const outcome = OUTCOMES[line.outcome]
  const started = line.commands.flatMap((id) => commands.get(id) ?? [])
  const words = line.text.trim().split(/\s+/).slice(0, 3).join(' ')
  const rule = `AuditKeystroke
| where Text has ${stringLiteral(words)}
| project TimeGenerated, Computer, AuditUser, User, Text, Outcome`
  return (
    <>
      <pre className={styles.code}>{line.text}</pre>
      {line.masked && <p className={styles.soft}>A secret in it is masked.</p>}
      <Ways>
        <NewRule query={rule} />
      </Ways>
      <div className={styles.part}>
        <Facts>
          <FactRow name="By">
            <Who name={line.user} /> in <code>{line.reader}</code>{' '}
            <span className={styles.soft}>pid {line.pid}</span> <span className="fact">{line.terminal}</span>
          </FactRow>
          <FactRow name="Outcome">
            <Chip {...(outcome.tone && { tone: outcome.tone })}>{outcome.label}</Chip>{' '}
            <span className={styles.soft}>{certainty(line.confidence)}</span>
            <div className={styles.soft}>{outcome.text}</div>
          </FactRow>
          <FactRow name="When">
            {line.time === null ? (
              <>
                between <Time iso={line.after} as="full" /> and <Time iso={line.before} as="full" />
                <div className={styles.soft}>
                  Keys have no times of their own: the kernel writes them out later, often at logout. Nothing
                  that it started tells more.
                </div>
              </>
            ) : (
              <>
                <Time iso={line.time} as="full" />
                <div className={styles.soft}>
                  {line.timeOf === 'command'
                    ? 'when the first command that it started ran'
                    : line.timeOf === 'file'
                      ? 'when the shell opened a file for it'
                      : 'as the shell reported the line'}
                </div>
              </>
            )}
          </FactRow>
          {line.doubts.length > 0 && (
            <FactRow name="Doubts">
              {line.doubts.map((doubt) => (
                <div key={doubt}>{DOUBTS[doubt]}</div>
              ))}
            </FactRow>
          )}
          {line.injected && (
            <FactRow name="Injected">
              <Chip tone="bad">put into the terminal by a program</Chip>
            </FactRow>
          )}
          {line.relays.length > 0 && <FactRow name="Passed on by">{line.relays.join(', ')}</FactRow>}
        </Facts>
      </div>
      <div className={styles.part}>
        <h3 className={styles.heading}>It started</h3>
        {started.length === 0 ? (
          <p className={styles.soft}>nothing that is in the log</p>
        ) : (
          <ul className={styles.started}>
            {started.map((command) => (
              <li key={command.id}>
                <button type="button" onClick={() => select(command.id)}>
                  {command.commandLine}
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  )
}

function CommandDetail({ facts, command, select }: DetailProps & { command: CommandRecord }) {
  const origin = ORIGINS[command.origin]
  const rule = `AuditEvent
| where Category == "process" and Action == "execute"
| where ProcessName == ${stringLiteral(command.name)} and CommandLine has ${stringLiteral(command.arguments.slice(0, 2).join(' ') || command.name)}
| project TimeGenerated, Computer, AuditUser, EffectiveUser, CommandLine, WorkingDirectory, SessionId`
  return (
    <>
      <pre className={styles.code}>{command.commandLine}</pre>
      <Ways>
        <NewRule query={rule} />
        {command.line !== null && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<Icon name="keyboard" size={13} />}
            onClick={() => select(command.line!)}
          >
            The line that started it
          </Button>
        )}
      </Ways>
      <div className={styles.part}>
        <Facts>
          <FactRow name="Who">
            <PersonAs person={facts.session.user} as={command.effectiveUser || command.user} />
          </FactRow>
          <FactRow name="When">
            <Time iso={command.time} as="full" />
          </FactRow>
          <FactRow name="Why">
            <Chip {...(origin.tone && { tone: origin.tone })}>{origin.label}</Chip>
            <div className={styles.soft}>{origin.text}</div>
          </FactRow>
          <FactRow name="Result">
            {command.failed ? <Chip tone="bad">failed</Chip> : 'started'}
            {command.exitCode !== null && command.failed && (
              <span className={styles.soft}> exit {command.exitCode}</span>
            )}
          </FactRow>
          <FactRow name="Executable">
            <code>{command.executable}</code>
          </FactRow>
          <FactRow name="In">
            <code>{command.directory}</code>
          </FactRow>
          <FactRow name="Process">
            <span className="fact">
              {command.pid} <span className={styles.soft}>of {command.ppid ?? '?'}</span>
            </span>
          </FactRow>
          <FactRow name="Ancestors">
            <span className="fact">{command.ancestors.join(' › ')}</span>
          </FactRow>
          {command.keys.length > 0 && (
            <FactRow name="Audit keys">
              <span className="fact">{command.keys.join(' ')}</span>
            </FactRow>
          )}
          {command.techniques.length > 0 && (
            <FactRow name="Techniques">
              {command.techniques.map((id) => (
                <div key={id}>
                  <code>{id}</code> {techniqueName(id)}
                </div>
              ))}
            </FactRow>
          )}
        </Facts>
      </div>
    </>
  )
}
