/** A page that is not there, and one that broke. */
import { Button } from '@mantine/core'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Empty, Failure } from '../design/states'

export function PageMissing() {
  return (
    <Empty
      icon="search"
      title="Nothing is at this address"
      action={
        <Button component={Link} to="/" variant="default">
          Go to the overview
        </Button>
      }
    >
      The link may be old, or a letter of it is missing.
    </Empty>
  )
}

export function PageFailure({ error, reset }: ErrorComponentProps) {
  return <Failure error={error} title="This page broke" retry={reset} />
}
