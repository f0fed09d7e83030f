/**
 * Reads a rules file as auditctl(8) does, and says why a line is refused: auditctl -R itself often says nothing, and
 * loads what stands before the line.
 *
 * A line is read from left to right and order counts: the list before the fields, the architecture before the
 * system calls, what a key belongs to before the key. `cases.json` holds what auditctl 3.0.9 said to each oddity.
 */
import { CONTROLS } from './options.js'
import type {
  Action,
  Comparison,
  Control,
  Field,
  Finding,
  List,
  Machine,
  Named,
  Rule,
  RulesFile,
  Span,
  Statement,
} from './rules.js'
import { ruleLines, tokens } from './tokens.js'
import { checkedComparison, checkedField, checkedSyscalls, RefusedLine, type RuleHead } from './values.js'

export interface ParseOptions {
  /** Machine that b64 and b32 and rules without arch are for. Default x86_64. */
  readonly machine?: Machine
}

const LISTS: ReadonlySet<string> = new Set(['task', 'exit', 'user', 'exclude', 'filesystem', 'io_uring'])
const ACTIONS: ReadonlySet<string> = new Set(['always', 'never'])
const CHANGES: Readonly<Record<string, Rule['change']>> = { '-a': 'append', '-A': 'prepend', '-d': 'delete' }
const RULE_OPTIONS = 'aAdFCSkpwW'

/** Bytes of all keys of a rule, with a separator between them. */
const MAX_KEY_BYTES = 256
const MAX_FIELDS = 64

export function parseRules(text: string, options: ParseOptions = {}): RulesFile {
  const statements: Statement[] = []
  const problems: Finding[] = []
  for (const line of ruleLines(text)) {
    try {
      statements.push(...parseLine(tokens(line.text, line.line), options.machine ?? 'x86_64'))
    } catch (error) {
      if (!(error instanceof RefusedLine)) throw error
      problems.push(error.finding)
    }
  }
  return { statements, problems }
}

interface Option {
  readonly flag: string
  readonly at: Span
  readonly value: Named | undefined
}

function parseLine(words: readonly Named[], machine: Machine): Statement[] {
  const first = words[0]!
  if (!first.text.startsWith('-')) {
    const tab = first.text.includes('\t')
    throw new RefusedLine(
      tab ? 'tab' : 'no-option',
      first.at,
      tab
        ? 'the line begins with a tab, which auditctl does not take for a blank'
        : `a line begins with an option, not with "${first.text}"`,
      tab ? 'use spaces' : 'begin it with -a or -w, or with # if it is a comment',
    )
  }
  const options = [...readOptions(words)]
  const at = { ...first.at, endColumn: words.at(-1)!.at.endColumn }
  return options.some(({ flag }) => flag in CONTROLS)
    ? parseControls(options, at)
    : [parseRule(options, at, machine)]
}

function* readOptions(words: readonly Named[]): Generator<Option> {
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!
    const equals = word.text.indexOf('=')
    const long = word.text.startsWith('--')
    const flag = long ? (equals < 0 ? word.text : word.text.slice(0, equals)) : word.text.slice(0, 2)
    const rest = long ? (equals < 0 ? '' : word.text.slice(equals + 1)) : word.text.slice(2)
    const known =
      flag in CONTROLS || (flag.length === 2 && flag[0] === '-' && RULE_OPTIONS.includes(flag[1]!))
    if (!known) throw unexpected(word)
    const takesValue = flag in CONTROLS ? CONTROLS[flag]!.value !== undefined : true
    if (!takesValue) {
      if (rest !== '') throw unexpected(word)
      yield { flag, at: word.at, value: undefined }
    } else if (rest !== '') {
      const column = word.at.endColumn - rest.length
      yield { flag, at: word.at, value: { text: rest, at: { ...word.at, column } } }
    } else {
      const value = words[++i]
      if (value === undefined) {
        throw new RefusedLine(
          'no-value',
          word.at,
          `${flag} stands without its value`,
          `write the value after ${flag}`,
        )
      }
      yield { flag, at: word.at, value }
    }
  }
}

function unexpected(word: Named): RefusedLine {
  const { text, at } = word
  if (text.includes('\t')) {
    return new RefusedLine(
      'tab',
      at,
      'a tab stands here, which auditctl does not take for a blank',
      'use spaces',
    )
  }
  if (text.startsWith('#')) {
    return new RefusedLine(
      'comment-after-rule',
      at,
      'a comment stands behind the rule; auditctl knows them only on lines of their own',
      'put the comment on the line before',
    )
  }
  if (text.startsWith('-')) {
    return new RefusedLine('option-unknown', at, `${text} is no option of auditctl`, 'see auditctl(8)')
  }
  return new RefusedLine(
    'stray-word',
    at,
    `"${text}" belongs to no option`,
    'remove it, or put the option that it belongs to before it (a value has no blanks; a path writes one as "\\ ")',
  )
}

