/**
 * Names of the arguments in an EXECVE record: `a7` is argument 7, `a7[2]` its third piece (the kernel cuts long
 * ones), `a7_len` its length in all. Source: kernel/auditsc.c, audit_log_execve_info.
 */
import type { AuditRecord } from './record.js'

export class ArgumentName {
  argument = 0
  /** Number of the piece; -1 for an argument in one piece. */
  piece = -1

  /** Reads the name of field `i`; false if it is not an argument's (or `aN_len`). */
  read(record: AuditRecord, i: number): boolean {
    const { bytes } = record
    const end = record.nameEnd[i]!
    let at = record.nameStart[i]!
    if (bytes[at] !== 0x61) return false
    at++
    const first = at
    let number = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      number = number * 10 + digit
    }
    if (at === first || at - first > 7) return false
    this.argument = number
    this.piece = -1
    if (at === end) return true
    if (bytes[at] !== 0x5b || bytes[end - 1] !== 0x5d || end - at < 3 || end - at > 9) return false
    number = 0
    for (at++; at < end - 1; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) return false
      number = number * 10 + digit
    }
    this.piece = number
    return true
  }
}
