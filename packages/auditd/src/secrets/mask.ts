/**
 * Masks what is secret in command lines: in arguments as the kernel recorded them, and in lines as they were typed.
 *
 * What it can know is what the command's manual says (`-p` of mysql), what a name says (`--password`, `TOKEN=`) and
 * what a secret looks like (`ghp_…`). A password that stands where no rule expects one is not found: see
 * `packages/auditd/src/secrets/README.md`. When in doubt it masks: the raw record keeps the truth.
 */
import { parseShellLine, type ShellCommand } from '../shell/parse.js'
import { assignment, knownText, literalWord, type ShellWord } from '../shell/words.js'
import {
  COMMANDS,
  PLAIN_NAMES,
  READS_SECRET,
  SECRET_NAME,
  SECRET_OPTION,
  SECRET_TEXT,
  type SecretPart,
  SUSPICIOUS,
  WRAPPERS,
} from './vocabulary.js'

/** What stands in the place of a secret; its length says nothing. */
export const MASK = '********'

/** A range of a text. */
interface Range {
  readonly from: number
  readonly to: number
}

const NAMED_VALUE = new RegExp(
  `(?<![A-Za-z0-9_.-])(${SECRET_NAME})(["']?\\s*[:=]\\s*)(?:"([^"]*)"|'([^']*)'|([^\\s"'&;,|)}]+))`,
  'gi',
)
const MAX_SCRIPTS = 4
/** Characters of one argument that are searched for secrets by their looks. */
const MAX_SEARCHED = 1 << 16

/** What holds no letter of a secret: empty, a variable, a mask, or a word that says where the secret is. */
function isHarmless(value: string): boolean {
  return value === '' || value === '-' || HARMLESS.test(value)
}

