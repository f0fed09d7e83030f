import { describe, expect, test } from 'vitest'
import { cellMatches, EXACT_ENOUGH, GEOGRAPHIC, isPermutation, realMatches, type Value } from './cells.js'
import { datetimeTicks, timespanTicks } from './ticks.js'

const rules = { tolerance: EXACT_ENOUGH }
const same = (type: string, documented: string | null, value: Value) =>
  cellMatches(type, documented, value, rules)

describe('null', () => {
  test.each(['bool', 'int', 'long', 'real', 'decimal', 'datetime', 'timespan', 'guid'])('%s', (type) => {
    expect(same(type, null, null)).toBe(true)
    expect(same(type, '0', null)).toBe(false)
    expect(same(type, null, 0)).toBe(false)
  })
  test('a string is never null: "" and null are not the same', () => {
    expect(same('string', '', '')).toBe(true)
    expect(same('string', '', null)).toBe(false)
  })
  test('an empty dynamic cell is null or an empty string, and nothing else', () => {
    for (const value of [null, 'null', '""']) expect(same('dynamic', null, value)).toBe(true)
    for (const value of ['0', '[]', '{}', 'false']) expect(same('dynamic', null, value)).toBe(false)
  })
})

test('strings are compared to the blank', () => {
  expect(same('string', 'a b', 'a b')).toBe(true)
  expect(same('string', 'a b', 'a  b')).toBe(false)
  expect(same('string', 'A', 'a')).toBe(false)
  expect(same('string', '1', 1)).toBe(false)
})

test('bool is written in many ways', () => {
  for (const text of ['true', 'True', '1']) {
    expect(same('bool', text, true)).toBe(true)
    expect(same('bool', text, false)).toBe(false)
  }
  for (const text of ['false', 'False', '0']) expect(same('bool', text, false)).toBe(true)
  expect(same('bool', 'yes', true)).toBe(false)
  expect(same('bool', '1', 1)).toBe(false)
})

test('integers are exact, with or without thousands commas', () => {
  expect(same('long', '9223372036854775807', 9223372036854775807n)).toBe(true)
  expect(same('long', '9223372036854775807', 9223372036854775806n)).toBe(false)
  expect(same('long', '1,234,567', 1234567n)).toBe(true)
  expect(same('long', '1,23', 123n)).toBe(false)
  expect(same('long', '1,234', 1n)).toBe(false)
  expect(same('int', '-5', -5)).toBe(true)
  expect(same('int', '5', 5.5)).toBe(false)
  expect(same('long', '2.0', 2n)).toBe(true)
  expect(same('long', '2.5', 2n)).toBe(false)
  expect(same('long', '5', '5')).toBe(false)
})

describe('real', () => {
  test('within a billionth', () => {
    expect(same('real', '0.0972', 0.0972 * (1 + 5e-10))).toBe(true)
    expect(same('real', '123456789.5', 123456791.5)).toBe(false)
  })
  test('or equal once rounded to the printed digits', () => {
    expect(same('real', '0.67', 2 / 3)).toBe(true)
    expect(same('real', '0.66', 2 / 3)).toBe(false)
    expect(same('real', '2.209E-05', 2.20904969985854e-5)).toBe(true)
    expect(same('real', '2.208E-05', 2.20904969985854e-5)).toBe(false)
  })
  test('a whole number does not stand for its neighbours', () => {
    expect(same('real', '20', 20)).toBe(true)
    expect(same('real', '20', 20.3)).toBe(false)
    expect(same('real', '0', 0.4)).toBe(false)
  })
  test('NaN and the infinities', () => {
    expect(same('real', 'NaN', Number.NaN)).toBe(true)
    expect(same('real', 'NaN', 0)).toBe(false)
    expect(same('real', '∞', Number.POSITIVE_INFINITY)).toBe(true)
    expect(same('real', '-∞', Number.NEGATIVE_INFINITY)).toBe(true)
    expect(same('real', 'Infinity', Number.NEGATIVE_INFINITY)).toBe(false)
    expect(same('real', '1.5', Number.POSITIVE_INFINITY)).toBe(false)
    expect(same('real', 'many', Number.NaN)).toBe(false)
    expect(same('real', '', 0)).toBe(false)
  })
  test('a number only', () => {
    expect(same('real', '1.5', '1.5')).toBe(false)
    expect(same('real', '1', 1n)).toBe(false)
  })
  test('geography is measured to a millionth', () => {
    expect(realMatches('3797.88887253334', 3797.8889, GEOGRAPHIC)).toBe(true)
    expect(realMatches('3797.88887253334', 3797.8889, EXACT_ENOUGH)).toBe(false)
    expect(realMatches('3797.88887253334', 3797.93, GEOGRAPHIC)).toBe(false)
  })
})

