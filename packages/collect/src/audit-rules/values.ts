/** Checks of the single values of a rule: a field, a comparison, a list of system calls. */
import { recordTypeNumber } from '@auspex/auditd'
import {
  ARCHITECTURES,
  COMPARABLE,
  ERRNO_NAMES,
  FIELDS,
  FILE_SYSTEMS,
  FILE_TYPES,
  type FieldInfo,
} from './fields.js'
import type { Action, Comparison, Field, Finding, List, Machine, Named, Operator, Span } from './rules.js'
import { NEWER_SYSCALLS, syscallNames } from './syscalls.js'

export interface RuleHead {
  readonly list: List
  readonly action: Action
}

/** A line that auditctl does not load; caught by the parser, which goes on with the next line. */
export class RefusedLine extends Error {
  readonly finding: Finding

  constructor(check: string, at: Span, message: string, advice: string) {
    super(message)
    this.name = 'RefusedLine'
    this.finding = { check, severity: 'error', message, advice, at }
  }
}

const OPERATOR = /^([^=!<>&]+)(!=|<=|>=|&=|=|<|>|&)(.*)$/s

function split(word: Named): [left: string, operator: Operator, right: string] {
  const match = OPERATOR.exec(word.text)
  if (match === null) {
    throw new RefusedLine(
      'operator-missing',
      word.at,
      `"${word.text}" has no operator`,
      'write FIELD=VALUE as one word, without blanks (= != < > <= >= & &=)',
    )
  }
  return [match[1]!, match[2] as Operator, match[3]!]
}

export function checkedField(
  word: Named,
  head: RuleHead,
  context: { readonly machine: Machine; readonly afterSyscalls: boolean },
): Field {
  const [written, operator, value] = split(word)
  const name = written.toLowerCase()
  const { at } = word
  const info = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined
  if (info === undefined) {
    throw new RefusedLine(
      'field-unknown',
      at,
      `there is no field ${written}`,
      'auditctl(8) lists the fields under -F',
    )
  }
  if (value === '') {
    throw new RefusedLine(
      'value-missing',
      at,
      `${name} has no value`,
      'write the value behind the operator, without a blank',
    )
  }
  if (!info.operators.includes(operator)) {
    throw new RefusedLine(
      'operator-wrong',
      at,
      `${name} can not be compared with ${operator}`,
      `use ${info.operators.join(' ')}`,
    )
  }
  refuseList(name, info, head, at)
  if (name === 'arch' && context.afterSyscalls) {
    throw new RefusedLine(
      'arch-first',
      at,
      'arch stands behind -S, which was looked up without it',
      'put -F arch= before -S',
    )
  }
  const complaint = COMPLAINTS[info.value]?.(value)
  if (complaint !== undefined)
    throw new RefusedLine('value-wrong', at, `${name}: ${complaint[0]}`, complaint[1])
  return { name: name === 'loginuid' ? 'auid' : name, operator, value, at }
}

function refuseList(name: string, { lists }: FieldInfo, head: RuleHead, at: Span): void {
  const allowed = lists ?? ['task', 'exit', 'user', 'io_uring']
  if (allowed.includes(head.list)) return
  throw new RefusedLine(
    'field-list',
    at,
    `the list ${head.list} does not know the field ${name}`,
    head.list === 'exclude'
      ? 'exclude takes msgtype, uid, auid, gid, pid, exe and subj_*'
      : `use it in the list ${allowed.join(' or ')}`,
  )
}

type Complaint = readonly [message: string, advice: string] | undefined

const INTEGER = /^[+-]?(0x[0-9a-f]+|0[0-7]*|[1-9]\d*)$/i
/** auditctl reads as far as it understands and drops the rest. */
const STARTS_AS_INTEGER = /^[+-]?\d/

const aNumber = (value: string): Complaint =>
  STARTS_AS_INTEGER.test(value) ? undefined : [`"${value}" is not a number`, 'write a number']

const anyNumber = (value: string): boolean => STARTS_AS_INTEGER.test(value)

