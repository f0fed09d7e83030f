/** The recorded sessions of content/samples, folded, for tests. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LogSessions } from './input/log.js'
import { SessionsView } from './view/sessions-view.js'

export const SAMPLES = [
  'ssh-session-raw',
  'ssh-session-enriched',
  'admin-day',
  'intrusion',
  'line-editing',
  'persistence',
  'tamper',
] as const

export const samplePath = (name: string): string =>
  fileURLToPath(new URL(`../../../content/samples/${name}`, import.meta.url))

export function foldText(text: string | Uint8Array, reveal = false, computer = 'host'): LogSessions {
  const log = new LogSessions({ computer, reveal })
  log.push(typeof text === 'string' ? Buffer.from(text) : text)
  log.end()
  return log
}

export function sampleSessions(name: string, reveal = false): SessionsView {
  const log = foldText(readFileSync(samplePath(`${name}.log`)), reveal, name)
  return new SessionsView(log.fold, { reveal })
}
