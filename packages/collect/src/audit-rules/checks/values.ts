/** Values that load and do not say what was meant. */

import { FIELDS } from '../fields.js'
import { fieldOf } from '../rules.js'
import { isWholeNumber } from '../values.js'
import { type Check, type Report, ruleCheck } from './check.js'

const MAX_ID = 0xffff_ffff
const NUMBERS: ReadonlySet<string> = new Set(['number', 'lax-number', 'argument'])
const IDS: ReadonlySet<string> = new Set(['user', 'login-user', 'group'])

const positiveErrno = ruleCheck('exit-positive', 'error', (rule) => {
  const field = rule.fields.find(({ name, value }) => name === 'exit' && /^E[A-Z]/.test(value))
  if (field === undefined) return undefined
  return {
    at: field.at,
    message: `${field.value} is a positive number here, and calls fail with negative ones: the rule never matches`,
    advice: `write exit${field.operator}-${field.value}`,
  }
})

const misread: Check = {
  name: 'value-misread',
  severity: 'error',
  *run({ rules }) {
    for (const rule of rules) {
      for (const { name, value, at } of rule.fields) {
        const kind = FIELDS[name]!.value
        const report = (message: string, advice: string): Report => ({
          at,
          message: `${name}: ${message}`,
          advice,
        })
        if (NUMBERS.has(kind) && value !== 'unset' && !isWholeNumber(value)) {
          yield report(
            `auditctl reads "${value}" as ${Number.parseInt(value, value.startsWith('0x') ? 16 : 10) || 0}`,
            name === 'saddr_fam' ? 'write the number: 2 is IPv4, 10 is IPv6' : 'write a number',
          )
        } else if (IDS.has(kind) && /^\d/.test(value)) {
          if (!/^\d+$/.test(value))
            yield report(`auditctl reads "${value}" as ${Number.parseInt(value, 10)}`, 'write the id')
          else if (Number(value) > MAX_ID)
            yield report(
              `${value} does not fit in 32 bits and becomes ${Number(value) % (MAX_ID + 1)}`,
              'write the id',
            )
        }
      }
    }
  },
}

const wildcard = ruleCheck('path-wildcard', 'error', (rule) => {
  const field = rule.fields.find(({ name, value }) => FIELDS[name]!.value === 'path' && /[*?[\]]/.test(value))
  if (field === undefined) return undefined
  return {
    at: field.at,
    message: `${field.value} is taken literally: paths have no wildcards`,
    advice: 'watch the directory with dir=, or write a rule for each file',
  }
})

const userUnknown: Check = {
  name: 'user-unknown',
  severity: 'error',
  *run({ rules, host }) {
    if (host === undefined) return
    for (const rule of rules) {
      for (const { name, value, at } of rule.fields) {
        const kind = FIELDS[name]!.value
        if (!IDS.has(kind) || value === 'unset' || /^[-\d]/.test(value)) continue
        const names = kind === 'group' ? host.groups : host.users
        if (names.has(value)) continue
        yield {
          at,
          message: `this host has no ${kind === 'group' ? 'group' : 'user'} ${value}: the rule does not load, and without -i or -c nothing behind it`,
          advice: 'leave the rule out on this host, or write the number',
        }
      }
    }
  },
}

const pathMissing = ruleCheck('path-missing', 'warning', (rule, { host }) => {
  const field = fieldOf(rule, 'path', 'dir', 'exe')
  if (host === undefined || field === undefined) return undefined
  const { name, value } = field
  const itself = (name === 'dir' && !rule.watch) || /^\/(proc|sys)\//.test(value)
  const wanted = itself ? value : parent(value)
  if (host.exists(wanted)) return undefined
  return {
    at: field.at,
    message: `this host has no ${wanted}: the rule does not load, and without -i or -c nothing behind it`,
    advice:
      'leave the rule out on this host; a directory that is made later is not watched before the rules are loaded again',
  }
})

/** A rule about a file loads where the folder exists: it waits for the file; but not in /proc and /sys. */
const parent = (path: string): string => path.replace(/\/+$/, '').replace(/\/[^/]*$/, '') || '/'

const carriageReturn: Check = {
  name: 'carriage-return',
  severity: 'error',
  *run({ text }) {
    const at = text.split('\n').findIndex((line) => line.endsWith('\r'))
    if (at < 0) return
    yield {
      at: { line: at + 1, column: 1, endColumn: 1 },
      message: 'lines end as on Windows; auditctl takes the carriage return for a part of the last word',
      advice: 'save the file with Unix line ends',
    }
  },
}

export const VALUE_CHECKS: readonly Check[] = [
  positiveErrno,
  misread,
  wildcard,
  userUnknown,
  pathMissing,
  carriageReturn,
]
