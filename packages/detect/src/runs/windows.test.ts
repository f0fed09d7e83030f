import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dueWindows, historyWindows, TICKS_PER_MINUTE } from './windows.js'

const minutes = (n: number) => BigInt(n) * TICKS_PER_MINUTE

test('a history of two minutes is one window that ends behind its last event', () => {
  expect(historyWindows(minutes(100), minutes(102), 30, 30)).toEqual([
    { start: minutes(100), end: minutes(102) + 1n },
  ])
})

test('a longer period looks back before each slot', () => {
  expect(historyWindows(0n, minutes(45), 30, 60)).toEqual([
    { start: minutes(-30), end: minutes(30) },
    { start: minutes(0), end: minutes(45) + 1n },
  ])
})

test('a slot is due when it and the delay have passed', () => {
  expect(dueWindows(minutes(0), minutes(34), 30, 30, 5)).toEqual([])
  expect(dueWindows(minutes(0), minutes(35), 30, 30, 5)).toEqual([{ start: minutes(0), end: minutes(30) }])
  expect(dueWindows(minutes(0), minutes(100), 30, 30, 5)).toHaveLength(3)
})

test('every event of a history lies in exactly one window when period and frequency are equal', () => {
  fc.assert(
    fc.property(
      fc.bigInt(0n, minutes(5000)),
      fc.bigInt(0n, minutes(5000)),
      fc.integer({ min: 5, max: 600 }),
      fc.bigInt(0n, minutes(5000)),
      (first, length, frequency, at) => {
        const last = first + length
        const event = first + (length === 0n ? 0n : at % (length + 1n))
        const windows = historyWindows(first, last, frequency, frequency)
        expect(windows.filter(({ start, end }) => start <= event && event < end)).toHaveLength(1)
      },
    ),
  )
})
