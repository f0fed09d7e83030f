/** Entities as Sentinel prints them: in the SecurityAlert table, and in the bodies that playbooks get. */
import { type Entity, entityName } from './entity.js'

type Json = Record<string, unknown>

/**
 * The `Entities` column of SecurityAlert: a list with `$id`, `Type` in lower case and the identifiers beside it;
 * what belongs to a host points at it with `$ref`.
 */
export function entitiesColumn(entities: readonly Entity[]): string {
  const ids = new Map<string, string>()
  for (const [i, { type, identifiers }] of entities.entries()) {
    if (type === 'Host') ids.set(Object.values(identifiers)[0] ?? '', String(i + 1))
  }
  return JSON.stringify(
    entities.map(({ type, identifiers, host }, i) => {
      const ref = host === undefined ? undefined : ids.get(host)
      return {
        $id: String(i + 1),
        ...(type === 'Account' && identifiers.Name === undefined ? { Name: identifiers.FullName } : {}),
        ...identifiers,
        ...(ref === undefined ? {} : { Host: { $ref: ref } }),
        Type: type === 'FileHash' ? 'filehash' : type.toLowerCase(),
      }
    }),
  )
}

const KINDS: Readonly<Record<string, string>> = {
  IP: 'Ip',
  URL: 'Url',
  DNS: 'DnsResolution',
  IoTDevice: 'IoTDevice',
}

/** `HostName` as `hostName`, as the REST API names properties. */
const camel = (name: string) =>
  /^[A-Z]+$/.test(name) ? name.toLowerCase() : `${name[0]!.toLowerCase()}${name.slice(1)}`

const ACCOUNT_NAMES: Readonly<Record<string, string>> = { Name: 'accountName', FullName: 'accountName' }
const FILE_NAMES: Readonly<Record<string, string>> = { Name: 'fileName' }

/** An entity as the REST API has it, in an incident's `relatedEntities`. */
export function relatedEntity(entity: Entity, resource: string, name: string): Json {
  const { type, identifiers, host } = entity
  const rename = type === 'Account' ? ACCOUNT_NAMES : type === 'File' ? FILE_NAMES : {}
  const properties = Object.fromEntries(
    Object.entries(identifiers).map(([key, value]) => [
      rename[key] ?? (type === 'Host' && key === 'FullName' ? 'hostName' : camel(key)),
      value,
    ]),
  )
  return {
    id: `${resource}/Entities/${name}`,
    name,
    type: 'Microsoft.SecurityInsights/Entities',
    kind: KINDS[type] ?? type,
    properties: {
      ...properties,
      ...(host === undefined ? {} : { additionalData: { Host: host } }),
      friendlyName: entityName(entity),
    },
  }
}