const COMPLAINTS: Partial<Record<FieldInfo['value'], (value: string) => Complaint>> = {
  number: (value) => aNumber(value),
  argument: (value) => aNumber(value),
  user: (value) =>
    value === 'unset' || value === '-1' || value === '4294967295'
      ? ['only auid can be unset', 'use auid']
      : undefined,
  group: (value) =>
    value === 'unset' || value.startsWith('-') ? ['a group can not be unset', 'use a group'] : undefined,
  exit: (value) =>
    anyNumber(value) || ERRNO_NAMES.has(value.replace(/^-/, ''))
      ? undefined
      : [
          `"${value}" is neither a number nor an error name`,
          'write a number, or an error with a minus: -EACCES',
        ],
  architecture: (value) =>
    /^b(32|64)$/i.test(value) ||
    /^(0x)?[0-9a-f]{8}$/i.test(value) ||
    ARCHITECTURES.includes(value.toLowerCase())
      ? undefined
      : [`"${value}" is no architecture`, 'write b64 or b32'],
  'record-type': (value) =>
    anyNumber(value) || recordTypeNumber(value.toUpperCase()) >= 0
      ? undefined
      : [`"${value}" is no record type`, 'write a name as CWD, or its number'],
  permissions: (value) =>
    /^[rwxa]{1,4}$/i.test(value)
      ? undefined
      : [`"${value}" is not made of r, w, x and a`, 'write the letters wanted, as wa'],
  'file-type': (value) =>
    FILE_TYPES.includes(value) ? undefined : [`"${value}" is no file type`, `write ${FILE_TYPES.join(', ')}`],
  'file-system': (value) =>
    anyNumber(value) || FILE_SYSTEMS.includes(value)
      ? undefined
      : [
          `"${value}" is not known to auditctl`,
          `write ${FILE_SYSTEMS.join(' or ')}, or the number of linux/magic.h`,
        ],
  path: (value) =>
    value.startsWith('/') ? undefined : [`"${value}" does not begin with /`, 'write the whole path'],
}

export function checkedComparison(word: Named, head: RuleHead): Comparison {
  const [left, operator, right] = split(word)
  const { at } = word
  if (operator !== '=' && operator !== '!=') {
    throw new RefusedLine(
      'operator-wrong',
      at,
      `-C knows = and !=, not ${operator}`,
      'use -F to compare with a value',
    )
  }
  const group = COMPARABLE.find((names) => names.includes(left))
  if (group === undefined || !COMPARABLE.flat().includes(right)) {
    const bad = group === undefined ? left : right
    throw new RefusedLine(
      'field-unknown',
      at,
      `-C does not know ${bad}`,
      `it compares ${COMPARABLE.flat().join(', ')}`,
    )
  }
  if (!group.includes(right) || left === right) {
    throw new RefusedLine(
      'comparison',
      at,
      `${left} and ${right} can not be compared`,
      'compare two users or two groups',
    )
  }
  if (head.list !== 'exit' && head.list !== 'io_uring') {
    throw new RefusedLine('field-list', at, `the list ${head.list} knows no -C`, 'use the list exit')
  }
  return { left, operator, right, at }
}

const NATIVE_32: Readonly<Record<Machine, Machine>> = {
  x86_64: 'i386',
  aarch64: 'arm',
  i386: 'i386',
  arm: 'arm',
}

/** Whose system calls a rule with this arch field names on `machine`; undefined: a table that we do not have. */
export function tableOf(arch: string | undefined, machine: Machine): Machine | undefined {
  const name = arch?.toLowerCase()
  if (name === undefined || name === 'b64') return machine
  if (name === 'b32') return NATIVE_32[machine]
  if (name === 'x86_64' || name === 'aarch64') return name
  if (/^i[3-6]86$/.test(name)) return 'i386'
  return name.startsWith('arm') ? 'arm' : undefined
}

export function checkedSyscalls(
  word: Named,
  head: RuleHead | undefined,
  fields: readonly Field[],
  machine: Machine,
): Named[] {
  const arch = fields.find(({ name }) => name === 'arch')
  const table = tableOf(arch?.operator === '!=' ? undefined : arch?.value, machine)
  const names: Named[] = []
  let column = word.at.column
  for (const text of word.text.split(',')) {
    const at = { line: word.at.line, column, endColumn: column + text.length }
    column = at.endColumn + 1
    if (text === '') continue
    const name = text.toLowerCase()
    // The list io_uring has operations of its own, most of them named as system calls.
    if (head?.list !== 'io_uring' && table !== undefined && name !== 'all' && !isSyscall(name, table)) {
      throw new RefusedLine(
        'syscall-unknown',
        at,
        `${table} has no system call ${text}`,
        elsewhere(name, table) ?? 'ausyscall --dump lists them',
      )
    }
    names.push({ text: name, at })
  }
  return names
}

const isSyscall = (name: string, table: Machine): boolean =>
  /^\d+$/.test(name) ? Number(name) <= Math.max(...NEWER_SYSCALLS.values()) : syscallNames(table).has(name)

function elsewhere(name: string, table: Machine): string | undefined {
  const others = (['x86_64', 'i386', 'aarch64', 'arm'] as const).filter(
    (other) => other !== table && syscallNames(other).has(name),
  )
  return others.length === 0
    ? undefined
    : `it is one of ${others.join(', ')}: write it in a rule with their arch`
}

export const isWholeNumber = (text: string): boolean => INTEGER.test(text)
