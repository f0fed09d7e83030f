import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Slots, TICKS_PER_MINUTE, type Window } from './windows.js'

const minutes = (n: number) => BigInt(n) * TICKS_PER_MINUTE
const all = (slots: Slots): Window[] =>
  Array.from({ length: Number(slots.count) }, (_, i) => slots.window(BigInt(i)))

test('a history of two minutes is one window that ends behind its last event', () => {
  expect(all(Slots.ofHistory(minutes(100), minutes(102), 30, 30))).toEqual([
    { start: minutes(100), end: minutes(102) + 1n },
  ])
})

test('a longer period looks back before each slot', () => {
  expect(all(Slots.ofHistory(minutes(100), minutes(145), 30, 60))).toEqual([
    { start: minutes(70), end: minutes(130) },
    { start: minutes(100), end: minutes(145) + 1n },
  ])
})

test('a slot is due when it and the delay have passed', () => {
  const due = (now: number) => all(Slots.due(0n, minutes(now), 30, 30, 5))
  expect(due(0)).toEqual([])
  expect(due(34)).toEqual([])
  expect(due(35)).toEqual([{ start: 0n, end: minutes(30) }])
  expect(due(100)).toHaveLength(3)
})

test('a clock that went back makes nothing due', () => {
  const slots = Slots.due(minutes(1000), minutes(10), 30, 30, 5)
  expect(slots.count).toBe(0n)
  expect(slots.end).toBe(minutes(1000))
})

test('late rows get the slots in which the schedule would have seen them', () => {
  expect(all(Slots.ofLate(minutes(41), minutes(75), minutes(100), 30, 30))).toEqual([
    { start: minutes(40), end: minutes(70) },
    { start: minutes(70), end: minutes(100) },
  ])
  expect(all(Slots.ofLate(minutes(40), minutes(40), minutes(100), 30, 60))).toEqual([
    { start: minutes(10), end: minutes(70) },
    { start: minutes(40), end: minutes(100) },
  ])
})

test('slots come back out of their text', () => {
  for (const slots of [Slots.ofHistory(minutes(1), minutes(99), 30, 60), Slots.one(5n, 9n)]) {
    expect(all(Slots.fromText(slots.toText()))).toEqual(all(slots))
  }
})

const history = fc.record({
  first: fc.bigInt(0n, minutes(5000)),
  length: fc.bigInt(0n, minutes(5000)),
  frequency: fc.integer({ min: 5, max: 600 }),
  at: fc.bigInt(0n, minutes(5000)),
})

test('every event of a history lies in exactly one window when period and frequency are equal', () => {
  fc.assert(
    fc.property(history, ({ first, length, frequency, at }) => {
      const event = first + (at % (length + 1n))
      const windows = all(Slots.ofHistory(first, first + length, frequency, frequency))
      expect(windows.filter(({ start, end }) => start <= event && event < end)).toHaveLength(1)
    }),
  )
})

test('the windows around an event are among them all that see it', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 0, max: 5 }), ({ first, length, frequency, at }, more) => {
      const event = first + (at % (length + 1n))
      const slots = Slots.ofHistory(first, first + length, frequency, frequency * (more + 1))
      const start = slots.origin + ((event - slots.origin) / slots.step) * slots.step
      const around = slots.around([start])
      for (const [i, window] of all(slots).entries()) {
        if (window.start <= event && event < window.end) expect(around).toContain(BigInt(i))
      }
    }),
  )
})
