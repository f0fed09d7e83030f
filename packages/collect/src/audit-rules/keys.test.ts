import { RENUMBERED_IN_19, RETIRED, TECHNIQUES } from '@auspex/attack'
import { describe, expect, it } from 'vitest'
import { techniquesOf } from './keys.js'

describe('the technique of a key', () => {
  it.each([
    ['T1166_Seuid_and_Setgid', ['T1548.001'], 'revoked'],
    ['T1169_Sudo', ['T1548.003'], 'revoked'],
    ['T1043_Commonly_Used_Port', ['T1571'], 'deprecated'],
    ['T1016_System_Network_Configuration_Discovery', ['T1016'], 'current'],
    ['TT1087_Account_Discovery', ['T1087'], 'current'],
    ['t1548.001_setuid', ['T1548.001'], 'current'],
    ['T1059_004_Unix_Shell', ['T1059.004'], 'current'],
    ['T9999_Nothing', [], 'unknown'],
  ])('%s: %j', (key, current, state) => {
    expect(techniquesOf(key)).toEqual([expect.objectContaining({ current, state })])
  })

  it('is none where the key names none', () => {
    for (const key of ['susp_shell', 'KEXEC', 'ST1000', 'T12345']) expect(techniquesOf(key)).toEqual([])
  })

  it('is the number of version 19 for who asks', () => {
    expect(techniquesOf('T1054_Indicator_Blocking', '19')[0]?.current).toEqual(['T1685'])
    expect(techniquesOf('T1562.012_audit', '19')[0]?.current).toEqual(['T1685.004'])
  })
})

describe('the table of retired techniques', () => {
  it('leads to techniques that exist, from ids that do not', () => {
    for (const [id, { now }] of RETIRED) {
      expect(TECHNIQUES.has(id), id).toBe(false)
      for (const current of now) expect(TECHNIQUES.has(current), current).toBe(true)
    }
    for (const id of RENUMBERED_IN_19.keys()) expect(TECHNIQUES.has(id), id).toBe(true)
  })
})
