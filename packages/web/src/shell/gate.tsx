/** Shows the pages to who is signed in. */
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { ApiError, onSignedOut } from '../api/client'
import { useMeQuery } from '../api/me'
import { Failure } from '../design/states'
import { SignIn } from './sign-in'

export function Gate({ children }: { children: ReactNode }) {
  const me = useMeQuery()
  const [out, setOut] = useState(false)
  const queries = useQueryClient()
  useEffect(
    () =>
      onSignedOut(() => {
        // What was loaded for the one who left is not for the next.
        queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
        setOut(true)
      }),
    [queries],
  )
  const signedOut = out || (me.error instanceof ApiError && me.error.status === 401)
  if (signedOut) {
    return (
      <SignIn
        done={(who) => {
          queries.setQueryData(['me'], who)
          setOut(false)
        }}
      />
    )
  }
  if (me.isError) return <Failure error={me.error} retry={() => void me.refetch()} />
  // Nothing is shown for the moment that it takes to know who asks: pages would only flash.
  return me.data ? children : null
}
