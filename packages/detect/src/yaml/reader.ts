/**
 * Reads the values of a YAML document and complains, with the line and column of the value, where one is not
 * what it should be. All complaints come at once. Rules, hunting queries and rule tests are read with it.
 */
import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLMap,
} from 'yaml'
import { parseDuration } from '../rules/duration.js'

export interface FileProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  /** From 1. */
  readonly line: number
  readonly column: number
}

export interface Position {
  readonly line: number
  readonly column: number
}

export const MAX_FILE_LENGTH = 256 * 1024
const DAY = 1440

export class YamlReader {
  readonly problems: FileProblem[] = []
  readonly document: Document.Parsed
  readonly #lines = new LineCounter()
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    const tooLong = text.length > MAX_FILE_LENGTH
    this.document = parseDocument(tooLong ? '' : text, { lineCounter: this.#lines, prettyErrors: false })
    if (tooLong) {
      this.complain(undefined, `the file has ${text.length} characters, at most ${MAX_FILE_LENGTH} are read`)
    }
    for (const error of this.document.errors) {
      const { line, col } = this.#lines.linePos(error.pos[0])
      this.problems.push({ severity: 'error', message: error.message, line, column: col })
    }
  }

  get hasErrors(): boolean {
    return this.problems.some(({ severity }) => severity === 'error')
  }

  positionOf(node: unknown): Position {
    const offset = (node as Node | null | undefined)?.range?.[0] ?? 0
    const { line, col } = this.#lines.linePos(offset)
    return { line: line || 1, column: col || 1 }
  }

  /** The place of a value, or of the innermost thing on the way to it that exists. */
  at(path: readonly (string | number)[]): Position {
    for (let length = path.length; length > 0; length--) {
      const node = this.document.getIn(path.slice(0, length), true)
      if (node !== undefined && node !== null) return this.positionOf(node)
    }
    return this.positionOf(this.document.contents)
  }

  /** The place in the file of a line and column in a text value. Exact for block literals (`|`) and plain words. */
  inText(path: readonly (string | number)[], line: number, column: number): Position {
    const start = this.at(path)
    const node = this.document.getIn(path, true)
    if (!isScalar(node) || node.range == null) return start
    if (node.type === 'PLAIN' && line === 1) return { line: start.line, column: start.column + column - 1 }
    if (node.type !== 'BLOCK_LITERAL') return start
    const lines = this.#text.slice(0, node.range[1]).split(/\r?\n/).slice(start.line)
    const first = lines.find((content) => content.trim() !== '') ?? ''
    const value =
      String(node.value)
        .split('\n')
        .find((content) => content.trim() !== '') ?? ''
    const indent = Math.max(0, first.length - value.length)
    return { line: start.line + line, column: indent + column }
  }

  complain(at: unknown, message: string, severity: FileProblem['severity'] = 'error'): void {
    this.problems.push({ severity, message, ...this.positionOf(at) })
  }

  /** The document's mapping, or a complaint that says what was expected. */
  root(expected: string): YAMLMap | undefined {
    if (isMap(this.document.contents)) return this.document.contents
    this.complain(this.document.contents, `expected ${expected}`)
    return undefined
  }

  /** Complains of keys that are not in `known`, a table of key to whether it must be there. */
  keys(map: YAMLMap, known: Readonly<Record<string, boolean>>): void {
    for (const item of map.items) {
      const key = keyOf(item.key)
      if (!Object.hasOwn(known, key)) this.complain(item.key, `unknown key "${key}"`, 'warning')
    }
    for (const [key, required] of Object.entries(known)) {
      if (required && !map.has(key)) this.complain(map, `${key} is missing`)
    }
  }

  node(map: YAMLMap | undefined, key: string): Node | undefined {
    const node = map?.get(key, true) as Node | null | undefined
    if (node == null || (isScalar(node) && node.value === null)) return undefined
    return node
  }

  map(map: YAMLMap | undefined, key: string): YAMLMap | undefined {
    const node = this.node(map, key)
    if (node === undefined) return undefined
    if (isMap(node)) return node
    this.complain(node, `${key}: expected a mapping`)
    return undefined
  }

  text(map: YAMLMap | undefined, key: string, maxLength: number): string | undefined {
    return this.asText(this.node(map, key), key, maxLength)
  }

  asText(node: Node | undefined, key: string, maxLength: number): string | undefined {
    if (node === undefined) return undefined
    const value = isScalar(node) ? node.value : undefined
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      this.complain(node, `${key}: expected text`)
      return undefined
    }
    // What was written counts: an unquoted 1.10 is no number here.
    const text = typeof value === 'string' ? value : ((node as { source?: string }).source ?? String(value))
    if (text.length > maxLength) {
      this.complain(node, `${key}: ${text.length} characters, at most ${maxLength} are allowed`)
    }
    return text
  }

  bool(map: YAMLMap | undefined, key: string, fallback: boolean): boolean {
    const node = this.node(map, key)
    if (node === undefined) return fallback
    const value = isScalar(node) ? node.value : undefined
    if (typeof value === 'boolean') return value
    if (typeof value === 'string' && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
    this.complain(node, `${key}: expected true or false`)
    return fallback
  }

  int(map: YAMLMap | undefined, key: string, min: number, max: number): number | undefined {
    const node = this.node(map, key)
    if (node === undefined) return undefined
    const value = isScalar(node) ? Number(node.value) : Number.NaN
    if (Number.isInteger(value) && value >= min && value <= max) return value
    this.complain(node, `${key}: expected a whole number from ${min} to ${max}`)
    return undefined
  }

  minutes(map: YAMLMap | undefined, key: string, min: number, max: number): number | undefined {
    const text = this.text(map, key, 32)
    if (text === undefined) return undefined
    const minutes = parseDuration(text)
    if (minutes === undefined) {
      this.complain(this.node(map, key), `${key}: "${text}" is no duration; write 30m, 1h, 14d or PT30M`)
    } else if (minutes < min || minutes > max) {
      this.complain(this.node(map, key), `${key}: "${text}" is outside of ${min}m to ${max / DAY}d`)
    }
    return minutes
  }

  /** A word of a list, in any case and with blanks (published rules hold "high" and "Azure resource"). */
  word<T extends string>(
    node: Node | undefined,
    key: string,
    words: readonly T[],
    severity: FileProblem['severity'] = 'error',
  ): T | undefined {
    if (node === undefined) return undefined
    const value = isScalar(node) ? String(node.value) : ''
    const found = wordOf(value, words)
    if (found === undefined) {
      this.complain(node, `${key}: "${value}" is not one of ${words.join(', ')}`, severity)
    }
    return found
  }

  list(map: YAMLMap | undefined, key: string): readonly Node[] {
    const node = this.node(map, key)
    if (node === undefined) return []
    if (isSeq(node)) return node.items as Node[]
    this.complain(node, `${key}: expected a list`)
    return []
  }

  texts(map: YAMLMap | undefined, key: string, maxLength: number): string[] {
    return this.list(map, key).flatMap((node) => this.asText(node, key, maxLength) ?? [])
  }
}

export const keyOf = (key: unknown): string => String(isScalar(key) ? key.value : key)

/** The word of the list that `text` stands for, whatever its case and blanks. */
export function wordOf<T extends string>(text: string, words: readonly T[]): T | undefined {
  const wanted = text.replaceAll(' ', '').toLowerCase()
  return words.find((word) => word.toLowerCase() === wanted)
}