test('decimal is a number in a text', () => {
  expect(same('decimal', '3.3', '3.30000000000000000')).toBe(true)
  expect(same('decimal', '3.3', '3.40000000000000000')).toBe(false)
})

test('datetime and timespan are ticks', () => {
  const ticks = datetimeTicks('2017-01-01 23:59:59.9999999') as bigint
  expect(same('datetime', '2017-01-01T23:59:59.9999999Z', ticks)).toBe(true)
  expect(same('datetime', '2017-01-01T23:59:59.9999999Z', ticks + 1n)).toBe(false)
  expect(same('datetime', 'never', ticks)).toBe(false)
  const span = timespanTicks('-1.00:00:00.5') as bigint
  expect(same('timespan', '-1.00:00:00.5000000', span)).toBe(true)
  expect(same('timespan', '1.00:00:00.5000000', span)).toBe(false)
  expect(same('timespan', '14:00:00:00', span)).toBe(false)
})

test('a guid has no case', () => {
  expect(same('guid', '10E99626-bc2b-754c-bb3e-fe606de25700', '10e99626-bc2b-754c-bb3e-fe606de25700')).toBe(
    true,
  )
  expect(same('guid', '10E99626-bc2b-754c-bb3e-fe606de25701', '10e99626-bc2b-754c-bb3e-fe606de25700')).toBe(
    false,
  )
})

describe('dynamic', () => {
  test('blanks and key order do not count', () => {
    expect(same('dynamic', '{\n  "a": 1,\n  "b": [1, 2]\n}', '{"b":[1,2],"a":1}')).toBe(true)
    expect(same('dynamic', '{"a":1}', '{"a":1,"b":null}')).toBe(false)
    expect(same('dynamic', '{"a":1,"b":null}', '{"a":1}')).toBe(false)
    expect(same('dynamic', '{"a":null}', '{"b":null}')).toBe(false)
  })
  test('the order of an array counts, unless it is a set', () => {
    expect(same('dynamic', '[1,2,2]', '[2,1,2]')).toBe(false)
    expect(cellMatches('dynamic', '[1,2,2]', '[2,1,2]', { ...rules, set: true })).toBe(true)
    expect(cellMatches('dynamic', '[1,2,2]', '[2,1,1]', { ...rules, set: true })).toBe(false)
    expect(cellMatches('dynamic', '[1,2]', '[1,2,2]', { ...rules, set: true })).toBe(false)
  })
  test('numbers have a tolerance, strings none', () => {
    expect(same('dynamic', '[0.67]', '[0.6666666666666666]')).toBe(true)
    expect(same('dynamic', '[1]', '[1.2]')).toBe(false)
    expect(same('dynamic', '[1]', '["1"]')).toBe(false)
    expect(same('dynamic', '["a"]', '["A"]')).toBe(false)
    expect(same('dynamic', '[1.0]', '[1]')).toBe(true)
  })
  test('an array is no object', () => {
    expect(same('dynamic', '[]', '{}')).toBe(false)
    expect(same('dynamic', '{"0":1}', '[1]')).toBe(false)
    expect(same('dynamic', '{}', 'null')).toBe(false)
  })
  test('a bare string at the top is a string', () => {
    expect(same('dynamic', 'New York city area', '"New York city area"')).toBe(true)
    expect(same('dynamic', '"a"', '"a"')).toBe(true)
    expect(same('dynamic', '1', '"1"')).toBe(true)
    expect(same('dynamic', 'True', 'true')).toBe(true)
    expect(same('dynamic', 'b', '"a"')).toBe(false)
  })
  test('what is not JSON is no dynamic', () => {
    expect(same('dynamic', 'abc', 'abc')).toBe(false)
    expect(same('dynamic', '[1', '[1')).toBe(false)
    expect(same('dynamic', '1', 1)).toBe(false)
  })
})

test('a type that KQL does not have is a fault of the case', () => {
  expect(() => same('varchar', 'a', 'a')).toThrow('varchar')
})

test('a pairing is found where the first partner that fits is the wrong one', () => {
  const near = (left: number, right: number) => Math.abs(left - right) <= 1
  expect(isPermutation([2, 1], [2, 3], near)).toBe(true)
  expect(isPermutation([1, 1], [2, 3], near)).toBe(false)
  expect(isPermutation([1], [1, 1], near)).toBe(false)
})
