/** A cell as it is shown in a table. */
import type { KqlType } from '@auspex/kql'
import { fullTime } from '../../design/format'
import type { Zone } from '../../design/zone'
import type { Cell } from '../../kql/answer'

const LONGEST = 400

export function cellText(cell: Cell, type: KqlType, zone: Zone): string {
  if (cell === null) return ''
  if (type === 'datetime') return fullTime(String(cell), zone)
  const text = String(cell)
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text
}

export const isRight = (type: KqlType): boolean =>
  type === 'int' || type === 'long' || type === 'real' || type === 'decimal'

/** Columns that name somebody. */
export const PEOPLE = new Set([
  'User',
  'AuditUser',
  'EffectiveUser',
  'Audit_User',
  'user_name_s',
  'audit_user_s',
  'effective_user_s',
  'set_user_s',
  'AccountCustomEntity',
])

const LETTER = 7.3
const WIDTHS: Readonly<Partial<Record<KqlType, number>>> = { datetime: 196, bool: 70, int: 90, guid: 270 }

/** The first width of a column in px. */
export function firstWidth(name: string, type: KqlType, widest: number): number {
  const header = name.length * 7 + 56
  return Math.round(Math.min(420, Math.max(header, WIDTHS[type] ?? widest * LETTER + 22, 72)))
}
