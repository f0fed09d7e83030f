/**
 * KQL's names, types and errors in the browser: the same compiler as the server's, so that what the editor underlines is
 * what the server would refuse, and what it offers is what runs.
 */
import './language-scripts'
import { completions, type DatabaseSchema, diagnostics, format, hover, signature, tokens } from '@auspex/kql'
import type { Question, Reply, Services } from './protocol'

let schema: DatabaseSchema = { name: 'auspex', tables: [] }

const SERVICES: { [S in keyof Services]: (text: string, position: number) => Services[S] } = {
  completions: (text, position) => completions(text, position, schema),
  hover: (text, position) => hover(text, position, schema),
  signature: (text, position) => signature(text, position, schema),
  format: (text) => format(text, schema),
  diagnostics: (text) => (text.trim() === '' ? [] : diagnostics(text, { schema, now: 0n })),
  tokens: (text) => tokens(text, schema),
}

const reply = (message: Reply) => postMessage(message)

addEventListener('message', ({ data }: MessageEvent<Question>) => {
  if ('schema' in data) {
    schema = data.schema
    return
  }
  const { id, service, text, position } = data
  try {
    reply({ id, answer: SERVICES[service](text, position) })
  } catch (error) {
    reply({ id, failure: (error as Error).message })
  }
})
