/** The worker that knows KQL, from the page's side: started once, and anew if a text keeps it busy for too long. */
import type { DatabaseSchema } from '@auspex/kql'
import type { Question, Reply, Service, Services } from './protocol'

const DEADLINE_MS = 15_000

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: Error) => void
  readonly timer: number
}

let worker: Worker | undefined
let schema: DatabaseSchema | undefined
let next = 1
const waiting = new Map<number, Waiting>()

function running(): Worker {
  if (worker) return worker
  worker = new Worker(new URL('./kql.worker.ts', import.meta.url), { type: 'module' })
  worker.addEventListener('message', ({ data }: MessageEvent<Reply>) => {
    const asked = waiting.get(data.id)
    if (!asked) return
    waiting.delete(data.id)
    clearTimeout(asked.timer)
    if ('answer' in data) asked.resolve(data.answer as never)
    else asked.reject(new Error(data.failure))
  })
  worker.addEventListener('error', (event) => end(new Error(event.message)))
  if (schema) worker.postMessage({ schema } satisfies Question)
  return worker
}

function end(error: Error): void {
  worker?.terminate()
  worker = undefined
  for (const { reject, timer } of waiting.values()) {
    clearTimeout(timer)
    reject(error)
  }
  waiting.clear()
}

export function setLanguageSchema(next: DatabaseSchema): void {
  if (schema === next) return
  schema = next
  running().postMessage({ schema } satisfies Question)
}

export function ask<S extends Service>(service: S, text: string, position = 0): Promise<Services[S]> {
  const id = next++
  return new Promise((resolve, reject) => {
    const timer = window.setTimeout(() => end(new Error('the text takes too long to read')), DEADLINE_MS)
    waiting.set(id, { resolve, reject, timer })
    running().postMessage({ id, service, text, position } satisfies Question)
  })
}
