/**
 * Terminal input turned back into the command lines that the shell got.
 *
 * The kernel records what a program read from its terminal: every key, also those that only edited the line. This
 * replays them as readline does in its default (emacs) mode, which bash, and with small differences zsh, mksh
 * and most prompts share. What can not be known from the keys alone makes a line `approximate`, with the reason:
 * a completion or a line of the history stands on the screen, not in the input.
 *
 * Input comes in pieces (one TTY record can hold hours of typing or half a character), so this is a machine that
 * keeps its state between them.
 */
import { Buffer } from 'node:buffer'
import { decodeText } from '../text.js'
import { keyAt } from './keys-at.js'

export type LineEnd =
  /** Return was pressed: the shell got the line. */
  | 'return'
  /** ^C: the line was thrown away. */
  | 'interrupt'
  /** ^D on an empty line: the end of the input. */
  | 'end-of-file'
  /** The input stopped here. */
  | 'none'

export type Doubt =
  /** Tab: what the shell completed is not in the input. */
  | 'completion'
  /** A line of the history was called up that was not typed in this input. */
  | 'history'
  /** ^R or ^S: a line of the history was searched for. */
  | 'search'
  /** A key or an escape sequence whose effect is not known here. */
  | 'unknown-key'
  /** ^X^E or the like: the line was edited in a program of its own. */
  | 'editor'

export interface TypedLine {
  /** The line as it stood when it ended. Pasted text may hold newlines. */
  readonly text: string
  readonly end: LineEnd
  /** Why the text may not be what the shell got; empty if it is. */
  readonly doubts: readonly Doubt[]
  /** Places in the text where more may stand that is not in the input: what a completion or the history put there. */
  readonly holes: readonly number[]
  /** Ended by a newline instead of a return: the terminal edited the line, not the program that read it. */
  readonly cooked: boolean
  /** The keys of the line: bytes of all the input, from its beginning. The one that ended it is among them. */
  readonly from: number
  readonly to: number
}

const ESC = 0x1b
/** Longest line that is kept; what is typed beyond it is dropped. */
const MAX_LINE = 1 << 14
const MAX_HISTORY = 1000
/** An escape sequence that is longer than this is none. */
const MAX_SEQUENCE = 64
/** Stands in a line where more may stand than the input has. */
const HOLE = ''

interface Remembered {
  readonly line: readonly string[]
  readonly doubts: readonly Doubt[]
}

const NOTHING: Remembered = { line: [], doubts: [] }

export class TypedLines {
  #line: string[] = []
  #cursor = 0
  #killed: string[] = []
  #doubts = new Set<Doubt>()
  #history: Remembered[] = []
  /** Place in the history; its length for the line being typed. */
  #place = 0
  /** The line that was being typed when the history was called up. */
  #draft: Remembered = NOTHING
  #pasting = false
  #literal = false
  /** ^X was pressed, the first key of two. */
  #prefix = false
  /** What ^R looks for, and how many matches were passed over; undefined when it does not. */
  #search: { text: string; passed: number } | undefined
  /** Bytes of input before those at hand, where the line began, and where the key at hand ends. */
  #before = 0
  #start = 0
  #end = 0
  /** Bytes of a character or an escape sequence whose rest has not come yet. */
  #held = Buffer.alloc(0)

  /** Takes in the next input; gives the lines that ended with it. */
  push(data: Uint8Array): TypedLine[] {
    const lines: TypedLine[] = []
    const bytes = this.#held.length === 0 ? Buffer.from(data) : Buffer.concat([this.#held, data])
    this.#held = Buffer.alloc(0)
    let at = 0
    while (at < bytes.length) {
      this.#end = this.#before + at + 1
      const used = this.#step(bytes, at, lines)
      if (used === 0) {
        this.#held = Buffer.from(bytes.subarray(at))
        break
      }
      at += used
    }
    this.#before += at
    return lines
  }