/** One control, or several that have a value each: `-b 8192 -f 1`. */
function parseControls(options: readonly Option[], at: Span): Control[] {
  const [first, second, third] = options
  if (first!.flag === '-D' && second?.flag === '-k' && third === undefined) {
    return [{ kind: 'control', option: '-D', value: second.value!.text, at }]
  }
  const lonely = options.length > 1 && options.some(({ flag }) => CONTROLS[flag]?.value === undefined)
  if (lonely) {
    throw new RefusedLine(
      'one-thing-a-line',
      second!.at,
      `${second!.flag} can not stand on a line with ${first!.flag}`,
      'put it on a line of its own',
    )
  }
  return options.map(({ flag, value }) => {
    if (value !== undefined) refuseControlValue(flag, value)
    return { kind: 'control', option: flag, value: value?.text, at }
  })
}

function refuseControlValue(flag: string, { text, at }: Named): void {
  const { value, minimum = 0, maximum, does } = CONTROLS[flag]!
  if (value === 'number') {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= minimum && number <= (maximum ?? Number.POSITIVE_INFINITY)) return
    const range = maximum === undefined ? `from ${minimum} up` : `from ${minimum} to ${maximum}`
    throw new RefusedLine(
      'number-range',
      at,
      `${flag} takes a number ${range}, not "${text}"`,
      `${flag} ${does}`,
    )
  }
  if (value === 'pair' && !/^[^,]+,[^,]+$/.test(text)) {
    throw new RefusedLine(
      'pair-missing',
      at,
      `${flag} takes two paths, not "${text}"`,
      `write PATH,PATH without a blank: ${flag} ${does}`,
    )
  }
}

function parseRule(options: readonly Option[], at: Span, machine: Machine): Rule {
  let head: RuleHead | undefined
  let change: Rule['change'] = 'append'
  let watch = false
  let permissions: Field | undefined
  const syscalls: Named[] = []
  const fields: Field[] = []
  const comparisons: Comparison[] = []
  const keys: Named[] = []

  const heads = (option: Option): void => {
    if (head === undefined) return
    throw new RefusedLine(
      'one-thing-a-line',
      option.at,
      `a second ${option.flag} on one line`,
      'one rule a line',
    )
  }
  const needsHead = (option: Option): RuleHead => {
    if (head !== undefined) return head
    throw new RefusedLine(
      'list-first',
      option.at,
      `${option.flag} stands before -a or -w`,
      'begin the line with -a or -w',
    )
  }
  /** Words that a key can belong to: auditctl refuses one that comes before them. */
  const hasSubject = () =>
    watch ||
    syscalls.length > 0 ||
    fields.some(({ name }) => ['path', 'dir', 'exe', 'perm', 'fstype'].includes(name))

  for (const option of options) {
    const value = option.value!
    switch (option.flag) {
      case '-a':
      case '-A':
      case '-d':
        heads(option)
        head = parseHead(value)
        change = CHANGES[option.flag]!
        break
      case '-w':
      case '-W':
        heads(option)
        head = { action: 'always', list: 'exit' }
        change = option.flag === '-w' ? 'append' : 'delete'
        watch = true
        fields.push(watchedPath(value))
        break
      case '-F': {
        const field = checkedField(value, needsHead(option), { machine, afterSyscalls: syscalls.length > 0 })
        if (field.name === 'key') keys.push({ text: field.value, at: field.at })
        else fields.push(field)
        break
      }
      case '-C':
        comparisons.push(checkedComparison(value, needsHead(option)))
        break
      case '-S':
        // The only option that auditctl takes before -a.
        syscalls.push(...checkedSyscalls(value, head, fields, machine))
        break
      case '-k':
        if (head === undefined || !hasSubject()) {
          throw new RefusedLine(
            'key-first',
            option.at,
            '-k stands before what it is a key of: a watch, a system call, a path, a directory or a program',
            head?.list === 'exclude' || head?.list === 'user' || head?.list === 'task'
              ? `remove it: rules of the list ${head.list} can have no key`
              : 'put -k at the end of the line, and name system calls with -S',
          )
        }
        keys.push(value)
        break
      case '-p':
        if (head === undefined || (!watch && fields.length === 0 && syscalls.length === 0)) {
          throw new RefusedLine(
            'permissions-first',
            option.at,
            '-p stands before what it is about',
            'put it behind the path',
          )
        }
        permissions = checkedField({ text: `perm=${value.text}`, at: value.at }, head, {
          machine,
          afterSyscalls: false,
        })
        fields.push(permissions)
        break
    }
  }

  if (head === undefined)
    throw new RefusedLine('list-first', at, 'the line names no list', 'begin the line with -a or -w')
  if (watch && !fields.some(({ name }) => name === 'perm')) {
    fields.splice(1, 0, { name: 'perm', operator: '=', value: 'rwxa', at: fields[0]!.at })
  }
  refuseBadWhole({ head, syscalls, fields, comparisons, keys }, hasSubject(), at)
  return { kind: 'rule', change, ...head, syscalls, fields, comparisons, keys, watch, at }
}

