/**
 * Stacks of PAM, as pam.conf(5) has them: which modules a service runs, through all files that it includes.
 * A line is `type control module arguments`; Debian includes with `@include FILE`, Red Hat with the controls include
 * and substack.
 */

export interface PamLine {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** auth, account, password or session. */
  readonly type: string
  /** required, optional, or what stands in brackets. */
  readonly control: string
  /** As written: `pam_unix.so` or a path. */
  readonly module: string
  readonly args: readonly string[]
  /** A leading `-`: no complaint where the module is not on the disk. */
  readonly mayBeAbsent: boolean
}

export interface PamProblem {
  readonly file: string
  readonly line: number
  readonly message: string
}

export interface PamStack {
  readonly lines: readonly PamLine[]
  readonly problems: readonly PamProblem[]
}

const TYPES: ReadonlySet<string> = new Set(['auth', 'account', 'password', 'session'])
const CONTROLS: ReadonlySet<string> = new Set([
  'required',
  'requisite',
  'sufficient',
  'optional',
  'include',
  'substack',
])
const MAX_DEPTH = 16

export const PAM_FOLDER = '/etc/pam.d'

/** The stack of a service. `read` gives the text of a file of the PAM folder. */
export function pamStack(service: string, read: (file: string) => string | undefined): PamStack {
  const lines: PamLine[] = []
  const problems: PamProblem[] = []
  follow(service, undefined, 0, read, lines, problems)
  return { lines, problems }
}

function follow(
  file: string,
  onlyType: string | undefined,
  depth: number,
  read: (file: string) => string | undefined,
  lines: PamLine[],
  problems: PamProblem[],
): void {
  const text = read(file)
  if (text === undefined) {
    problems.push({
      file,
      line: 0,
      message: `there is no ${file.startsWith('/') ? file : `${PAM_FOLDER}/${file}`}`,
    })
    return
  }
  for (const { line, content } of logicalLines(text)) {
    const complain = (message: string) => problems.push({ file, line, message })
    const include = /^@include\s+(\S+)\s*$/.exec(content)
    const entry = include === null ? parseEntry(content) : undefined
    const deeper =
      include?.[1] ?? (entry !== undefined && isInclude(entry.control) ? entry.module : undefined)
    if (include === null && entry === undefined) {
      complain(`"${content}" is no line of PAM`)
    } else if (deeper !== undefined) {
      if (depth >= MAX_DEPTH) complain(`includes ${deeper} in a circle`)
      else if (entry === undefined || onlyType === undefined || onlyType === entry.type) {
        follow(deeper, entry?.type ?? onlyType, depth + 1, read, lines, problems)
      }
    } else if (entry !== undefined && (onlyType === undefined || onlyType === entry.type)) {
      lines.push({ file, line, ...entry })
    }
  }
}

const isInclude = (control: string): boolean => control === 'include' || control === 'substack'

/** Lines without comments; a backslash at the end joins the next. */
function* logicalLines(text: string): Generator<{ line: number; content: string }> {
  let start = 0
  let joined = ''
  for (const [i, raw] of text.split('\n').entries()) {
    const part = raw.replace(/(^|\s)#.*$/, '')
    if (joined === '') start = i + 1
    if (part.endsWith('\\')) {
      joined += `${part.slice(0, -1)} `
      continue
    }
    const content = (joined + part).trim()
    joined = ''
    if (content !== '') yield { line: start, content }
  }
}

function parseEntry(content: string): Omit<PamLine, 'file' | 'line'> | undefined {
  const match = /^(-?)(\w+)\s+(\[[^\]]*\]|\S+)\s+(\S+)\s*(.*)$/.exec(content)
  if (match === null) return undefined
  const [, dash, type, control, module, rest] = match as unknown as [
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  if (!TYPES.has(type.toLowerCase())) return undefined
  if (!control.startsWith('[') && !CONTROLS.has(control.toLowerCase())) return undefined
  const args = rest.match(/\[(?:\\\]|[^\]])*\]|\S+/g) ?? []
  return { type: type.toLowerCase(), control: control.toLowerCase(), module, args, mayBeAbsent: dash === '-' }
}

/** `pam_unix.so` of a module written as a path. */
export const moduleName = (module: string): string => module.slice(module.lastIndexOf('/') + 1)

export const sessionLines = (stack: PamStack, module: string): PamLine[] =>
  stack.lines.filter((line) => line.type === 'session' && moduleName(line.module) === module)

export interface TtyAudit {
  /** Whether typing of people (an ordinary user) is recorded. */
  readonly people: boolean
  readonly root: boolean
  readonly passwords: boolean
  /** Needed where one process opens and closes the session (sudo, su). */
  readonly openOnly: boolean
}

/**
 * What the arguments of pam_tty_audit do: the last enable= or disable= that names a user decides, and without any
 * of them the module changes nothing.
 */
export function ttyAudit(args: readonly string[]): TtyAudit {
  const decide = (user: string, uid: number): boolean => {
    let on = false
    for (const arg of args) {
      const match = /^(enable|disable)=(.*)$/.exec(arg)
      if (match?.[2]?.split(',').some((pattern) => matches(pattern, user, uid))) on = match[1] === 'enable'
    }
    return on
  }
  return {
    people: decide('somebody', 1000),
    root: decide('root', 0),
    passwords: args.includes('log_passwd'),
    openOnly: args.includes('open_only'),
  }
}

/** A shell pattern for the name, or a range of ids `1000:2000` open at either side. */
function matches(pattern: string, user: string, uid: number): boolean {
  const range = /^(\d*):(\d*)$/.exec(pattern)
  if (range !== null) {
    const [, from = '', to = ''] = range
    return uid >= Number(from || 0) && uid <= Number(to || Number.POSITIVE_INFINITY)
  }
  const expression = pattern
    .replace(/[.+^${}()|\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  try {
    return new RegExp(`^${expression}$`).test(user)
  } catch {
    return pattern === user
  }
}
