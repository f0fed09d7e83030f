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

export type Mark =
  | { readonly slot: string; readonly kind: SlotKind; readonly enriched?: true }
  | { readonly begins: string }

export interface Form {
  readonly name: string
  readonly types: readonly string[]
  readonly marks: readonly Mark[]
}

const decimal = (slot: string): Mark => ({ slot, kind: 'decimal' })
const hex = (slot: string): Mark => ({ slot, kind: 'hex' })
const text = (slot: string): Mark => ({ slot, kind: 'text' })
const begins = (name: string): Mark => ({ begins: name })

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
      decimal('ses'),
      begins('comm'),
    ],
  },
  { name: 'PATH', types: ['PATH'], marks: [decimal('item'), text('name'), decimal('inode')] },
  { name: 'CWD', types: ['CWD'], marks: [text('cwd')] },
  { name: 'PROCTITLE', types: ['PROCTITLE'], marks: [text('proctitle')] },
  { name: 'EXECVE', types: ['EXECVE'], marks: [{ slot: 'a0', kind: 'arguments' }, decimal('argc')] },
  {
    name: 'SOCKADDR',
    types: ['SOCKADDR'],
    marks: [text('saddr'), { slot: 'saddr', kind: 'braces', enriched: true }],
  },
  { name: 'BPRM_FCAPS', types: ['BPRM_FCAPS'], marks: [] },
  { name: 'AVC', types: ['AVC'], marks: [text('name'), decimal('pid'), text('comm'), decimal('ino')] },
  {
    name: 'TTY',
    types: ['TTY', 'USER_TTY'],
    marks: [decimal('pid'), begins('uid'), decimal('ses'), begins('major'), text('data')],
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
      decimal('ses'),
      begins('msg'),
      text('cwd'),
      text('cmd'),
      text('acct'),
      text('hostname'),
      text('addr'),
    ],
  },
]