function parseHead(value: Named): RuleHead {
  const [one = '', two = '', ...more] = value.text.split(',')
  const [list, action] = LISTS.has(one) ? [one, two] : [two, one]
  if (more.length === 0 && LISTS.has(list) && ACTIONS.has(action)) {
    return { list: list as List, action: action as Action }
  }
  const bad = [one, two].find((word) => word !== '' && !LISTS.has(word) && !ACTIONS.has(word))
  const old =
    bad === 'entry'
      ? 'the list entry is gone: write exit'
      : bad === 'possible'
        ? 'the action possible is gone: write always'
        : undefined
  throw new RefusedLine(
    'list-and-action',
    value.at,
    bad === undefined
      ? `"${value.text}" is not a list and an action`
      : `"${bad}" is neither a list nor an action`,
    old ?? `write ACTION,LIST without a blank: ${[...ACTIONS].join(' or ')}, and ${[...LISTS].join(', ')}`,
  )
}

function watchedPath(value: Named): Field {
  if (!value.text.startsWith('/')) {
    const quoted = value.text.startsWith('"')
    throw new RefusedLine(
      'path-relative',
      value.at,
      quoted
        ? 'the path stands in quotes, which auditctl takes for a part of it'
        : `the path "${value.text}" does not begin with /`,
      quoted ? 'write it bare; a blank in it is "\\ "' : 'write the whole path',
    )
  }
  return {
    name: value.text.endsWith('/') && value.text !== '/' ? 'dir' : 'path',
    operator: '=',
    value: value.text,
    at: value.at,
  }
}

interface Parts {
  readonly head: RuleHead
  readonly syscalls: readonly Named[]
  readonly fields: readonly Field[]
  readonly comparisons: readonly Comparison[]
  readonly keys: readonly Named[]
}

/** What can be said only of the whole line. */
function refuseBadWhole(
  { head, syscalls, fields, comparisons, keys }: Parts,
  hasSubject: boolean,
  at: Span,
): void {
  const key = keys[0]
  if (key !== undefined && !hasSubject) {
    throw new RefusedLine(
      'key-first',
      key.at,
      'a key without a system call, path, directory or program',
      'name what the rule is about, as -S all',
    )
  }
  const bytes = keys.reduce((sum, { text }) => sum + Buffer.byteLength(text) + 1, -1)
  if (bytes > MAX_KEY_BYTES) {
    throw new RefusedLine(
      'key-long',
      key!.at,
      `the keys have ${bytes} bytes; the kernel takes ${MAX_KEY_BYTES}`,
      'shorten them',
    )
  }
  if (fields.length + comparisons.length > MAX_FIELDS) {
    throw new RefusedLine(
      'fields-many',
      at,
      `${fields.length + comparisons.length} fields; the kernel takes ${MAX_FIELDS}`,
      'split the rule',
    )
  }
  const objects = fields.filter(({ name }) => name === 'path' || name === 'dir' || name === 'inode')
  if (objects.length > 1) {
    throw new RefusedLine(
      'one-object',
      objects[1]!.at,
      'a rule takes one of path, dir and inode',
      'write a rule for each',
    )
  }
  const programs = fields.filter(({ name }) => name === 'exe')
  if (programs.length > 1) {
    throw new RefusedLine(
      'one-object',
      programs[1]!.at,
      'a rule takes one exe',
      'write a rule for each program',
    )
  }
  if (head.list === 'filesystem' && !fields.some(({ name }) => name === 'fstype')) {
    throw new RefusedLine(
      'fstype-missing',
      at,
      'a rule of the list filesystem names no fstype',
      'add -F fstype=tracefs or debugfs',
    )
  }
  if (syscalls.length > 0 && head.list !== 'exit' && head.list !== 'io_uring') {
    throw new RefusedLine(
      'syscall-list',
      syscalls[0]!.at,
      `the list ${head.list} knows no system calls`,
      'remove -S, or use the list exit',
    )
  }
}
