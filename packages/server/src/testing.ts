/** A real workspace in a folder of its own, with a real session in it, behind both doors: for tests. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { compile, completions, diagnostics, format, hover, signature, tokens } from '@auspex/kql'
import type { Tell } from './compile/compiler.js'
import type { EditorAnswers } from './compile/protocol.js'
import { createApp, type DoorOptions } from './doors/app.js'
import type { NewToken } from './identity/identity.js'
import { Workspace } from './workspace.js'

const tell: Tell = async (ask, text, position, { schema, now }) => {
  const answers: { [K in keyof EditorAnswers]: () => EditorAnswers[K] } = {
    completions: () => completions(text, position, schema),
    hover: () => hover(text, position, schema),
    signature: () => signature(text, position, schema),
    tokens: () => tokens(text, schema),
    format: () => format(text, schema),
    diagnostics: () => diagnostics(text, { schema, now }),
  }
  return answers[ask]()
}

const content = (path: string) => fileURLToPath(new URL(`../../../content/${path}`, import.meta.url))

export const SAMPLE = content('samples/ssh-session-enriched.log')

export async function openTestWorkspace(now: () => Date = () => new Date('2026-11-22T22:00:00Z')) {
  const directory = await mkdtemp(join(tmpdir(), 'auspex-doors-'))
  const workspace = await Workspace.open({
    directory,
    content: {
      rules: content('analytics'),
      functions: content('functions'),
      exploration: content('exploration'),
      tables: content('tables/sentinel.json'),
    },
    compile: async (text, options) => compile(text, options),
    tell,
    now,
    newId: randomUUID,
    randomBytes,
    hostName: 'test-host',
  })
  await workspace.import(SAMPLE, { computer: 'web-1' })
  const options: DoorOptions = { workspace, version: '0.0.0', hostName: 'test-host', now, door: 'tcp' }
  const tcp = createApp(options)
  const local = createApp({ ...options, door: 'local' })
  return {
    directory,
    workspace,
    options,
    tcp,
    local,
    /** The header that a new token is sent in. */
    async authorization(wanted: Omit<NewToken, 'name'>): Promise<{ authorization: string }> {
      const { secret } = await workspace.identity.createToken({ name: 'test', ...wanted }, 'test')
      return { authorization: `Bearer ${secret}` }
    },
    async close() {
      await workspace.close()
      await rm(directory, { recursive: true })
    },
  }
}

export const post = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: 'POST',
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
})

// biome-ignore lint/suspicious/noExplicitAny: the tests look at answers of many shapes
export const jsonOf = (answer: Response): Promise<any> => answer.json()
