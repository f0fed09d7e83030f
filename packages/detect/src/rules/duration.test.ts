import { expect, test } from 'vitest'
import { parseDuration } from './duration.js'

test.each([
  ['30m', 30],
  ['1h', 60],
  ['14d', 20160],
  ['PT30M', 30],
  ['P14D', 20160],
  ['P1DT2H', 1560],
  ['00:30:00', 30],
  ['01:00', 60],
  ['1.00:00:00', 1440],
])('%s is %d minutes', (text, minutes) => {
  expect(parseDuration(text)).toBe(minutes)
})

test.each(['', 'P', 'PT', '30', '30s', '-5m', '25:00:00', '1h30m', 'soon'])('%s is no duration', (text) => {
  expect(parseDuration(text)).toBeUndefined()
})
