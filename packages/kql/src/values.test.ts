import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatReal,
  formatTimespan,
  formatValue,
  MAX_DATETIME_TICKS,
  parseDatetime,
  parseTimespan,
  ticksFromDate,
  ticksToIso,
  toJsonValue,
} from './values.js'

describe('datetime', () => {
  it('survives its text, to the tick', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: MAX_DATETIME_TICKS }), (ticks) => {
        expect(parseDatetime(ticksToIso(ticks))).toBe(ticks)
      }),
    )
  })

  it.each([
    ['2020-01-29', '2020-01-29T00:00:00.0000000Z'],
    ['2020-01-29 09:46', '2020-01-29T09:46:00.0000000Z'],
    ['2020-01-29T09:46:34.1234567+01:30', '2020-01-29T08:16:34.1234567Z'],
    ['01/29/2020 02:03:04 PM', '2020-01-29T14:03:04.0000000Z'],
    ['Sat, 8 Nov 14 15:05:02 GMT', '2014-11-08T15:05:02.0000000Z'],
    ['2017 - 08 - 01', '2017-08-01T00:00:00.0000000Z'],
  ])('reads %s', (text, iso) => {
    expect(ticksToIso(parseDatetime(text)!)).toBe(iso)
  })

  it.each(['', 'never', '2020-13-01', '2020-02-30', '2020-01-01 25:00'])('is not %j', (text) => {
    expect(parseDatetime(text)).toBeNull()
  })

  it('meets the Unix clock', () => {
    expect(ticksFromDate(new Date('2020-01-29T09:46:34.240Z'))).toBe(parseDatetime('2020-01-29T09:46:34.24Z'))
  })
})

describe('timespan', () => {
  it('survives its text, to the tick', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), (ticks) => {
        expect(parseTimespan(formatTimespan(ticks))).toBe(ticks)
      }),
    )
  })

  it.each([
    ['1.5h', '01:30:00'],
    ['2d', '2.00:00:00'],
    ['100ms', '00:00:00.1000000'],
    ['1tick', '00:00:00.0000001'],
    ['1.02:03:04', '1.02:03:04'],
  ])('reads %s', (text, shown) => {
    expect(formatTimespan(parseTimespan(text)!)).toBe(shown)
  })
})

describe('what people and clients see', () => {
  it.each([
    [1, '1'],
    [0.1, '0.1'],
    [1e20, '1E+20'],
    [1.5e-7, '1.5E-07'],
    [Number.NaN, 'NaN'],
  ])('a real: %d', (value, text) => {
    expect(formatReal(value)).toBe(text)
  })

  it('a string in a dynamic without its quotes, null as nothing', () => {
    expect(formatValue('dynamic', '"x"')).toBe('x')
    expect(formatValue('dynamic', '{"a":1}')).toBe('{"a":1}')
    expect(formatValue('long', null)).toBe('')
  })

  it('JSON without loss', () => {
    expect(toJsonValue('long', 9_007_199_254_740_993n)).toBe('9007199254740993')
    expect(toJsonValue('long', 5n)).toBe(5)
    expect(toJsonValue('string', null)).toBe('')
    expect(toJsonValue('real', Number.POSITIVE_INFINITY)).toBe('Infinity')
    expect(toJsonValue('dynamic', '[1]')).toEqual([1])
  })
})
