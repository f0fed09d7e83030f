import { expect, test } from 'vitest'
import { filterOf, isSameView, readSearch, writeSearch } from './list-search'

const NOW = Date.parse('2026-11-27T12:00:00Z')

test('open ones by their latest activity, unless the address says otherwise', () => {
  expect(filterOf({}, NOW)).toMatchObject({ status: 'New,Active', sort: '-activity', from: undefined })
  expect(filterOf({ status: 'all', severity: 'High', sort: 'number' }, NOW)).toMatchObject({
    status: undefined,
    severity: 'High',
    sort: 'number',
  })
})

test('a time that ends now goes on with the clock', () => {
  expect(filterOf({ t: '24h' }, NOW)).toMatchObject({ from: '2026-11-26T12:00:00.000Z', to: undefined })
  expect(filterOf({ t: '2026-11-01T00:00:00Z..2026-11-02T00:00:00Z' }, NOW).to).toBe(
    '2026-11-02T00:00:00.000Z',
  )
})

test('views are told apart by their filters, not by their order', () => {
  expect(isSameView({ sort: 'number' }, {})).toBe(true)
  expect(isSameView({ status: 'Closed' }, {})).toBe(false)
})

test('a view comes back out of the text that it is kept as', () => {
  const search = { status: 'New', text: 'a & b=c', sort: '-number' }
  expect(readSearch(writeSearch(search))).toEqual(search)
  expect(readSearch('x=1&status=')).toEqual({})
})
