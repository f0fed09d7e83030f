import { expect, test } from 'vitest'
import { bytes, count, duration, fullTime, plural, relative } from './format'

test('numbers', () => {
  expect(count(1234567)).toBe('1,234,567')
  expect(plural(1, 'row')).toBe('1 row')
  expect(plural(2, 'query', 'queries')).toBe('2 queries')
  expect([0, 999, 1500, 12_345_678, 250_000_000].map(bytes)).toEqual([
    '0 B',
    '999 B',
    '1.5 KB',
    '12.3 MB',
    '250 MB',
  ])
})

test('durations', () => {
  expect([0.2, 12, 3400, 59_000, 125_000, 3_600_000, 90_000_000].map(duration)).toEqual([
    '< 1 ms',
    '12 ms',
    '3.4 s',
    '59 s',
    '2 min 5 s',
    '1 h',
    '1 d 1 h',
  ])
})

test('a time keeps the digits that it has', () => {
  expect(fullTime('2026-11-22T21:41:24.2400000Z', 'UTC')).toBe('2026-11-22 21:41:24.240')
  expect(fullTime('2026-11-22T21:41:24.0000001Z', 'UTC')).toBe('2026-11-22 21:41:24.0000001')
  expect(fullTime('2026-11-22T21:41:24Z', 'UTC')).toBe('2026-11-22 21:41:24.000')
  expect(fullTime('no time', 'UTC')).toBe('no time')
})

test('how long ago', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(relative('2026-11-22T11:59:30Z', now)).toBe('just now')
  expect(relative('2026-11-22T11:50:00Z', now)).toBe('10 min ago')
  expect(relative('2026-11-22T14:00:00Z', now)).toBe('in 2 h')
  expect(relative('2026-11-02T14:00:00Z', now)).toBe('19 d ago')
})
