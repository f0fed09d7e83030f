/** What the documents tell people to type is there: each `auspex …` line's command, and each of its options. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { Effects } from '../../packages/cli/src/effects.js'
import { createProgram } from '../../packages/cli/src/program.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const documents = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

interface Line {
  readonly words: readonly string[]
  readonly options: readonly string[]
}

/** Lines of shell blocks that run auspex, without what is quoted, piped and said behind `#`. */
function linesOf(text: string): Line[] {
  const blocks = [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.split('\n'))
  return blocks.flatMap((line) => {
    const plain = line
      .replace(/'[^']*'|"[^"]*"/g, "''")
      .replace(/\s#.*$/, '')
      .replace(/[|>].*$/, '')
    const [, rest] = /^(?:sudo )?(?:npx )?auspex (.*)$/.exec(plain.trim()) ?? []
    if (rest === undefined) return []
    const all = rest.split(/\s+/)
    const at = all.findIndex((word) => !/^[a-z][a-z-]*$/.test(word))
    return [
      {
        words: (at < 0 ? all : all.slice(0, at)).slice(0, 2),
        options: all.filter((word) => /^--[a-z]/.test(word)),
      },
    ]
  })
}

async function helpOf(words: readonly string[]): Promise<string> {
  const said: string[] = []
  const out = { write: (text: string) => said.push(text), columns: 100 }
  await createProgram({ out, err: out } as unknown as Effects).run([...words, '--help'])
  return said.join('')
}

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8')

  test('names commands and options that are there', async () => {
    for (const { words, options } of linesOf(text)) {
      const two = await helpOf(words)
      const isTwo = two.startsWith(`Usage: auspex ${words.join(' ')}`)
      const help = isTwo ? two : await helpOf(words.slice(0, 1))
      expect(help, words.join(' ')).toMatch(new RegExp(`^Usage: auspex ${words[0]}\\b`))
      for (const option of options) expect(`${help} --data`, `${words.join(' ')} ${option}`).toContain(option)
    }
  })

  test('links to what is there', () => {
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(resolve(root, dirname(document), target!)), target).toBe(true)
    }
  })
})
