import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Effects } from '../effects.js'
import { rulesLint } from './rules-lint.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'auspex-lint-'))
  writeFileSync(
    join(folder, 'a.rules'),
    '-w /etc/crontab -p wa -k T1168_Jobs\n-a always,exit -F arch=b64 -S opne\n',
  )
})
afterAll(() => rmSync(folder, { recursive: true }))

async function lint(severity: 'error' | undefined, format: 'text' | 'json') {
  let written = ''
  const out = output((text) => {
    written += text
  }, undefined)
  const files = [join(folder, 'a.rules')]
  const exit = await rulesLint({ files, format, severity, onThisHost: false }, { out } as unknown as Effects)
  return { exit, written: written.replaceAll(`${folder}/`, '') }
}

const output = (write: (text: string) => void, columns: number | undefined) => ({ write, columns })

describe('auspex rules lint', () => {
  it('shows the place, the word and what to do', async () => {
    const { exit, written } = await lint('error', 'text')
    expect(exit).toBe(1)
    expect(written).toBe(
      [
        'a.rules:2:31: error syscall-unknown: x86_64 has no system call opne',
        '  -a always,exit -F arch=b64 -S opne',
        `  ${' '.repeat(30)}^^^^`,
        '  → ausyscall --dump lists them',
        '',
        '1 errors, 0 warnings, 0 notes',
        '',
      ].join('\n'),
    )
  })

  it('is JSON for programs', async () => {
    const found = JSON.parse((await lint(undefined, 'json')).written) as { check: string }[]
    expect(found.map(({ check }) => check)).toEqual(['watch-old', 'key-technique-retired', 'syscall-unknown'])
  })
})
