/** What rules cost: the kernel tries the rules of system calls at each call of each process. */
import { canonicalRule } from '../canonical.js'
import { fieldOf, type Rule } from '../rules.js'
import { type Check, ruleCheck } from './check.js'

/** The rules that do what a watch does, faster: one for each size of call. */
export function withoutWatch(rule: Rule): string[] {
  const place = fieldOf(rule, 'path', 'dir')!
  const others = rule.fields.filter((field) => field !== place)
  const words = [
    `-F ${place.name}=${place.value.replaceAll(' ', '\\ ')}`,
    ...others.map(({ name, operator, value }) => `-F ${name}${operator}${value}`),
    ...rule.keys.map(({ text }) => `-F key=${text}`),
  ].join(' ')
  return ['b64', 'b32'].map((arch) => `-a always,exit -F arch=${arch} ${words}`)
}

const oldWatch = ruleCheck('watch-old', 'info', (rule) => {
  if (!rule.watch || rule.change === 'delete') return undefined
  return {
    at: rule.at,
    message: '-w is the old way to write a watch: it is slower, as it is tried at every call',
    advice: `write ${withoutWatch(rule).join(' and ')} (dir= for a folder)`,
  }
})

const archMissing = ruleCheck('arch-missing', 'warning', (rule) => {
  if (rule.watch || rule.list !== 'exit' || fieldOf(rule, 'arch') !== undefined) return undefined
  const named = rule.syscalls.filter(({ text }) => text !== 'all')
  if (named.length > 0) {
    return {
      at: named[0]!.at,
      message: `the number of ${named[0]!.text} is another call in 32-bit programs, and this rule matches both`,
      advice: 'write the rule twice, with -F arch=b64 and -F arch=b32 before -S',
    }
  }
  return undefined
})

const everyCall = ruleCheck('every-call', 'warning', (rule) => {
  if (rule.action !== 'always' || rule.list !== 'exit' || rule.watch) return undefined
  if (rule.syscalls.length > 0 && !rule.syscalls.some(({ text }) => text === 'all')) return undefined
  if (fieldOf(rule, 'path', 'dir', 'exe', 'perm', 'inode', 'pid') !== undefined) return undefined
  if (rule.fields.some(({ name, value }) => name === 'arch' && value.toLowerCase() === 'b32'))
    return undefined
  return {
    at: rule.at,
    message: 'this rule records every system call, thousands a second',
    advice: 'name the calls with -S',
  }
})

const BUSY: Readonly<Record<string, string>> = {
  connect: 'each lookup of a name',
  socket: 'each lookup of a name',
  open: 'each program that starts',
  openat: 'each program that starts',
  semop: 'each database',
  bpf: 'each systemd service',
  clone: 'each process',
}

const NARROWING = [
  'auid',
  'uid',
  'euid',
  'exe',
  'path',
  'dir',
  'exit',
  'success',
  'pid',
  'ppid',
  'sessionid',
  'subj_type',
  'obj_type',
]

const busy = ruleCheck('busy', 'info', (rule) => {
  if (rule.action !== 'always' || rule.list !== 'exit') return undefined
  const call = rule.syscalls.find(({ text }) => text in BUSY)
  if (call === undefined || rule.comparisons.length > 0) return undefined
  if (fieldOf(rule, ...NARROWING, 'a0', 'a1', 'a2', 'a3', 'saddr_fam') !== undefined) return undefined
  return {
    at: call.at,
    message: `${call.text} is called by ${BUSY[call.text]}`,
    advice: 'narrow the rule: -F auid>=1000 -F auid!=unset for people',
  }
})

const mergeable: Check = {
  name: 'mergeable',
  severity: 'info',
  *run({ rules }) {
    const groups = new Map<string, Rule[]>()
    for (const rule of rules) {
      if (rule.watch || rule.list !== 'exit' || rule.syscalls.length === 0) continue
      const canonical = canonicalRule({ ...rule, syscalls: [] })
      groups.set(canonical, [...(groups.get(canonical) ?? []), rule])
    }
    for (const group of groups.values()) {
      const [first, ...others] = group
      if (first === undefined || others.length === 0) continue
      const calls = [...new Set(group.flatMap(({ syscalls }) => syscalls.map(({ text }) => text)))]
      yield {
        at: others[0]!.at,
        message: `${others.length === 1 ? 'this rule differs' : `${others.length} rules differ`} from line ${first.at.line} only in the call, and each is tried at every call`,
        advice: `write one rule with -S ${calls.join(',')}`,
      }
    }
  },
}

export const COST_CHECKS: readonly Check[] = [oldWatch, archMissing, everyCall, busy, mergeable]
