/**
 * One line of an audit log, read without making a string or an object for any of its fields.
 *
 * `AuditRecord` is a cursor: `parse` points it at a line, and it holds where the parts of that line are. The
 * next `parse` overwrites them. A field is a number 0..fieldCount-1 into parallel arrays.
 *
 * What a line looks like:
 *
 *     node=web1 type=SYSCALL msg=audit(1580291194.240:23096492): arch=c000003e ... key=(null)<1D>ARCH=x86_64 ...
 *     type=USER_LOGIN msg=audit(...): pid=1 uid=0 msg='op=login acct="alice" res=success'<1D>UID="root" ...
 *
 * - The header may follow the words of a syslog daemon, and the kernel's own log leaves `msg=` out.
 * - The body is `name=value` parted by blanks. Words before the first field are the message (`avc:  denied
 *   { read } for`). A word behind a bare value belongs to that value (`op=remove rule`).
 * - A value in `"` ends at the `"` that stands before a blank or the end: user space does not escape them.
 * - `msg='...'` holds the fields that user space wrote; the last `'` before the appendix ends it.
 * - Behind 0x1D auditd appends translations of the fields before it, named in capitals. Some shippers drop
 *   the 0x1D, so that `key=(null)ARCH=x86_64` is two fields.
 * - Old PAM wrote `(hostname=?, addr=?, terminal=? res=success)`: there the comma and the bracket are not data.
 */
import type { Buffer } from 'node:buffer'
import { FIELD_COUNT, fieldIdOf, isSuffixName, nameLengthAt, suffixTarget } from './field-ids.js'

/** The value stood in `"` or `'`. */
export const QUOTED = 1
/** The field stood inside `msg='...'`. */
export const INNER = 2
/** The field is a translation that auditd appended; `fieldId` is that of the field it translates. */
export const ENRICHED = 4

const GS = 0x1d
const SPACE = 0x20
const QUOTE = 0x22
const APOSTROPHE = 0x27
const OPEN = 0x28
const CLOSE = 0x29
const COMMA = 0x2c
const EQUALS = 0x3d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** Bytes that a field name is made of: letters, digits, `_ - . [ ]`. */
const NAME = new Uint8Array(256)
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.[]')
  NAME[c.charCodeAt(0)] = 1

/** What stands there is a word and no field. */
const NO_FIELD = -2
/** By name number + 1: the number of the name that followed it when it was last seen; `[0]` for the first one. */
const FOLLOWER = new Int16Array(1024)