const HARMLESS = /^(?:(?:all|true|false|yes|no|none|null|\$[a-z_][a-z0-9_]*|\*+)$|\$[{(]|[`<%{])/i

/** The secret parts of a text, whatever command it belongs to. */
function secretText(whole: string): Range[] {
  const found: Range[] = []
  const text = whole.length > MAX_SEARCHED ? whole.slice(0, MAX_SEARCHED) : whole
  for (const pattern of SECRET_TEXT) {
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? match[0]
      if (isHarmless(secret)) continue
      const from = match.index + match[0].lastIndexOf(secret)
      found.push({ from, to: from + secret.length })
    }
  }
  for (const match of text.matchAll(NAMED_VALUE)) {
    const [all, name, , double, single, bare] = match
    const value = double ?? single ?? bare ?? ''
    if (isHarmless(value) || PLAIN_NAMES.has(name!)) continue
    const from = match.index + all.length - value.length - (bare === undefined ? 1 : 0)
    found.push({ from, to: from + value.length })
  }
  return found
}

function replaceRanges(text: string, ranges: readonly Range[]): string {
  const sorted = [...ranges].filter(({ from, to }) => to > from).sort((a, b) => a.from - b.from)
  let result = ''
  let at = 0
  for (let i = 0; i < sorted.length; ) {
    const { from } = sorted[i]!
    let { to } = sorted[i]!
    for (i++; i < sorted.length && sorted[i]!.from <= to; i++) to = Math.max(to, sorted[i]!.to)
    result += text.slice(at, from) + MASK
    at = to
  }
  return result + text.slice(at)
}

function baseName(command: string): string {
  return command.slice(command.lastIndexOf('/') + 1)
}

/** Where the secret part of an option's value begins; undefined if it has none. */
function secretFrom(value: string, part: SecretPart): number | undefined {
  if (part === 'value' || part === 'attached') return isHarmless(value) ? undefined : 0
  const at = value.indexOf(part === 'after-colon' ? ':' : part === 'after-percent' ? '%' : '/')
  if (at < 0 || isHarmless(value.slice(at + 1))) return undefined
  return at + 1
}

/** Characters of an argument that may be shown; the rest of it is secret. Undefined: all of it may. */
type Keep = number | undefined

/**
 * For each argument how much of it may be shown.
 * @param args the command and its arguments; what is not known of them is left out
 */
function argumentSecrets(args: readonly string[]): Keep[] {
  const keep: Keep[] = new Array(args.length).fill(undefined)
  let command = 0
  for (;;) {
    const name = baseName(args[command] ?? '')
    const rules = COMMANDS.get(name)
    const first = command + 1
    const operands: number[] = []
    let wrapped: number | undefined
    for (let i = first; i < args.length; i++) {
      const arg = args[i]!
      if (arg.startsWith('-') && arg.length > 1) {
        const options =
          rules?.subcommand === undefined || args.includes(rules.subcommand) ? rules?.options : undefined
        const taken = optionSecret(args, i, options, rules?.flags, keep)
        i += taken
        continue
      }
      if (WRAPPERS.has(name) && (wrapped === undefined || COMMANDS.has(baseName(arg)))) {
        if (/^[A-Za-z_][A-Za-z0-9_]*=/.test(arg)) continue
        // The command may stand behind values of the wrapper's options: the first known one is it.
        wrapped ??= i
        if (COMMANDS.has(baseName(arg)) || WRAPPERS.has(baseName(arg))) {
          wrapped = i
          break
        }
      }
      operands.push(i)
    }
    if (rules?.operands !== undefined) {
      const isGiven = rules.with === undefined || args.some((arg) => rules.with!.includes(arg))
      const isBehind = (rules.after ?? []).every((word, i) => args[operands[i] ?? -1] === word)
      for (const place of isGiven && isBehind ? rules.operands : []) {
        const at = operands.at(place)
        if (at !== undefined) keep[at] = secretFrom(args[at]!, rules.operandPart ?? 'value')
      }
    }
    if (wrapped === undefined || wrapped <= command) return keep
    command = wrapped
  }
}

/** Marks the secret of the option at `at`; gives the number of arguments behind it that belong to it. */
function optionSecret(
  args: readonly string[],
  at: number,
  options: Readonly<Record<string, SecretPart>> | undefined,
  flags: string | undefined,
  keep: Keep[],
): number {
  const arg = args[at]!
  const inNext = (part: SecretPart): number => {
    const next = args[at + 1]
    if (part === 'attached' || next === undefined) return 0
    const from = secretFrom(next, part)
    if (from === undefined || (from === 0 && next.startsWith('-'))) return 0
    keep[at + 1] = from
    return 1
  }
  const equals = arg.indexOf('=')
  const name = equals < 0 ? arg : arg.slice(0, equals)
  const part = options?.[name] ?? (SECRET_OPTION.test(name) && name.length > 3 ? 'value' : undefined)
  if (part !== undefined) {
    if (equals < 0) return inNext(part)
    const from = secretFrom(arg.slice(equals + 1), part)
    if (from !== undefined) keep[at] = equals + 1 + from
    return 0
  }
  if (options === undefined || arg.startsWith('--')) return 0
  // -pX, -sSu X
  for (let letter = 1; letter < arg.length; letter++) {
    const short = options[`-${arg[letter]}`]
    if (short !== undefined) {
      if (letter + 1 === arg.length) return inNext(short)
      const from = secretFrom(arg.slice(letter + 1), short)
      if (from !== undefined) keep[at] = letter + 1 + from
      return 0
    }
    if (!flags?.includes(arg[letter]!)) return 0
  }
  return 0
}

/** Index of the arguments that are a command line of their own (`sh -c …`, `ssh host …`). */
function scriptArguments(args: readonly string[]): number[] {
  const found: number[] = []
  for (let command = 0; command < args.length; command++) {
    const rules = COMMANDS.get(baseName(args[command]!))
    if (rules?.script === undefined) {
      if (command === 0 && !WRAPPERS.has(baseName(args[0]!))) return found
      continue
    }
    if (rules.script === '') {
      for (let i = command + 1; i < args.length; i++) if (args[i]!.includes(' ')) found.push(i)
      return found
    }
    const option = new RegExp(`^-[${rules.flags ?? ''}]*${rules.script.slice(1)}$`)
    const at = args.findIndex((arg, i) => i > command && (option.test(arg) || arg === '--command'))
    if (at >= 0 && at + 1 < args.length) found.push(at + 1)
    return found
  }
  return found
}

function mayHoldSecrets(args: readonly string[]): boolean {
  const name = baseName(args[0] ?? '')
  if (COMMANDS.has(name) || WRAPPERS.has(name)) return true
  return args.some(isSuspicious)
}

function isSuspicious(text: string): boolean {
  return SUSPICIOUS.test(text.length > MAX_SEARCHED ? text.slice(0, MAX_SEARCHED) : text)
}

/** The arguments of an exec with their secrets masked; the same list if there are none. */
export function maskArguments(args: readonly string[]): readonly string[] {
  return mayHoldSecrets(args) ? maskArgumentsWithin(args, MAX_SCRIPTS) : args
}

function maskArgumentsWithin(args: readonly string[], scripts: number): readonly string[] {
  const keep = argumentSecrets(args)
  const isScript = new Set(scripts > 0 ? scriptArguments(args) : [])
  let changed = false
  const masked = args.map((arg, i) => {
    const shown = keep[i]
    const result =
      shown !== undefined
        ? arg.slice(0, shown) + MASK
        : isScript.has(i)
          ? maskLineWithin(arg, scripts - 1)
          : isSuspicious(arg)
            ? replaceRanges(arg, secretText(arg))
            : arg
    if (result !== arg) changed = true
    return result
  })
  return changed ? masked : args
}

/**
 * A command line (typed, or arguments joined by blanks) with its secrets masked; the same text if there are none.
 * Everything else of it stays as it was.
 */
export function maskCommandLine(text: string): string {
  return maskLineWithin(text, MAX_SCRIPTS)
}

const QUICK = new RegExp(
  `(?:^|[\\s/;|&("'\`])(?:${[...COMMANDS.keys(), ...READS_SECRET.keys()].map((name) => name.replace(/[.+]/g, '\\$&')).join('|')})(?:$|\\s)`,
)

function maskLineWithin(text: string, scripts: number): string {
  if (!isSuspicious(text) && !QUICK.test(text)) return text
  const ranges = secretText(text)
  const { commands } = parseShellLine(text)
  for (const [i, command] of commands.entries()) {
    ranges.push(...wordSecrets(text, command, scripts))
    for (const word of command.assignments) ranges.push(...assignmentSecret(text, word))
    if (readsSecret(command)) ranges.push(...handedOver(commands, i))
  }
  return replaceRanges(text, ranges)
}

function wordSecrets(text: string, { words }: ShellCommand, scripts: number): Range[] {
  const args = words.map(knownText)
  const found: Range[] = []
  const keep = argumentSecrets(args)
  for (const [i, word] of words.entries()) {
    if (word.from < 0) continue
    const shown = keep[i]
    // A variable in the place of a secret shows nothing of it.
    if (shown !== undefined && args[i]!.length > shown)
      found.push(rangeBehind(text, word, args[i]!.slice(0, shown)))
    else if (args[0] === 'export' || args[0] === 'declare' || args[0] === 'set' || args[0] === 'setenv')
      found.push(...assignmentSecret(text, word))
  }
  if (scripts > 0) {
    for (const i of scriptArguments(args)) {
      const word = words[i]!
      const script = literalWord(word)
      if (word.from < 0 || script === undefined) continue
      const masked = maskLineWithin(script, scripts - 1)
      if (masked === script) continue
      // The script's own places are those of its text without quotes: where they differ all of it is masked.
      const source = text.slice(word.from, word.to)
      const at = source.indexOf(script)
      if (at < 0) found.push(word)
      else
        for (const range of differences(script, masked))
          found.push({ from: word.from + at + range.from, to: word.from + at + range.to })
    }
  }
  return found
}

/** The ranges of `text` that `masked` has a mask for. */
function differences(text: string, masked: string): Range[] {
  const found: Range[] = []
  const shown = masked.split(MASK)
  let at = shown[0]!.length
  for (let i = 1; i < shown.length; i++) {
    const next = shown[i]!
    const to = i === shown.length - 1 ? text.length - next.length : text.indexOf(next, at)
    found.push({ from: at, to: Math.max(at, to) })
    at = Math.max(at, to) + next.length
  }
  return found
}

function assignmentSecret(text: string, word: ShellWord): Range[] {
  const found = assignment(word)
  if (found === undefined || word.from < 0) return []
  const { name, value } = found
  if (PLAIN_NAMES.has(name) || !SECRET_ASSIGNMENT.test(name) || isHarmless(knownText(value))) return []
  return [rangeBehind(text, word, text.slice(word.from, value.from))]
}

const SECRET_ASSIGNMENT = new RegExp(`^(?:${SECRET_NAME}|[A-Za-z0-9_]*PASS)$`, 'i')

/** The place of a word behind the characters that may be shown; all of it where quotes hide where they end. */
function rangeBehind(text: string, word: ShellWord, shown: string): Range {
  const source = text.slice(word.from, word.to)
  if (source.startsWith(shown)) return { from: word.from + shown.length, to: word.to }
  const quote = source[0]
  if ((quote === '"' || quote === "'") && source.startsWith(shown, 1)) {
    const end = source.length > 1 && source.endsWith(quote) ? 1 : 0
    return { from: word.from + 1 + shown.length, to: word.to - end }
  }
  return { from: word.from, to: word.to }
}

function readsSecret({ words }: ShellCommand): boolean {
  const args = words.map(knownText)
  for (const [i, arg] of args.entries()) {
    const options = READS_SECRET.get(baseName(arg))
    if (options === undefined) {
      if (i === 0 && !WRAPPERS.has(baseName(arg))) return false
      continue
    }
    if (options.length === 0 || args.some((other, at) => at > i && options.includes(other))) return true
  }
  return false
}

/** What is piped or handed to a command that reads a secret. */
function handedOver(commands: readonly ShellCommand[], reader: number): Range[] {
  const found: Range[] = []
  const { redirections, pipeline } = commands[reader]!
  for (const { operator, target } of redirections) {
    if (operator === '<<<' && target !== undefined) found.push(target)
  }
  for (let i = reader - 1; i >= 0 && commands[i]!.pipeline === pipeline; i--) {
    const { words } = commands[i]!
    const name = baseName(knownText(words[0] ?? { from: 0, to: 0, pieces: [] }))
    if (name !== 'echo' && name !== 'printf' && name !== 'print') continue
    const told = words.slice(1).filter((word) => word.from >= 0 && !/^-[neE]+$/.test(knownText(word)))
    for (const word of told) if (!isHarmless(knownText(word))) found.push(word)
  }
  return found
}
