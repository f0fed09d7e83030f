/** Shows the pages to who is signed in. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { onSignedOut } from '../api/client'
import { SignIn } from './sign-in'

export function Gate({ children }: { children: ReactNode }) {
  const [out, setOut] = useState(false)
  const queries = useQueryClient()
  useEffect(
    () =>
      onSignedOut(() => {
        // What was loaded for the one who left is not for the next.
        queries.clear()
        setOut(true)
      }),
    [queries],
  )
  return out ? <SignIn /> : children
}
