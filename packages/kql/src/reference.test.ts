import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { inventory } from './front/inventory.js'
import { operators } from './lower/operators/operators.js'
import { refusedOperators } from './lower/operators/refused.js'
import { type RefusedName, referencePage, type SupportedName, supportedKql } from './reference.js'

const PAGE = new URL('../SUPPORTED.md', import.meta.url)

describe('the reference page', () => {
  // UPDATE_REFERENCE=1 npx vitest run packages/kql/src/reference.test.ts writes it anew.
  it('is what the tables say', () => {
    if (process.env.UPDATE_REFERENCE) writeFileSync(PAGE, referencePage())
    expect(readFileSync(PAGE, 'utf8')).toBe(referencePage())
  })

  it('names operators as queries write them, and no internal function', () => {
    const supported = supportedKql()
    expect(supported.operators.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['where', 'mv-expand', 'project-away', 'getschema', 'make-series']),
    )
    const scalars = Object.values(supported.scalars).flat()
    expect(scalars.some(({ name }) => name.startsWith('$'))).toBe(false)
    expect(scalars.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['strlen', 'has', 'bin', 'parse_json']),
    )
  })

  it('has every name that the language service knows, as supported or as refused with a reason', () => {
    const kql = supportedKql()
    const all = inventory()
    const known = (supported: readonly SupportedName[], refused: readonly RefusedName[]) =>
      new Set([
        ...supported.flatMap(({ name, aliases }) => [name, ...aliases]),
        ...refused.map(({ name }) => name),
      ])
    const functions = known(
      [
        ...Object.values(kql.scalars).flat(),
        ...kql.windowFunctions,
        ...kql.specialFunctions,
        ...kql.graphFunctions,
        ...kql.aggregates,
      ],
      kql.refused.functions,
    )
    expect(all.functions.filter((name) => !functions.has(name))).toEqual([])
    expect(all.aggregates.filter((name) => !functions.has(name))).toEqual([])
    const plugins = known(kql.plugins, kql.refused.plugins)
    expect(all.plugins.filter((name) => !plugins.has(name))).toEqual([])
    expect(all.operators.filter((kind) => !(kind in operators) && !(kind in refusedOperators))).toEqual([])
  })

  it('refuses nothing that it supports', () => {
    const { refused, ...kql } = supportedKql()
    const both = (supported: readonly SupportedName[], list: readonly RefusedName[]) =>
      list.filter(({ name }) =>
        supported.some((entry) => entry.name === name || entry.aliases.includes(name)),
      )
    expect(both(kql.operators, refused.operators)).toEqual([])
    expect(both(kql.plugins, refused.plugins)).toEqual([])
    expect(both([...Object.values(kql.scalars).flat(), ...kql.aggregates], refused.functions)).toEqual([])
  })
})
