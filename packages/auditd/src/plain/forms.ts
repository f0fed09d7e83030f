/**
 * Which records can be plain (see kernel/kernel.ts), and where their lines are cut: as data.
 *
 * `slots` are the fields whose values differ from line to line; `begins` are the fields that begin a phrase of
 * its own, so that what varies independently (who, which program) is not multiplied. All in the usual order of
 * the fields: another order costs time and gives the same result. The appendix of an ENRICHED line is a phrase.
 *
 * To add a type: a word in `types`, if its records look like the others of the form; else a form. Nothing else
 * depends on what is here; a record of no form is read by src/record.ts alone.
 */
export type SlotKind =
  /** A whole number as printed by `%d` or `%u`. */
  | 'decimal'
  /** A whole number as printed by `%x`, at most 64 bits. */
  | 'hex'
  /** A value in quotes, or without a blank, quote or `=` in it. */
  | 'text'
  /** `{ ... }` to the end of the line. */
  | 'braces'
  /** `a0=... a1=...` to the end of the line. */
  | 'arguments'

/**
 * How a slot is packed, and what its values are made of again. A value that would not come out the same is not
 * packed, nor is its line.
 */
export type Packing =
  /** The number. */
  | 'number'
  /** The number; -1 for 2^32-1, which is how none is written. */
  | 'id'
  /** The text; written in quotes, or in hex where it has a byte that may not stand in quotes. */
  | 'escaped'
  /** As it stands. */
  | 'bare'
  /** The text; always written in hex. */
  | 'hexed'
  /** As `escaped`; a NUL between arguments is 0x1F. */
  | 'title'
  /** All arguments, 0x1F between them. */
  | 'arguments'

export interface Slot {
  readonly slot: string
  readonly kind: SlotKind
  readonly packing: Packing
  /** It is in the appendix. */
  readonly enriched?: true
}

export interface Begin {
  readonly begins: string
  readonly enriched?: true
}

export interface Form {
  readonly name: string
  readonly types: readonly string[]
  readonly marks: readonly (Slot | Begin)[]
}

const decimal = (slot: string): Slot => ({ slot, kind: 'decimal', packing: 'number' })
const id = (slot: string): Slot => ({ slot, kind: 'decimal', packing: 'id' })
const hex = (slot: string): Slot => ({ slot, kind: 'hex', packing: 'number' })
const text = (slot: string, packing: Packing = 'escaped'): Slot => ({ slot, kind: 'text', packing })
const begins = (name: string): Begin => ({ begins: name })

export const FORMS: readonly Form[] = [
  {
    name: 'SYSCALL',
    types: ['SYSCALL'],
    marks: [
      decimal('exit'),
      hex('a0'),
      hex('a1'),
      hex('a2'),
      hex('a3'),
      decimal('items'),
      decimal('ppid'),
      decimal('pid'),
      begins('auid'),
      id('ses'),
      begins('comm'),
      { begins: 'auid', enriched: true },
    ],
  },
  { name: 'PATH', types: ['PATH'], marks: [decimal('item'), text('name'), decimal('inode')] },
  { name: 'CWD', types: ['CWD'], marks: [text('cwd')] },
  { name: 'PROCTITLE', types: ['PROCTITLE'], marks: [text('proctitle', 'title')] },
  {
    name: 'EXECVE',
    types: ['EXECVE'],
    marks: [decimal('argc'), { slot: 'a0', kind: 'arguments', packing: 'arguments' }],
  },
  {
    name: 'SOCKADDR',
    types: ['SOCKADDR'],
    marks: [text('saddr', 'bare'), { slot: 'saddr', kind: 'braces', packing: 'bare', enriched: true }],
  },
  { name: 'BPRM_FCAPS', types: ['BPRM_FCAPS'], marks: [] },
  { name: 'AVC', types: ['AVC'], marks: [text('name'), decimal('pid'), text('comm'), decimal('ino')] },
  {
    name: 'TTY',
    types: ['TTY', 'USER_TTY'],
    marks: [decimal('pid'), begins('uid'), id('ses'), begins('major'), text('data', 'hexed')],
  },
  {
    name: 'USER',
    types: [
      'USER_AUTH',
      'USER_ACCT',
      'USER_ERR',
      'USER_START',
      'USER_END',
      'USER_LOGIN',
      'USER_LOGOUT',
      'USER_CMD',
      'USER_MGMT',
      'USER_CHAUTHTOK',
      'CRED_ACQ',
      'CRED_REFR',
      'CRED_DISP',
      'SERVICE_START',
      'SERVICE_STOP',
      'SYSTEM_RUNLEVEL',
      'CRYPTO_SESSION',
      'CRYPTO_KEY_USER',
    ],
    marks: [
      decimal('pid'),
      begins('uid'),
      id('ses'),
      begins('msg'),
      text('cwd'),
      text('cmd'),
      text('acct'),
      text('hostname', 'bare'),
      text('addr', 'bare'),
    ],
  },
]
