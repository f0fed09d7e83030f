import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Effects } from '../effects.js'
import { type HostSetupArguments, hostCheck, hostSetup, hostUndo } from './host.js'

const DEBIAN = fileURLToPath(new URL('../../../collect/src/host/cases/debian-12/', import.meta.url))
const RULES = fileURLToPath(new URL('../../../../content/audit-rules/', import.meta.url))

let root: string
let written: string
let complained: string
let effects: Effects
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'auspex-host-'))
  cpSync(DEBIAN, root, { recursive: true })
  written = ''
  complained = ''
  effects = {
    out: output((text) => {
      written += text
    }, 100),
    err: output((text) => {
      complained += text
    }, 100),
    now: () => new Date('2026-01-02T03:04:05Z'),
  } as unknown as Effects
})
afterEach(() => rmSync(root, { recursive: true }))

const sshd = () => readFileSync(join(root, 'etc/pam.d/sshd'), 'utf8')

const setup = (more: Partial<HostSetupArguments>, answer = false) =>
  hostSetup(
    {
      root,
      rulesFolder: RULES,
      yes: false,
      dryRun: false,
      passwords: false,
      pamControl: 'optional',
      plugin: undefined,
      ...more,
    },
    effects,
    { confirm: async () => answer },
  )

const output = (write: (text: string) => void, columns: number | undefined) => ({ write, columns })

describe('auspex host', () => {
  it('checks, and says what to do', async () => {
    expect(await hostCheck({ root, format: 'table' }, effects)).toBe(1)
    expect(written).toContain('warning tty-audit: what people type is not recorded at every door')
    expect(written).toContain('    sshd: keystrokes are not recorded')
    written = ''
    await hostCheck({ root, format: 'json' }, effects)
    expect(JSON.parse(written).counts.error).toBeGreaterThan(0)
  })

  it('does nothing on a dry run, or when told no', async () => {
    const before = sshd()
    expect(await setup({ dryRun: true })).toBe(0)
    expect(written).toContain('+session optional pam_tty_audit.so enable=*')
    expect(await setup({})).toBe(1)
    expect(written).toContain('Nothing was done.')
    expect(sshd()).toBe(before)
  })

  it('sets up once, and undoes', async () => {
    const before = sshd()
    expect(await setup({}, true)).toBe(0)
    expect(sshd()).toContain('pam_tty_audit')
    written = ''
    expect(await setup({ yes: true })).toBe(0)
    expect(written).toContain('nothing to do')
    expect(await hostUndo({ root }, effects)).toBe(0)
    expect(sshd()).toBe(before)
    await expect(hostUndo({ root }, effects)).rejects.toThrow('no setup of Auspex is left to undo')
    expect(complained).toBe('')
  })
})
