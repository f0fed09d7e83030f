/** Who you are here, and your password. */
import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { api } from '../api/client'
import { useMe, useSignOut } from '../api/me'
import { notify, notifyFailure } from '../design/notices'
import { FactRow, Facts, Panel } from '../design/panel'
import styles from './settings-page.module.css'

const ROLES: Readonly<Record<string, string>> = {
  reader: 'reader: looks at everything',
  responder: 'responder: works on incidents',
  contributor: 'contributor: changes rules and watchlists, too',
  admin: 'administrator: says who may enter, too',
}

export function Account() {
  const me = useMe()
  const signOut = useSignOut()
  const [before, setBefore] = useState('')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    try {
      await api('/api/me/password', { method: 'POST', body: { password: before, newPassword: next } })
      notify('The password was changed; sign in with it')
      await signOut()
    } catch (error) {
      notifyFailure(error, 'The password was not changed')
    }
  }
  return (
    <>
      <Panel title="You">
        <Facts>
          <FactRow name="Name">{me.name}</FactRow>
          <FactRow name="Role">{ROLES[me.role ?? ''] ?? 'none'}</FactRow>
          <FactRow name="Server">
            Auspex {me.server.version} on <span className="fact">{me.server.host}</span>
          </FactRow>
          <FactRow name="Workspace">
            <span className="fact">{me.server.workspace}</span>
          </FactRow>
        </Facts>
      </Panel>
      {me.kind === 'user' ? (
        <Panel title="Password">
          <form className={styles.form} onSubmit={(event) => void submit(event)}>
            <PasswordInput
              label="Password now"
              autoComplete="current-password"
              value={before}
              onChange={(event) => setBefore(event.currentTarget.value)}
            />
            <PasswordInput
              label="New password"
              autoComplete="new-password"
              value={next}
              onChange={(event) => setNext(event.currentTarget.value)}
            />
            <PasswordInput
              label="New password again"
              autoComplete="new-password"
              value={again}
              error={again !== '' && again !== next ? 'is not the same' : undefined}
              onChange={(event) => setAgain(event.currentTarget.value)}
            />
            <div className={styles.buttons}>
              <Button type="submit" disabled={before === '' || next === '' || next !== again}>
                Change the password
              </Button>
            </div>
          </form>
        </Panel>
      ) : (
        <p className={styles.soft}>You came by a link of the host; only users have passwords.</p>
      )}
    </>
  )
}