/** `Nov 22 21:41:30 host ` (RFC 3164) or `2026-11-22T21:41:30+00:00 host ` (RFC 5424 and rsyslog's files). */
const SYSLOG_HOST =
  /^((?:<[0-9]+>)?(?:1 )?(?:[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[^ ]+) )([^ ]+) /

/** How far into a line a header may begin: the length of a long syslog prefix. */
const MAX_PREFIX = 512

export class AuditRecord {
  bytes!: Buffer
  /** The line is `bytes[start, end)`. */
  start = 0
  end = 0
  /** `bytes[nodeStart, nodeEnd)` is the host that `node=`, or a syslog daemon, names; empty if none does. */
  nodeStart = 0
  nodeEnd = 0
  typeStart = 0
  typeEnd = 0
  /** `bytes[idStart, idEnd)` is `1580291194.240:23096492`. */
  idStart = 0
  idEnd = 0
  serialStart = 0
  /** Milliseconds since 1970. */
  timestamp = 0
  serial = 0
  /** Words before the first field, outside or (if there are none there) inside `msg='...'`. */
  messageStart = 0
  messageEnd = 0
  /** A quoted value, or `msg='`, was not closed: the line was cut. */
  unclosed = false

  fieldCount = 0
  nameStart = new Int32Array(64)
  nameEnd = new Int32Array(64)
  valueStart = new Int32Array(64)
  valueEnd = new Int32Array(64)
  /** Index into `FIELDS`, or -1 for a name that is not there. */
  fieldId = new Int16Array(64)
  flags = new Uint8Array(64)

  /** Index of the first field that is `FIELDS[fieldId]`, not counting appended translations; -1 if none. */
  find(fieldId: number): number {
    for (let i = 0; i < this.fieldCount; i++) {
      if (this.fieldId[i] === fieldId && (this.flags[i]! & ENRICHED) === 0) return i
    }
    return -1
  }

  /** Index of the translation of that field that auditd appended; -1 if none. */
  findEnriched(fieldId: number): number {
    for (let i = this.fieldCount - 1; i >= 0; i--) {
      if (this.fieldId[i] === fieldId && (this.flags[i]! & ENRICHED) !== 0) return i
    }
    return -1
  }

  /** Points this record at `bytes[start, end)`. False if that is not an audit record. */
  parse(bytes: Buffer, start: number, end: number): boolean {
    while (end > start && (bytes[end - 1] === 0x0d || bytes[end - 1] === SPACE)) end--
    this.bytes = bytes
    this.start = start
    this.end = end
    this.fieldCount = 0
    this.unclosed = false
    const body = this.#header(bytes, start, end)
    if (body < 0) return false
    this.#body(bytes, body, end)
    return true
  }

  #header(bytes: Buffer, start: number, end: number): number {
    let at = start
    this.nodeStart = this.nodeEnd = start
    if (!startsWith(bytes, at, end, TYPE)) {
      at = startsWith(bytes, at, end, NODE) ? start : findHeader(bytes, start, end)
      if (at < 0) return -1
      if (startsWith(bytes, at, end, NODE)) {
        this.nodeStart = at + NODE.length
        const space = indexOfByte(bytes, SPACE, this.nodeStart, end)
        if (space < 0 || !startsWith(bytes, space + 1, end, TYPE)) return -1
        this.nodeEnd = space
        at = space + 1
      } else this.#syslogHost(bytes, start, at)
    }
    this.typeStart = at + TYPE.length
    at = this.typeStart
    while (at < end && bytes[at]! > SPACE) at++
    this.typeEnd = at
    if (at === this.typeStart || at >= end) return -1
    at++
    if (startsWith(bytes, at, end, MSG)) at += MSG.length
    if (!startsWith(bytes, at, end, AUDIT)) return -1
    at += AUDIT.length
    return this.#id(bytes, at, end)
  }

  /** The host that a syslog daemon wrote before the record, where there is no `node=`. */
  #syslogHost(bytes: Buffer, start: number, end: number): void {
    const host = SYSLOG_HOST.exec(bytes.toString('latin1', start, end))
    if (host === null) return
    this.nodeStart = start + host[1]!.length
    this.nodeEnd = this.nodeStart + host[2]!.length
  }

  /** Reads `1580291194.240:23096492):`; gives the place behind it, or -1. */
  #id(bytes: Buffer, from: number, end: number): number {
    let at = from
    let seconds = 0
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      seconds = seconds * 10 + digit
    }
    if (at === from || at - from > 11 || bytes[at] !== 0x2e) return -1
    at++
    let millis = 0
    const fraction = at
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      if (at - fraction < 3) millis = millis * 10 + digit
    }
    if (at === fraction || at - fraction > 9 || bytes[at] !== 0x3a) return -1
    for (let n = at - fraction; n < 3; n++) millis *= 10
    at++
    let serial = 0
    this.serialStart = at
    for (; at < end; at++) {
      const digit = bytes[at]! - 0x30
      if (digit < 0 || digit > 9) break
      serial = serial * 10 + digit
    }
    if (at === this.serialStart || at - this.serialStart > 15 || bytes[at] !== CLOSE || at >= end) return -1
    this.idStart = from
    this.idEnd = at
    this.timestamp = seconds * 1000 + millis
    this.serial = serial
    at++
    // Older daemons leave the colon out of their own records (DAEMON_CONFIG).
    if (at < end && bytes[at] === 0x3a) return at + 1
    return at >= end || bytes[at] === SPACE ? at : -1
  }

  #body(bytes: Buffer, from: number, end: number): void {
    let at = from
    let limit = end
    let section = 0
    let innerEnd = -1
    let inParentheses = false
    // From here on there is no such closing byte: keeps the search for it linear.
    let noQuoteFrom = end
    let noApostropheFrom = end
    let noBraceFrom = end
    this.messageStart = this.messageEnd = from
    let mayHaveMessage = true
    let before = -1
    for (;;) {
      if (at >= limit) {
        if (section !== INNER) break
        // Behind the closing apostrophe the line goes on: with the appendix, as a rule.
        section = 0
        limit = end
        noQuoteFrom = noApostropheFrom = noBraceFrom = end
        at = innerEnd + 1
        inParentheses = false
        mayHaveMessage = false
        continue
      }
      let c = bytes[at]!
      if (c === SPACE) {
        at++
        continue
      }
      if (c === GS) {
        section = ENRICHED
        at++
        continue
      }
      const opened = c === OPEN
      if (opened) at++
      const nameStart = at
      // Records of a type have the same fields in the same order: try the one that came next the last time.
      let id = FOLLOWER[before + 1]!
      const guessed = nameLengthAt(bytes, at, limit, id)
      if (guessed > 0) at += guessed
      else {
        let hash = 0
        for (; at < limit; at++) {
          c = bytes[at]!
          if (NAME[c] === 0) break
          hash = (Math.imul(hash, 31) + c) | 0
        }
        id = at < limit && c === EQUALS && at > nameStart ? fieldIdOf(bytes, nameStart, at, hash) : NO_FIELD
        if (id >= 0) FOLLOWER[before + 1] = id
      }
      if (id === NO_FIELD) {
        // A word: part of the message, or of the bare value before it.
        while (at < limit && bytes[at] !== SPACE && bytes[at] !== GS) at++
        const last = this.fieldCount - 1
        if (last >= 0 && (this.flags[last]! & INNER) === section && this.#isBare(last)) {
          this.valueEnd[last] = at
          if (inParentheses && bytes[at - 1] === CLOSE) this.valueEnd[last] = at - 1
        } else if (mayHaveMessage && section !== ENRICHED) {
          if (this.messageEnd === this.messageStart) this.messageStart = opened ? nameStart - 1 : nameStart
          this.messageEnd = at
        }
        continue
      }
      const nameEnd = at
      inParentheses = inParentheses || opened
      at++
      let flags = section
      let valueStart = at
      let valueEnd = at
      const first = at < limit ? bytes[at]! : SPACE
      if (first === APOSTROPHE && section === 0 && nameEnd - nameStart === 3 && isMsg(bytes, nameStart)) {
        at++
        const appendix = indexOfByte(bytes, GS, at, end)
        const innerLimit = appendix >= 0 ? appendix : end
        const last = bytes.lastIndexOf(APOSTROPHE, innerLimit - 1)
        this.unclosed = this.unclosed || last < at
        innerEnd = last >= at ? last : innerLimit - 1
        limit = last >= at ? last : innerLimit
        section = INNER
        mayHaveMessage = this.messageEnd === this.messageStart
        continue
      }
      mayHaveMessage = mayHaveMessage && section === INNER && this.messageEnd === this.messageStart
      let closing = -1
      if (NAME[first] === 1) {
        // The usual case: a bare value.
      } else if (first === QUOTE) {
        if (at < noQuoteFrom) closing = closingQuote(bytes, at + 1, limit)
        if (closing < 0) {
          noQuoteFrom = Math.min(noQuoteFrom, at)
          this.unclosed = true
        }
      } else if (first === APOSTROPHE && section !== INNER && at < noApostropheFrom) {
        closing = closingApostrophe(bytes, at + 1, limit)
        if (closing < 0) noApostropheFrom = at
      } else if (first === OPEN_BRACE && at < noBraceFrom) {
        closing = closingBrace(bytes, at, limit)
        if (closing < 0) noBraceFrom = at
      }
      if (closing >= 0 && first === OPEN_BRACE) {
        at = closing + 1
        valueEnd = at
      } else if (closing >= 0) {
        valueStart = at + 1
        valueEnd = closing
        at = closing + 1
        flags |= QUOTED
        while (at < limit && (bytes[at] === CLOSE || bytes[at] === COMMA)) at++
      } else {
        for (; at < limit; at++) {
          c = bytes[at]!
          if (c > SPACE && c !== EQUALS) continue
          if (c === SPACE || c === GS) break
          if (c === EQUALS && section !== ENRICHED && isCapital(bytes[at - 1]!)) {
            const glued = gluedName(bytes, valueStart, at)
            if (glued >= 0) {
              at = glued
              break
            }
          }
        }
        valueEnd = at
        // Seen on Ubuntu 17: key=65786563" with a quote that nothing opened.
        if (valueEnd - 1 > valueStart && bytes[valueEnd - 1] === QUOTE && first !== QUOTE) valueEnd--
        if (inParentheses) {
          if (bytes[valueEnd - 1] === COMMA) valueEnd--
          if (bytes[valueEnd - 1] === CLOSE && !hasOpen(bytes, valueStart, valueEnd)) {
            valueEnd--
            inParentheses = false
          }
        }
      }
      before = id
      if (id >= FIELD_COUNT) {
        // A name in capitals: a translation, whether or not its separator is there.
        id = suffixTarget(id)
        flags |= ENRICHED
      }
      const n = this.fieldCount++
      if (n === this.nameStart.length) this.grow(2 * n)
      this.nameStart[n] = nameStart
      this.nameEnd[n] = nameEnd
      this.valueStart[n] = valueStart
      this.valueEnd[n] = valueEnd < valueStart ? valueStart : valueEnd
      this.fieldId[n] = id
      this.flags[n] = flags
    }
  }

  #isBare(field: number): boolean {
    return (this.flags[field]! & QUOTED) === 0 && this.valueEnd[field]! > this.valueStart[field]!
  }

  /** Makes room for `size` fields. */
  grow(size: number): void {
    this.nameStart = grown(this.nameStart, new Int32Array(size))
    this.nameEnd = grown(this.nameEnd, new Int32Array(size))
    this.valueStart = grown(this.valueStart, new Int32Array(size))
    this.valueEnd = grown(this.valueEnd, new Int32Array(size))
    this.fieldId = grown(this.fieldId, new Int16Array(size))
    this.flags = grown(this.flags, new Uint8Array(size))
  }
}

