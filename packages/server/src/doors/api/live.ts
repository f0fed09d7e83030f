/** Server-sent events: what happens, as it happens. */
import { streamSSE } from 'hono/streaming'
import { type Endpoint, endpoint } from '../../http/endpoint.js'
import { TooManyRequestsError } from '../../identity/errors.js'
import type { Live, NumberedEvent } from '../../live.js'

const PING_MS = 20_000
const MOST_LISTENERS = 200
/** A listener that does not read is let go; its browser comes back and asks for what it missed. */
const MOST_WAITING = 1000

export function liveEndpoints(live: Live): Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/events',
      permission: 'read',
      summary:
        'Server-sent events `incident`, `run`, `ingested` and `ping`; `Last-Event-ID` tells those that were missed.',
      handle({ context }) {
        if (live.listeners >= MOST_LISTENERS) {
          throw new TooManyRequestsError('too many pages listen: close some', 30)
        }
        const last = Number(context.req.header('last-event-id') ?? Number.NaN)
        return streamSSE(context, async (stream) => {
          const waiting: NumberedEvent[] = []
          let wake: () => void = () => {}
          const stop = live.listen(
            (event) => {
              waiting.push(event)
              wake()
            },
            Number.isInteger(last) ? last : undefined,
          )
          stream.onAbort(() => wake())
          try {
            while (!stream.aborted && waiting.length < MOST_WAITING) {
              for (const { id, event } of waiting.splice(0)) {
                await stream.writeSSE({ id: String(id), event: event.kind, data: JSON.stringify(event) })
              }
              let timer: NodeJS.Timeout | undefined
              const isQuiet = await new Promise<boolean>((done) => {
                wake = () => done(false)
                timer = setTimeout(() => done(true), PING_MS)
                if (waiting.length > 0 || stream.aborted) done(false)
              })
              clearTimeout(timer)
              if (isQuiet) await stream.writeSSE({ event: 'ping', data: '{}' })
            }
          } finally {
            stop()
          }
        })
      },
    }),
  ]
}
