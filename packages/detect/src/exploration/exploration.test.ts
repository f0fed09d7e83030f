import { expect, test } from 'vitest'
import { fill } from './expand.js'
import { nodeOf } from './node.js'
import { parseExpansion } from './read.js'

const FILE = `Id: a
DisplayName: Sessions
Description: d
InputEntityType: account
InputFields: [Name, HostName]
OutputEntityTypes: [HostLogonSession]
QueryPeriodBefore: 1d
QueryPeriodAfter: 1h
query: |
  F('<Name>', "<HostName>")
`

test('an expansion is read as Azure-Sentinel writes it', () => {
  const { expansion, problems } = parseExpansion(FILE)
  expect(problems).toEqual([])
  expect(expansion).toMatchObject({
    inputEntityType: 'Account',
    queryPeriodBefore: 1440,
    queryPeriodAfter: 60,
  })
})

test('what is wrong in it is told with its place, all at once', () => {
  const { expansion, problems } = parseExpansion(
    FILE.replace('[Name, HostName]', '[Name, Address]').replace(
      'QueryPeriodAfter: 1h',
      'QueryPeriodAfter: soon',
    ),
  )
  expect(expansion).toBeUndefined()
  expect(problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual([
    '8:19 QueryPeriodAfter: "soon" is no duration; write 30m, 1h, 14d or PT30M',
    '5:21 InputFields: Account has Name, NTDomain, UPNSuffix, HostName, not "Address"',
    '9:8 query: <HostName> is not one of InputFields',
  ])
})

test('values are put in as literals, whatever they hold', () => {
  const { expansion } = parseExpansion(FILE)
  const filled = (Name: string) => fill(expansion!, { kind: 'Account', identifiers: { Name } })
  expect(filled('alice')).toBe('F("alice", "")\n')
  expect(filled(`' " \\ $& <HostName>`)).toBe(`F("' \\" \\\\ $& <HostName>", "")\n`)
  expect(filled('\u2028\u0085')).toBe('F("\\u2028\\u0085", "")\n')
  expect(() => fill(expansion!, { kind: 'Host', identifiers: {} })).toThrow(
    /expands Account, and this is Host/,
  )
})

test('what rules map in different ways is one node', () => {
  const id = (type: string, identifiers: Record<string, string>, host?: string) =>
    nodeOf({ type, identifiers, ...(host === undefined ? {} : { host }) })?.id
  expect(id('Account', { FullName: 'alice' }, 'Web-1')).toBe(id('Account', { Name: 'alice' }, 'web-1'))
  expect(id('Account', { Name: 'alice' }, 'web-2')).not.toBe(id('Account', { Name: 'alice' }, 'web-1'))
  expect(id('Host', { FullName: 'Web-1' })).toBe(id('Host', { HostName: 'web-1' }))
  expect(id('File', { Name: '/etc/shadow' })).toBe(id('File', { Directory: '/etc', Name: 'shadow' }))
  expect(id('Account', { Name: 'unset' })).toBeUndefined()
  expect(nodeOf({ type: 'URL', identifiers: { Url: 'http://x' } })).toMatchObject({
    kind: 'URL',
    name: 'http://x',
  })
})
