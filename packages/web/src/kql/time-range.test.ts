import { expect, test } from 'vitest'
import { labelOf, parseRange, timespanOf } from './time-range'

const NOW = Date.parse('2026-11-22T12:00:00Z')

test('presets end now', () => {
  expect(parseRange('30m', NOW)).toEqual({ from: NOW - 1_800_000, to: NOW })
  expect(timespanOf('1h', NOW)).toBe('2026-11-22T11:00:00.000Z/2026-11-22T12:00:00.000Z')
  expect(timespanOf('all', NOW)).toBeUndefined()
})

test('two times are a range', () => {
  const text = '2026-11-01T00:00:00Z..2026-11-02T00:00:00Z'
  expect(timespanOf(text, NOW)).toBe('2026-11-01T00:00:00.000Z/2026-11-02T00:00:00.000Z')
  expect(labelOf(text)).toBe('2026-11-01 00:00 – 2026-11-02 00:00')
})

test.each(['', '1x', '2026..', 'x..y', '2026-11-02T00:00:00Z..2026-11-01T00:00:00Z'])(
  '%j is none',
  (text) => {
    expect(parseRange(text, NOW)).toBeUndefined()
  },
)
