/** The audit.rules language as data: what auditctl(8) reads from a line of a rules file. */

/** Whose table of system calls a name is looked up in. */
export type Machine = 'x86_64' | 'i386' | 'aarch64' | 'arm'

/** A place in a rules file; line and columns count from 1, `endColumn` is the one after the last. */
export interface Span {
  readonly line: number
  readonly column: number
  readonly endColumn: number
}

export type Severity = 'error' | 'warning' | 'info'

export interface Finding {
  /** Name of the check, stable: scripts and suppressions go by it. */
  readonly check: string
  /** error: does not load, or never does what it says. warning: loses or hides events. info: could be better. */
  readonly severity: Severity
  /** What is the matter, in one sentence. */
  readonly message: string
  /** What to do. */
  readonly advice: string
  readonly at: Span
}

export type List = 'task' | 'exit' | 'user' | 'exclude' | 'filesystem' | 'io_uring'
export type Action = 'always' | 'never'
export type Operator = '=' | '!=' | '<' | '>' | '<=' | '>=' | '&' | '&='

export interface Field {
  /** Lower case, as in `fields.ts`. */
  readonly name: string
  readonly operator: Operator
  readonly value: string
  readonly at: Span
}

/** `-C left=right`: two fields of the same event. */
export interface Comparison {
  readonly left: string
  readonly operator: '=' | '!='
  readonly right: string
  readonly at: Span
}

export interface Named {
  readonly text: string
  readonly at: Span
}

/** A rule for the kernel. A watch (`-w`) is the rule that it stands for, with `watch` set. */
export interface Rule {
  readonly kind: 'rule'
  readonly change: 'append' | 'prepend' | 'delete'
  readonly list: List
  readonly action: Action
  /** As written; empty stands for all. */
  readonly syscalls: readonly Named[]
  /** In the order written, without keys; `-p` and the path of a watch are the fields perm and path. */
  readonly fields: readonly Field[]
  readonly comparisons: readonly Comparison[]
  readonly keys: readonly Named[]
  readonly watch: boolean
  readonly at: Span
}

/** A line that sets the audit system up: `-b 8192`, `-D`, `-e 2`. */
export interface Control {
  readonly kind: 'control'
  readonly option: string
  readonly value: string | undefined
  readonly at: Span
}

export type Statement = Rule | Control

export interface RulesFile {
  readonly statements: readonly Statement[]
  /** Lines that auditctl refuses: they have no statement. */
  readonly problems: readonly Finding[]
}

export const fieldOf = (rule: Rule, ...names: readonly string[]): Field | undefined =>
  rule.fields.find((field) => names.includes(field.name))
