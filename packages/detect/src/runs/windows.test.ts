import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_BLIND_SLOTS, Slots, TICKS_PER_MINUTE } from './windows.js'

const minutes = (n: number) => BigInt(n) * TICKS_PER_MINUTE

test('a history of two minutes is one window that ends behind its last event', () => {
  expect([...Slots.ofHistory(minutes(100), minutes(102), 30, 30).all()]).toEqual([
    { start: minutes(100), end: minutes(102) + 1n },
  ])
})

test('a longer period looks back before each slot', () => {
  expect([...Slots.ofHistory(minutes(100), minutes(145), 30, 60).all()]).toEqual([
    { start: minutes(70), end: minutes(130) },
    { start: minutes(100), end: minutes(145) + 1n },
  ])
})

test('a slot is due when it and the delay have passed', () => {
  const due = (now: number) => [...Slots.due(0n, minutes(now), 30, 30, 5).all()]
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

test('a range without end is not walked through', () => {
  const slots = Slots.ofHistory(0n, minutes(4_000_000_000), 5, 5)
  expect([...slots.all()]).toHaveLength(Number(MAX_BLIND_SLOTS))
  expect([...slots.around([minutes(0), minutes(3_999_999_995)])]).toHaveLength(4)
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
      const windows = [...Slots.ofHistory(first, first + length, frequency, frequency).all()]
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
      const around = new Set([...slots.around([start])].map(({ end }) => end))
      for (const window of slots.all()) {
        if (window.start <= event && event < window.end) expect(around).toContain(window.end)
      }
    }),
  )
})