function grown<T extends Int32Array | Int16Array | Uint8Array>(from: T, to: T): T {
  to.set(from)
  return to
}

const ascii = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0))
const TYPE = ascii('type=')
const NODE = ascii('node=')
const MSG = ascii('msg=')
const AUDIT = ascii('audit(')

function startsWith(bytes: Uint8Array, at: number, end: number, word: Uint8Array): boolean {
  if (at + word.length > end) return false
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return false
  return true
}

/** Where `node=` or `type=` begins behind the words of a syslog daemon; -1 if it does not. */
function findHeader(bytes: Buffer, start: number, end: number): number {
  const last = Math.min(end, start + MAX_PREFIX)
  let node = -1
  for (let at = start + 1; at < last; at++) {
    if (bytes[at - 1] !== SPACE) continue
    if (node < 0 && startsWith(bytes, at, end, NODE)) node = at
    if (startsWith(bytes, at, end, TYPE)) return node >= 0 ? node : at
  }
  return -1
}

function indexOfByte(bytes: Uint8Array, byte: number, from: number, end: number): number {
  for (let at = from; at < end; at++) if (bytes[at] === byte) return at
  return -1
}

function isMsg(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0x6d && bytes[at + 1] === 0x73 && bytes[at + 2] === 0x67
}

/** A quote that may end a value: a blank, a separator, a bracket or a translation's name follows it. */
function closingQuote(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (bytes[at] !== QUOTE) continue
    if (at + 1 >= limit) return at
    const next = bytes[at + 1]!
    if (next === SPACE || next === GS || next === CLOSE || next === COMMA || isCapital(next)) return at
  }
  return -1
}

