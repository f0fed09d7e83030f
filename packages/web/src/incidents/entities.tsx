/** Who and what an incident is about. */
import type { Entity } from '@auspex/detect'
import type { IconName } from '../design/icons'
import { Icon } from '../design/icons'
import { Who } from '../design/marks'
import styles from './entities.module.css'

export const ENTITY_ICONS: Readonly<Record<string, IconName>> = {
  Account: 'user',
  Host: 'host',
  IP: 'address',
  Process: 'process',
  File: 'file',
  FileHash: 'file',
  URL: 'link',
  DNS: 'address',
}

export const entityName = ({ identifiers }: Entity): string => {
  const { Directory, Name } = identifiers
  if (Directory !== undefined && Name !== undefined) return `${Directory.replace(/\/$/, '')}/${Name}`
  return Object.values(identifiers)[0] ?? ''
}

export const namesOf = (entities: readonly Entity[], type: string): string[] => [
  ...new Set(entities.filter((entity) => entity.type === type).map(entityName)),
]

/** Accounts with the people first, then those whose rights they used. */
export function peopleOf(entities: readonly Entity[]): string[] {
  const accounts = entities.filter(({ type }) => type === 'Account')
  const acting = (entity: Entity) =>
    entity.columns?.every((column) => /effective|user_name|set_user/i.test(column)) ?? false
  return [
    ...new Set([...accounts.filter((each) => !acting(each)), ...accounts.filter(acting)].map(entityName)),
  ]
}

export function EntityMark({ entity }: { entity: Entity }) {
  const name = entityName(entity)
  if (entity.type === 'Account') return <Who name={name} />
  return (
    <span className={styles.entity}>
      <Icon name={ENTITY_ICONS[entity.type] ?? 'tag'} size={13} />
      <span className={styles.name}>{name}</span>
    </span>
  )
}