  /** End of the input: the line that was being typed, if there is any of it. */
  end(): TypedLine[] {
    const lines: TypedLine[] = []
    for (const byte of this.#held) this.#insert(decodeText(Buffer.of(byte)))
    this.#before += this.#held.length
    this.#held = Buffer.alloc(0)
    this.#end = this.#before
    this.#endSearch()
    if (this.#line.length > 0 || this.#doubts.size > 0) this.#finish(lines, 'none')
    return lines
  }

  /** Handles what stands at `at`; gives its length, or 0 if the rest of it has not come yet. */
  #step(bytes: Buffer, at: number, lines: TypedLine[]): number {
    const byte = bytes[at]!
    if (this.#literal) {
      this.#literal = false
      return this.#character(bytes, at)
    }
    if (byte === ESC) return this.#escape(bytes, at)
    if (this.#pasting) {
      if (byte === 0x0d || byte === 0x0a) {
        this.#insert('\n')
        return 1
      }
      return this.#character(bytes, at)
    }
    if (this.#prefix) {
      this.#prefix = false
      this.#doubts.add(byte === 0x05 ? 'editor' : 'unknown-key')
      return 1
    }
    if (byte >= 0x20 && byte !== 0x7f) return this.#character(bytes, at)
    if (this.#search !== undefined && this.#searchKey(byte)) return 1
    this.#control(byte, lines)
    return 1
  }

  #character(bytes: Buffer, at: number): number {
    const first = bytes[at]!
    const length = first < 0xc2 || first > 0xf4 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    for (let i = 1; i < length; i++) {
      if (at + i >= bytes.length) return 0
      if ((bytes[at + i]! & 0xc0) !== 0x80) {
        this.#insert(decodeText(bytes, at, at + 1))
        return 1
      }
    }
    for (const character of decodeText(bytes, at, at + length)) this.#insert(character)
    return length
  }

  #control(byte: number, lines: TypedLine[]): void {
    switch (byte) {
      case 0x0d: // return
      case 0x0f: // ^O: return, and the next line of the history
        this.#finish(lines, 'return')
        return
      case 0x0a:
        this.#finish(lines, 'return', true)
        return
      case 0x03: // ^C
        this.#finish(lines, 'interrupt')
        return
      case 0x04: // ^D
        if (this.#line.length === 0) this.#finish(lines, 'end-of-file')
        else this.#line.splice(this.#cursor, 1)
        return
      case 0x08: // ^H
      case 0x7f:
        // What a completion put there is gone as well, and there is no telling how much of it.
        if (this.#cursor > 0 && this.#line[this.#cursor - 1] !== HOLE) this.#line.splice(--this.#cursor, 1)
        return
      case 0x01: // ^A
        this.#cursor = 0
        return
      case 0x05: // ^E
        this.#cursor = this.#line.length
        return
      case 0x02: // ^B
        this.#cursor = Math.max(0, this.#cursor - 1)
        return
      case 0x06: // ^F
        this.#cursor = Math.min(this.#line.length, this.#cursor + 1)
        return
      case 0x15: // ^U
        this.#kill(0, this.#cursor)
        return
      case 0x0b: // ^K
        this.#kill(this.#cursor, this.#line.length)
        return
      case 0x17: // ^W: back to a blank
        this.#kill(
          this.#wordStart((character) => character !== ' ' && character !== '\t'),
          this.#cursor,
        )
        return
      case 0x19: // ^Y
        for (const character of this.#killed) this.#insert(character)
        return
      case 0x14: // ^T
        this.#transpose()
        return
      case 0x10: // ^P
        this.#recall(-1)
        return
      case 0x0e: // ^N
        this.#recall(1)
        return
      case 0x12: // ^R
        this.#doubts.add('search')
        this.#search = { text: '', passed: 0 }
        return
      case 0x09: // tab
        this.#doubts.add('completion')
        if (this.#line[this.#cursor - 1] !== HOLE) this.#insert(HOLE)
        return
      case 0x16: // ^V
        this.#literal = true
        return
      case 0x18: // ^X
        this.#prefix = true
        return
      case 0x07: // ^G, ^L, ^Q, ^S, ^Z: nothing that changes the line
      case 0x0c:
      case 0x11:
      case 0x13:
      case 0x1a:
        return
      default:
        this.#doubts.add('unknown-key')
    }
  }

  /** A control key while ^R searches; false if it ends the search and means what it always does. */
  #searchKey(byte: number): boolean {
    const search = this.#search!
    switch (byte) {
      case 0x08:
      case 0x7f:
        search.text = search.text.slice(0, -1)
        return true
      case 0x12: // ^R: the next older match
        search.passed++
        return true
      case 0x13: // ^S: the next younger one
        search.passed = Math.max(0, search.passed - 1)
        return true
      case 0x07: // ^G: the line is as before
      case 0x03:
        this.#search = undefined
        return byte === 0x07
      default:
        this.#endSearch()
        return false
    }
  }

  /** The line that was searched for stands there: the youngest with that text, if it was typed in this input. */
  #endSearch(): void {
    if (this.#search === undefined) return
    const { text, passed } = this.#search
    this.#search = undefined
    const matches = text === '' ? [] : this.#history.filter(({ line }) => line.join('').includes(text))
    const found = matches.at(-1 - passed)
    this.#line = found === undefined ? [HOLE, ...text, HOLE] : [...found.line]
    this.#cursor = this.#line.length
    for (const doubt of found?.doubts ?? []) this.#doubts.add(doubt)
  }

  /** An escape sequence: a named key, Alt and a key, or what a terminal says of itself. */
  #escape(bytes: Buffer, at: number): number {
    const paste = pasteMark(bytes, at)
    if (paste === false || (paste === true && !this.#pasting)) {
      this.#pasting = paste
      return 6
    }
    if (this.#pasting) {
      if (bytes.length - at < 6 && '\x1b[201~'.startsWith(bytes.toString('latin1', at))) return 0
      return this.#character(bytes, at)
    }
    const length = sequenceLength(bytes, at)
    if (length === 0) return bytes.length - at > MAX_SEQUENCE ? this.#unknown(1) : 0
    if (isReport(bytes, at, length)) return length
    const modified = MODIFIED_ARROW.exec(bytes.toString('latin1', at, at + length))
    if (modified !== null) {
      this.#moveByWord(modified[1]!)
      return length
    }
    this.#endSearch()
    const key = keyAt(bytes, at)
    if (key !== undefined && key.length === length && key.name !== 'esc') {
      this.#named(key.name)
      return length
    }
    if (length === 2) {
      this.#alt(bytes[at + 1]!)
      return 2
    }
    return this.#unknown(length)
  }

  #unknown(length: number): number {
    this.#doubts.add('unknown-key')
    return length
  }

  #named(name: string): void {
    switch (name) {
      case 'up':
        this.#recall(-1)
        return
      case 'down':
        this.#recall(1)
        return
      case 'left':
        this.#cursor = Math.max(0, this.#cursor - 1)
        return
      case 'right':
        this.#cursor = Math.min(this.#line.length, this.#cursor + 1)
        return
      case 'home':
        this.#cursor = 0
        return
      case 'end':
        this.#cursor = this.#line.length
        return
      case 'delete':
        this.#line.splice(this.#cursor, 1)
        return
      case 'insert':
      case 'mouse':
        return
      default:
        this.#doubts.add('unknown-key')
    }
  }

