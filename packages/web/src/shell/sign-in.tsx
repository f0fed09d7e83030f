/** What stands in the place of the pages when the server says that nobody is signed in. */
import { Button, PasswordInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { Mark } from '../design/icons'
import styles from './sign-in.module.css'

export function SignIn() {
  const [token, setToken] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The door takes the token out of the address, keeps it in a cookie that scripts can not read, and comes back here.
    const url = new URL(location.href)
    url.searchParams.set('token', token.trim())
    location.assign(url)
  }
  return (
    <main className={styles.place}>
      <form className={styles.card} onSubmit={submit}>
        <Mark size={36} />
        <h1 className={styles.title}>Sign in to Auspex</h1>
        <p className={styles.text}>
          Open the address that <code>auspex up</code> printed, or paste the token that stands in it. It is
          also in the file <code>token</code> of the data folder.
        </p>
        <PasswordInput
          label="Token"
          size="sm"
          value={token}
          onChange={(event) => setToken(event.currentTarget.value)}
          autoComplete="current-password"
          data-autofocus
        />
        <Button type="submit" size="sm" disabled={token.trim() === ''}>
          Sign in
        </Button>
      </form>
    </main>
  )
}
