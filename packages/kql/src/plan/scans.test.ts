import { describe, expect, it } from 'vitest'
import { compile } from '../compile.js'

const schema = {
  name: 'd',
  tables: ['T', 'U'].map((name) => ({
    name,
    columns: [
      { name: 'TimeGenerated', type: 'datetime' as const },
      { name: 'Id', type: 'string' as const },
      { name: 'N', type: 'long' as const },
    ],
  })),
}
const NOW = 639_000_000_000_000_000n
const needs = (text: string) =>
  compile(text, { schema, now: NOW }).needs.map(({ table, bounds }) => [table, Object.fromEntries(bounds)])

describe('needs', () => {
  it('are the conditions right above a scan', () => {
    expect(
      needs(
        'T | where TimeGenerated > ago(1s) and Id in ("a", "b") | extend x = N | where N between (1 .. 5)',
      ),
    ).toEqual([
      [
        'T',
        {
          TimeGenerated: { from: NOW - 10_000_000n + 1n },
          Id: { oneOf: ['a', 'b'] },
          N: { from: 1n, to: 5n },
        },
      ],
    ])
  })

  it('are none where a condition is but one of two, of another column, or above a limit', () => {
    expect(needs('T | where Id == "a" or N > 3')).toEqual([['T', {}]])
    expect(needs('T | where Id =~ "a" | where N > strlen(Id)')).toEqual([['T', {}]])
    expect(needs('T | take 5 | where N > 3')).toEqual([['T', {}]])
    expect(needs('T | extend N = N + 1 | where N > 3')).toEqual([['T', {}]])
  })

  it('hold for every scan of a table', () => {
    expect(needs('T | where N >= 3 and Id == "a" | join (T | where N >= 2 and N < 9) on Id')).toEqual([
      ['T', { N: { from: 2n } }],
    ])
    expect(needs('T | where Id in ((U | where N == 7 | project Id))')).toEqual([
      ['U', { N: { from: 7n, to: 7n } }],
      ['T', {}],
    ])
    expect(needs('let x = toscalar(T | where N > 1 | count); T | where N > x')).toEqual([['T', {}]])
  })
})
