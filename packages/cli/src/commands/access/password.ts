/** A password: asked for on a terminal, without echo; in a pipe the first line of standard input. */
import { CliError, type Effects } from '../../effects.js'

const MAX_LINE = 4096

export async function readPassword(question: string, effects: Effects): Promise<string> {
  if (effects.askSecret !== undefined) {
    const password = await effects.askSecret(question)
    if ((await effects.askSecret('Again')) === password) return password
    throw new CliError('the two were not the same: nothing was changed')
  }
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of effects.input) {
    chunks.push(chunk)
    size += chunk.length
    if (chunk.includes(0x0a) || size > MAX_LINE) break
  }
  return Buffer.concat(chunks).toString('utf8').split('\n', 1)[0]!.replace(/\r$/, '')
}
