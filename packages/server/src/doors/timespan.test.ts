import { parseDatetime, ticksToIso } from '@auspex/kql'
import { expect, test } from 'vitest'
import { parseTimespanParameter } from './timespan.js'

const NOW = parseDatetime('2026-11-22T12:00:00Z')!

test.each([
  ['PT1H', '2026-11-22T11:00:00', '2026-11-22T12:00:00'],
  ['P1DT12H', '2026-11-21T00:00:00', '2026-11-22T12:00:00'],
  ['P1W', '2026-11-15T12:00:00', '2026-11-22T12:00:00'],
  ['PT0.5S', '2026-11-22T11:59:59.5', '2026-11-22T12:00:00'],
  ['2026-11-01T00:00:00Z/2026-11-02T00:00:00Z', '2026-11-01T00:00:00', '2026-11-02T00:00:00'],
  ['2026-11-01/P1D', '2026-11-01T00:00:00', '2026-11-02T00:00:00'],
  ['PT30M/2026-11-01T01:00:00Z', '2026-11-01T00:30:00', '2026-11-01T01:00:00'],
])('%s', (text, from, to) => {
  const range = parseTimespanParameter(text, NOW)!
  expect([range.from, range.to].map(ticksToIso)).toEqual([from, to].map((t) => ticksToIso(parseDatetime(t)!)))
})

test.each(['', 'P', 'PT', '1h', 'PT1H/PT2H', '2026-11-02/2026-11-01', 'x/y', '2026-11-01/P1D/P1D'])(
  '%j is none',
  (text) => {
    expect(parseTimespanParameter(text, NOW)).toBeUndefined()
  },
)
