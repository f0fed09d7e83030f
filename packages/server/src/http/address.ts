import { getConnInfo } from '@hono/node-server/conninfo'
import type { Context } from 'hono'

/** The peer's address, as the socket has it; headers that anybody can write are not believed. */
export function addressOf(context: Context): string {
  try {
    return getConnInfo(context).remote.address ?? 'local'
  } catch {
    // A request without a socket, in a test.
    return 'local'
  }
}
