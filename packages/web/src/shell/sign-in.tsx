/** What stands in the place of the pages when the server says that nobody is signed in. */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type Me, signIn } from '../api/me'
import { Icon, Mark } from '../design/icons'
import styles from './sign-in.module.css'

export function SignIn({ done }: { done: (me: Me) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [failure, setFailure] = useState<string>()
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setBusy(true)
    setFailure(undefined)
    try {
      done(await signIn(name.trim(), password))
    } catch (error) {
      setFailure((error as Error).message)
      setPassword('')
    } finally {
      setBusy(false)
    }
  }
  return (
    <main className={styles.place}>
      <form className={styles.card} onSubmit={(event) => void submit(event)}>
        <Mark size={36} />
        <h1 className={styles.title}>Sign in to Auspex</h1>
        {failure !== undefined && (
          <p className={styles.failure} role="alert">
            <Icon name="error" size={14} /> {failure}
          </p>
        )}
        <TextInput
          label="Name"
          size="sm"
          autoComplete="username"
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          size="sm"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" loading={busy} disabled={name.trim() === '' || password === ''}>
          Sign in
        </Button>
        <p className={styles.text}>
          No user yet? Open the address that <code>auspex up</code> printed on the host: it signs in as
          administrator, who makes users under Settings.
        </p>
      </form>
    </main>
  )
}
