import fc from 'fast-check'
import { expect, test } from 'vitest'
import { datetimeTicks, formatDatetime, formatTimespan, timespanTicks, universalDatetime } from './ticks.js'

test('datetimes count 100 ns from 0001-01-01', () => {
  expect(datetimeTicks('0001-01-01')).toBe(0n)
  expect(datetimeTicks('0001-01-01T00:00:00.0000001Z')).toBe(1n)
  expect(datetimeTicks('1970-01-01 00:00:00')).toBe(621_355_968_000_000_000n)
})

test('all the prints of one datetime are one datetime', () => {
  const prints = [
    '2016-02-17 08:40:00.0000000',
    '2016-02-17T08:40:00Z',
    '2016-02-17 08:40',
    '2016-02-17 08:40:00.0',
  ]
  expect(new Set(prints.map(datetimeTicks)).size).toBe(1)
})

test('the seventh digit counts', () => {
  const last = datetimeTicks('2016-12-31 23:59:59.9999999') as bigint
  expect(last).toBe((datetimeTicks('2017-01-01') as bigint) - 1n)
  expect(datetimeTicks('2016-12-31 23:59:59.999999')).toBe(last - 9n)
})

test.each(['', '5', '2017-02-31', '2017-01-01 10', 'yesterday', '14:00:00'])('%j is no datetime', (text) => {
  expect(datetimeTicks(text)).toBeUndefined()
})

test('timespans carry sign, days and seven digits', () => {
  expect(timespanTicks('00:00:00')).toBe(0n)
  expect(timespanTicks('1.02:03:04.5')).toBe(937_845_000_000n)
  expect(timespanTicks('-12:00:00')).toBe(-432_000_000_000n)
  expect(timespanTicks('00:00:00.0000001')).toBe(1n)
})

test.each(['', '14:00:00:00', '1d', '12:00', '2017-01-01'])('%j is no timespan', (text) => {
  expect(timespanTicks(text)).toBeUndefined()
})

test('what is formatted is read back', () => {
  const year9999 = 3_155_378_975_999_999_999n
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: year9999 }), (ticks) => {
      expect(datetimeTicks(formatDatetime(ticks))).toBe(ticks)
      expect(timespanTicks(formatTimespan(ticks))).toBe(ticks)
      expect(timespanTicks(formatTimespan(-ticks))).toBe(-ticks)
    }),
  )
})

test('the universal format has no fraction and does not round', () => {
  expect(universalDatetime(datetimeTicks('2015-12-31 18:59:59.9999999') as bigint)).toBe(
    '2015-12-31 18:59:59Z',
  )
})
