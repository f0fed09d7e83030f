import { expect, test } from 'vitest'
import { bucketsOver, fill, spanLiteral } from './buckets'

const at = (text: string) => Date.parse(text)

test('buckets have a round width and begin where bin() begins them', () => {
  const day = bucketsOver(at('2026-11-22T10:17:00Z'), at('2026-11-23T10:17:00Z'), 48)
  expect(day).toEqual({ from: at('2026-11-22T10:00:00Z'), step: 1_800_000, count: 49 })
  expect(spanLiteral(day.step)).toBe('30m')
  const years = bucketsOver(at('2020-01-01T00:00:00Z'), at('2026-01-01T00:00:00Z'), 10)
  expect(spanLiteral(years.step)).toMatch(/^\d+d$/)
  expect(years.count).toBeLessThanOrEqual(11)
  expect(bucketsOver(5, 5, 10).count).toBe(1)
})

test('weeks begin on the day that bin(7d) begins them: 0001-01-01 was a Monday', () => {
  const { from } = bucketsOver(at('2026-09-01T00:00:00Z'), at('2026-11-27T00:00:00Z'), 13)
  expect(new Date(from).getUTCDay()).toBe(1)
})

test('counts fall into their buckets', () => {
  expect(
    fill({ from: 0, step: 10, count: 3 }, [
      [0, 1],
      [9, 2],
      [29, 4],
      [30, 8],
      [-1, 16],
    ]),
  ).toEqual([3, 0, 4])
})