  /** Alt and a key, which terminals send as ESC and the key. */
  #alt(byte: number): void {
    switch (byte) {
      case 0x62: // b
        this.#cursor = this.#wordStart(isWord)
        return
      case 0x66: // f
        this.#cursor = this.#wordEnd()
        return
      case 0x64: // d
        this.#kill(this.#cursor, this.#wordEnd())
        return
      case 0x7f: // backspace
      case 0x08:
        this.#kill(this.#wordStart(isWord), this.#cursor)
        return
      case 0x3c: // <
        this.#recall(-this.#place)
        return
      case 0x3e: // >
        this.#recall(this.#history.length - this.#place)
        return
      case 0x23: // #: the line becomes a comment and is entered; the return is seen as such
        this.#cursor = 0
        this.#insert('#')
        return
      case 0x2e: // . and _: last argument of the line before
      case 0x5f:
        this.#lastArgument()
        return
      default:
        this.#doubts.add('unknown-key')
    }
  }

  #moveByWord(direction: string): void {
    if (direction === 'C') this.#cursor = this.#wordEnd()
    else if (direction === 'D') this.#cursor = this.#wordStart(isWord)
  }

  #lastArgument(): void {
    const last = this.#history.at(-1)?.line.join('').trim().split(/\s+/).at(-1)
    if (last === undefined) {
      this.#doubts.add('history')
      this.#insert(HOLE)
    } else for (const character of last) this.#insert(character)
  }

  #insert(character: string): void {
    if (this.#search !== undefined) {
      this.#search.text += character
      return
    }
    if (this.#line.length >= MAX_LINE) return
    this.#line.splice(this.#cursor++, 0, character)
  }

  #kill(from: number, to: number): void {
    if (to > from) this.#killed = this.#line.splice(from, to - from)
    this.#cursor = from
  }

  #transpose(): void {
    if (this.#cursor === 0 || this.#line.length < 2) return
    const at = Math.min(this.#cursor, this.#line.length - 1)
    const before = this.#line[at - 1]!
    this.#line[at - 1] = this.#line[at]!
    this.#line[at] = before
    this.#cursor = at + 1
  }

  #wordStart(isPart: (character: string) => boolean): number {
    let at = this.#cursor
    while (at > 0 && !isPart(this.#line[at - 1]!)) at--
    while (at > 0 && isPart(this.#line[at - 1]!)) at--
    return at
  }

  #wordEnd(): number {
    let at = this.#cursor
    while (at < this.#line.length && !isWord(this.#line[at]!)) at++
    while (at < this.#line.length && isWord(this.#line[at]!)) at++
    return at
  }

  /** Up and down: the lines typed before in this input are known, the ones before them are not. */
  #recall(step: number): void {
    const to = this.#place + step
    if (to > this.#history.length) return
    if (to < 0) {
      this.#doubts = new Set(['history'])
      this.#line = [HOLE]
      this.#cursor = 1
      return
    }
    if (this.#place === this.#history.length) this.#draft = { line: this.#line, doubts: [...this.#doubts] }
    this.#place = to
    const { line, doubts } = this.#history[to] ?? this.#draft
    this.#line = [...line]
    this.#doubts = new Set(doubts)
    this.#cursor = this.#line.length
  }

  #finish(lines: TypedLine[], end: LineEnd, cooked = false): void {
    const text = this.#line.join('')
    const doubts = Array.from(this.#doubts)
    const holes: number[] = []
    let length = 0
    for (const character of this.#line) {
      if (character === HOLE) holes.push(length)
      length += character.length
    }
    lines.push({ text, end, doubts, holes, cooked, from: this.#start, to: this.#end })
    this.#start = this.#end
    if (
      end === 'return' &&
      (text.trim() !== '' || holes.length > 0) &&
      this.#history.at(-1)?.line.join('') !== text
    ) {
      this.#history.push({ line: this.#line, doubts })
      if (this.#history.length > MAX_HISTORY) this.#history.shift()
    }
    this.#line = []
    this.#cursor = 0
    this.#draft = NOTHING
    this.#place = this.#history.length
    this.#doubts = new Set()
    this.#prefix = false
  }
}

/** The lines of an input that is all there. */
export function typedLines(data: Uint8Array): TypedLine[] {
  const lines = new TypedLines()
  return [...lines.push(data), ...lines.end()]
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

/** Ctrl or Alt and an arrow: `ESC [ 1 ; 5 C`, as xterm and its kin send it; rxvt `ESC O c`. */
const MODIFIED_ARROW = /^\x1b\[(?:1;)?[3-8]([CD])$/

/** `ESC [ 200 ~` begins a paste, `ESC [ 201 ~` ends it. */
function pasteMark(bytes: Buffer, at: number): boolean | undefined {
  const text = bytes.toString('latin1', at, at + 6)
  return text === '\x1b[200~' ? true : text === '\x1b[201~' ? false : undefined
}

/** Length of the escape sequence at `at` by its form (ECMA-48); 0 if it is not all there. */
function sequenceLength(bytes: Buffer, at: number): number {
  const second = bytes[at + 1]
  if (second === undefined) return 0
  if (second === 0x5b) {
    // CSI. The Linux console sends F1..F5 as ESC [ [ A, X10 mice ESC [ M and three bytes.
    if (bytes[at + 2] === 0x5b) return bytes[at + 3] === undefined ? 0 : 4
    if (bytes[at + 2] === 0x4d) return bytes[at + 5] === undefined ? 0 : 6
    for (let i = at + 2; i < bytes.length && i - at < MAX_SEQUENCE; i++) {
      if (bytes[i]! >= 0x40 && bytes[i]! <= 0x7e) return i + 1 - at
      if (bytes[i]! === 0x24) return i + 1 - at
      if (bytes[i]! < 0x20) return 2
    }
    return 0
  }
  if (second === 0x4f) {
    for (let i = at + 2; i < bytes.length && i - at < 8; i++) {
      if (bytes[i]! < 0x30 || bytes[i]! > 0x3b) return i + 1 - at
    }
    return 0
  }
  if (second === 0x5d || second === 0x50) {
    // OSC and DCS end with BEL or ESC \.
    for (let i = at + 2; i < bytes.length && i - at < MAX_SEQUENCE; i++) {
      if (bytes[i] === 0x07) return i + 1 - at
      if (bytes[i] === 0x5c && bytes[i - 1] === ESC) return i + 1 - at
    }
    return 0
  }
  return 2
}

/** What the terminal itself answers: cursor place, its kind, colours, focus, mouse. */
function isReport(bytes: Buffer, at: number, length: number): boolean {
  const text = bytes.toString('latin1', at, at + length)
  return (
    /^\x1b(?:\[[0-9]+;[0-9]+R|\[[?>=][0-9;]*[cu]|\[<[0-9;]*[Mm]|\[M[\s\S]{3}|\[[IO]|\]|P)/.test(text) &&
    length > 2
  )
}
