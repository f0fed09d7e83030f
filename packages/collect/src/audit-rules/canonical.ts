/**
 * One text for rules that are the same to the kernel, however they were written: `auditctl -l` prints a rule
 * otherwise than its file has it.
 */
import { recordTypeName } from '@auspex/auditd'
import { FIELDS } from './fields.js'
import type { Field, Rule } from './rules.js'

export interface Ids {
  readonly users: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, number>
}

const NO_IDS: Ids = { users: new Map(), groups: new Map() }
const UNSET = '-1'
const PERMISSIONS = 'rwxa'

/** Names of `ids` become numbers, as the kernel has them. */
export function canonicalRule(rule: Rule, ids: Ids = NO_IDS): string {
  const fields = rule.fields.map((field) => canonicalField(field, ids))
  const comparisons = rule.comparisons.map(({ left, operator, right }) => [left, right].sort().join(operator))
  const keys = rule.keys.map(({ text }) => `key=${text}`)
  return [
    // The kernel takes no notice of the action of an exclusion.
    rule.list === 'exclude' ? 'exclude' : `${rule.action},${rule.list}`,
    `S=${canonicalSyscalls(rule).join(',')}`,
    ...fields.sort(),
    ...comparisons.sort(),
    ...keys,
  ].join(' ')
}

export function canonicalSyscalls({ syscalls }: Rule): string[] {
  const names = [...new Set(syscalls.map(({ text }) => text))].sort()
  return names.length === 0 || names.includes('all') ? ['all'] : names
}

export function canonicalField({ name, operator, value }: Field, ids: Ids = NO_IDS): string {
  // A watch says path for what may be a folder.
  if (name === 'path' || name === 'dir') return `file${operator}${value.replace(/(.)\/+$/, '$1')}`
  return `${name}${operator}${canonicalValue(name, value, ids)}`
}

const ARCH: Readonly<Record<string, string>> = {
  x86_64: 'b64',
  aarch64: 'b64',
  i386: 'b32',
  i486: 'b32',
  i586: 'b32',
  i686: 'b32',
}

function canonicalValue(name: string, value: string, ids: Ids): string {
  switch (FIELDS[name]!.value) {
    case 'login-user':
    case 'user':
      if (value === 'unset' || value === '4294967295') return UNSET
      return String(ids.users.get(value) ?? value)
    case 'group':
      return String(ids.groups.get(value) ?? value)
    case 'permissions':
      return [...PERMISSIONS].filter((letter) => value.toLowerCase().includes(letter)).join('')
    case 'architecture':
      return ARCH[value.toLowerCase()] ?? value.toLowerCase()
    case 'argument':
      return `0x${(integer(value) >>> 0).toString(16)}`
    case 'number':
    case 'lax-number':
      return value === 'unset' ? UNSET : String(integer(value))
    case 'record-type':
      return recordTypeName(value.toUpperCase())
    default:
      return value
  }
}

/** Numbers as C writes them: 0x40, 0100 (octal), 64, -1. */
function integer(text: string): number {
  const [, sign, digits = ''] = /^([+-]?)(.*)$/.exec(text)!
  const value = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
  return sign === '-' ? -value : value
}
