/** Pieces of scalar SQL, and how templates put them together. */
import type { Sql } from '../../functions/function.js'
import type { LiteralValue } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'

/** How tightly a piece binds: 0 nothing is known, 10 an atom. Between: see `binds` of a ScalarFunction. */
export type Precedence = number
export const ATOM = 10

export interface FragmentTraits {
  readonly nullable?: boolean
  readonly constant?: LiteralValue
  readonly precedence?: Precedence
  /** Holds an aggregate; may not stand in WHERE or in another aggregate. */
  readonly aggregate?: boolean
  /** Holds a window function or makes rows; nothing but a select list may hold it. */
  readonly window?: boolean
  /** Not to be evaluated twice. */
  readonly volatile?: boolean
}

export class Fragment implements Sql {
  readonly sql: string
  readonly type: KqlType
  readonly nullable: boolean
  readonly constant: LiteralValue | undefined
  readonly precedence: Precedence
  readonly aggregate: boolean
  readonly window: boolean
  readonly volatile: boolean

  constructor(sql: string, type: KqlType, traits: FragmentTraits = {}) {
    this.sql = sql
    this.type = type
    this.nullable = traits.nullable ?? true
    this.constant = traits.constant
    this.precedence = traits.precedence ?? (isAtom(sql) ? ATOM : 0)
    this.aggregate = traits.aggregate ?? false
    this.window = traits.window ?? false
    this.volatile = traits.volatile ?? false
  }

  get bare(): string {
    return this.sql
  }

  toString(): string {
    return this.precedence >= ATOM ? this.sql : `(${this.sql})`
  }

  /** In brackets if it binds less tightly than its surroundings. */
  within(precedence: Precedence): string {
    return this.precedence >= precedence ? this.sql : `(${this.sql})`
  }

  /** A column or a literal: may be repeated at no cost. */
  get trivial(): boolean {
    return /^[\w".:']+$/.test(this.sql) && this.precedence >= ATOM - 1
  }
}

/** True for a name, a number, a quoted text, a call `f(…)`, a bracketed expression, `CASE … END`. */
export function isAtom(sql: string): boolean {
  if (/^(\w+|"[^"]*")(\.(\w+|"[^"]*"))?$/.test(sql)) return true
  if (/^-?\d[\d.]*(e-?\d+)?$/.test(sql)) return true
  const opening = /^[\w.]*/.exec(sql)![0].length
  if (sql[opening] === '(') return closing(sql, opening) === sql.length - 1
  if (sql.startsWith("'")) return endOfQuoted(sql, 0) === sql.length - 1
  return /^CASE\b[^;]*\bEND$/.test(sql) && !/\bEND\b.*\bCASE\b/s.test(sql)
}

function endOfQuoted(sql: string, start: number): number {
  const mark = sql[start]!
  let i = start + 1
  for (; i < sql.length; i++) {
    if (sql[i] !== mark) continue
    if (sql[i + 1] !== mark) return i
    i++
  }
  return i
}

/** Index of the bracket that closes the one at `start`, or -1. */
function closing(sql: string, start: number): number {
  let depth = 0
  for (let i = start; i < sql.length; i++) {
    const character = sql[i]
    if (character === "'" || character === '"') i = endOfQuoted(sql, i)
    else if (character === '(') depth++
    else if (character === ')' && --depth === 0) return i
  }
  return -1
}

/** Fills `$0`, `$1`, `$*` of a template; brackets an argument unless it stands between commas or brackets. */
export function fill(template: string, args: readonly Fragment[], binds: Precedence | undefined): string {
  return template.replace(/\$(\d|\*)/g, (found, which: string, offset: number) => {
    if (which === '*') return args.map((arg) => arg.sql).join(', ')
    const arg = args[Number(which)]
    if (!arg) throw new Error(`the template ${template} wants an argument ${which}`)
    const before = template.slice(0, offset).trimEnd().at(-1)
    const after = template
      .slice(offset + found.length)
      .trimStart()
      .at(0)
    const enclosed = (before === '(' || before === ',') && (after === ')' || after === ',')
    if (enclosed || template === found) return arg.sql
    if (binds === undefined) return arg.toString()
    // A left operand of the same strength needs none: a - b - c.
    return arg.within(offset === 0 ? binds : binds + 1)
  })
}
