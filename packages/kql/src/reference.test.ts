import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { referencePage, supportedKql } from './reference.js'

const PAGE = new URL('../SUPPORTED.md', import.meta.url)

describe('the reference page', () => {
  // UPDATE_REFERENCE=1 npx vitest run packages/kql/src/reference.test.ts writes it anew.
  it('is what the tables say', () => {
    if (process.env.UPDATE_REFERENCE) writeFileSync(PAGE, referencePage())
    expect(readFileSync(PAGE, 'utf8')).toBe(referencePage())
  })

  it('names operators as queries write them, and no internal function', () => {
    const supported = supportedKql()
    expect(supported.operators).toEqual(
      expect.arrayContaining(['where', 'mv-expand', 'project-away', 'getschema', 'make-series']),
    )
    const scalars = Object.values(supported.scalars).flat()
    expect(scalars.some(({ name }) => name.startsWith('$'))).toBe(false)
    expect(scalars.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['strlen', 'has', 'bin', 'parse_json']),
    )
  })
})