function closingApostrophe(bytes: Buffer, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    if (bytes[at] === APOSTROPHE && (at + 1 >= limit || bytes[at + 1]! === SPACE || bytes[at + 1]! === GS))
      return at
  }
  return -1
}

function closingBrace(bytes: Buffer, from: number, limit: number): number {
  if (bytes[from + 1] !== SPACE) return -1
  for (let at = from + 1; at < limit; at++) {
    if (bytes[at] === CLOSE_BRACE && (at + 1 >= limit || bytes[at + 1] === SPACE)) return at
  }
  return -1
}

function hasOpen(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === OPEN) return true
  return false
}

function isCapital(c: number): boolean {
  return c >= 0x41 && c <= 0x5a
}

/** Longest name of a translation, in bytes. */
const MAX_SUFFIX_NAME = 12

/**
 * Where, before the `=` at `equals`, the name of a translation begins that is glued to the value from
 * `valueStart`; -1 if there is none. Capitals before it may be hex digits of the value: of two readings
 * that one is right which leaves an even number of them.
 */
function gluedName(bytes: Buffer, valueStart: number, equals: number): number {
  let found = -1
  for (let at = equals - 1; at > valueStart && equals - at <= MAX_SUFFIX_NAME; at--) {
    const c = bytes[at]!
    if (!isCapital(c) && c !== 0x2d) break
    if (!isSuffixName(bytes, at, equals)) continue
    if (found < 0 || (((at - valueStart) & 1) === 0 && ((found - valueStart) & 1) !== 0)) found = at
    else if (((at - valueStart) & 1) === ((found - valueStart) & 1)) found = at
  }
  return found
}
