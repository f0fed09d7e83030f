import { expect, test } from 'vitest'
import { type Entity, entityKey, isStrong } from './entity.js'
import { extractEntities, type Row } from './extract.js'
import { entitiesColumn, relatedEntity } from './sentinel-json.js'

const row = (cells: Record<string, string>): Row => new Map(Object.entries(cells))
const extract = (rule: Partial<Parameters<typeof extractEntities>[0]>, ...rows: Record<string, string>[]) =>
  extractEntities(
    { entityMappings: [], entityColumns: [], ...rule },
    [...new Set(rows.flatMap((cells) => Object.keys(cells)))],
    rows.map(row),
  )
const mapping = (entityType: string, ...fields: [identifier: string, columnName: string][]) => ({
  entityType,
  fieldMappings: fields.map(([identifier, columnName]) => ({ identifier, columnName })),
})
const MAPPINGS = [
  mapping('Host', ['FullName', 'Computer']),
  mapping('Account', ['Name', 'AuditUser']),
  mapping('Account', ['Name', 'EffectiveUser']),
]

test('the person and the account that was used are both named, each on its host', () => {
  const { entities, dropped } = extract(
    { entityMappings: MAPPINGS },
    { Computer: 'web-1', AuditUser: 'alice', EffectiveUser: 'root' },
    { Computer: 'db-1', AuditUser: 'root', EffectiveUser: 'root' },
    { Computer: 'db-1', AuditUser: 'unset', EffectiveUser: 'root' },
  )
  expect(
    entities.map(({ type, identifiers, host, columns }) => [
      type,
      Object.values(identifiers)[0],
      host,
      columns,
    ]),
  ).toEqual([
    ['Host', 'web-1', undefined, ['Computer']],
    ['Host', 'db-1', undefined, ['Computer']],
    ['Account', 'alice', 'web-1', ['AuditUser']],
    ['Account', 'root', 'db-1', ['AuditUser', 'EffectiveUser']],
    ['Account', 'root', 'web-1', ['EffectiveUser']],
  ])
  expect(dropped).toBe(1)
})

test('columns named after an entity map it where the rule has no mappings', () => {
  const columns = { Host_0_HostName: 'web-1', Account_0_Name: 'bob', Account_1_Name: 'root', Odd_0_Name: 'x' }
  expect(extract({}, columns).entities.map(({ type }) => type)).toEqual(['Host', 'Account', 'Account'])
  expect(
    extract({ entityMappings: [mapping('Host', ['HostName', 'Host_0_HostName'])] }, columns).entities,
  ).toHaveLength(1)
})

test('a column can hold entities as Sentinel writes them', () => {
  const json =
    '[{"$id":"1","Type":"host","HostName":"web-1"},{"Type":"ip","Address":"10.0.0.1"},{"Type":"x"},7]'
  const { entities } = extract({ entityColumns: ['Entities'] }, { Entities: json }, { Entities: 'no json' })
  expect(entities.map(({ type, identifiers }) => [type, identifiers])).toEqual([
    ['Host', { HostName: 'web-1' }],
    ['IP', { Address: '10.0.0.1' }],
  ])
})

test('a mapping that tells nothing gives nothing', () => {
  const half = [mapping('File', ['Directory', 'Folder']), mapping('Host', ['OSFamily', 'Os'])]
  expect(extract({ entityMappings: half }, { Folder: '/etc', Os: 'Linux' }).entities).toEqual([])
})

const entity = (type: string, identifiers: Record<string, string>, host?: string): Entity => ({
  type,
  identifiers,
  ...(host === undefined ? {} : { host }),
})

test.each([
  [entity('Account', { Name: 'root' }), entity('Account', { FullName: 'root' }), true],
  [entity('Account', { Name: 'root' }, 'a'), entity('Account', { Name: 'root' }, 'b'), false],
  [entity('Account', { FullName: 'CORP\\bob' }), entity('Account', { NTDomain: 'CORP', Name: 'bob' }), true],
  [
    entity('Account', { FullName: 'bob@x.org' }),
    entity('Account', { Name: 'bob', UPNSuffix: 'x.org' }),
    true,
  ],
  [
    entity('Host', { FullName: 'Web-1.x.org' }),
    entity('Host', { HostName: 'web-1', DnsDomain: 'x.org' }),
    true,
  ],
  [entity('File', { Name: '/etc/passwd' }), entity('File', { Directory: '/etc', Name: 'passwd' }), true],
  [entity('IP', { Address: '10.0.0.1' }), entity('URL', { Url: '10.0.0.1' }), false],
])('%j and %j: the same is %s', (a, b, same) => {
  expect(entityKey(a) === entityKey(b)).toBe(same)
})

test.each([
  [entity('Account', { Name: 'root' }), false],
  [entity('Account', { Name: 'root' }, 'web-1'), true],
  [entity('Account', { FullName: 'bob@x.org' }), true],
  [entity('Process', { CommandLine: 'id' }, 'web-1'), false],
  [entity('IP', { Address: '10.0.0.1' }), true],
])('%j is strong: %s', (one, strong) => {
  expect(isStrong(one)).toBe(strong)
})

test('in Sentinel’s JSON an account points at its host', () => {
  const list = [entity('Host', { HostName: 'web-1' }), entity('Account', { Name: 'root' }, 'web-1')]
  expect(JSON.parse(entitiesColumn(list))).toEqual([
    { $id: '1', HostName: 'web-1', Type: 'host' },
    { $id: '2', Name: 'root', Host: { $ref: '1' }, Type: 'account' },
  ])
  expect(relatedEntity(list[1]!, '/x', 'n')).toMatchObject({
    id: '/x/Entities/n',
    kind: 'Account',
    properties: { accountName: 'root', friendlyName: 'root' },
  })
})
