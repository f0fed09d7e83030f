import { expect, test } from 'vitest'
import { linkOf, packed, queryOf, unpacked } from './link'

test('a short query stands in the address as it is, a long one packed, and both come back', async () => {
  const short = 'LinuxAuditLog_CL\n| where a0_s == "ünïcode"'
  expect(await linkOf(short, '24h')).toEqual({ q: short, t: '24h' })
  const long = `${short}\n${'| extend x = strcat(a0_s, " ", a1_s)\n'.repeat(80)}`
  const link = await linkOf(long, '1h')
  expect(link.q).toBeUndefined()
  expect(link.z!.length).toBeLessThan(400)
  expect(await queryOf(link)).toBe(long)
})

test('what is no packed text is none', async () => {
  expect(await unpacked('***')).toBeUndefined()
  expect(await unpacked('AAAA')).toBeUndefined()
  expect(await unpacked(await packed('x'))).toBe('x')
})
