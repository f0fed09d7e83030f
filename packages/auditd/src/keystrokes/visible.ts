/**
 * What of some terminal input may be shown to who is not allowed to see secrets: the lines as the shell got them,
 * with the secrets in them masked, and for all other input only how much there was.
 */
import { MASK, maskCommandLine } from '../secrets/mask.js'
import { parseShellLine } from '../shell/parse.js'
import { literalWord } from '../shell/words.js'
import type { TypedLine } from './lines.js'
import { typedLines } from './lines.js'
import { editsLines, readerOf } from './readers.js'

/** `(61 keys read by sudo)`: in the place of input that is not shown. */
export function hiddenKeys(count: number, reader: string): string {
  return `(${count} ${count === 1 ? 'key' : 'keys'} read by ${reader === '' ? 'a program' : reader})`
}

/**
 * Whether a line is likely a password that was typed where a command was expected: one word that is no path, no
 * assignment and no name as commands have them, made of several kinds of characters. Nobody can know: a command of
 * such a name is masked too, and a password such as `sunshine` is not.
 */
export function looksLikePassword(text: string): boolean {
  const word = text.trim()
  if (word.length < 6 || word.length > 128 || /[\s/=|;&<>()]|\$[A-Za-z_({]/.test(word)) return false
  if (/^[a-z0-9][a-z0-9._+-]*$/.test(word) || /^[%!\\~-]/.test(word)) return false
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(word)).length
  return kinds >= 3 || (kinds === 2 && /[^A-Za-z0-9._+-]/.test(word))
}

/** Commands that make a shell read lines that are no commands. */
const READING = new Set(['read', 'select', 'mapfile', 'readarray', 'source', '.'])

/**
 * Whether what is typed behind this line is an answer to it:
 * - `secret`: to `read -s`, which does not show it
 * - `answer`: to `read`, or to a script that the shell itself runs
 */
export function asksFor(line: string): 'secret' | 'answer' | undefined {
  let asked: 'answer' | undefined
  for (const { words } of parseShellLine(line).commands) {
    const [name, ...args] = words.map((word) => literalWord(word) ?? '')
    if (!READING.has(name ?? '')) continue
    if (name === 'read' && args.some((arg) => /^-[A-Za-z]*s/.test(arg))) return 'secret'
    asked = 'answer'
  }
  return asked
}

/**
 * A line of a shell or an interpreter as it may be shown.
 *
 * A shell that edits its lines gets one that the terminal edited in two cases: as an answer to `read`, which is
 * hidden, or when it was typed ahead, while a command ran.
 * @param before the line that was entered before it
 */
export function visibleLine(
  line: Pick<TypedLine, 'text' | 'cooked'>,
  reader: string,
  before?: string,
): string {
  if (line.text === '') return ''
  const asked = before === undefined ? undefined : asksFor(before)
  if (asked === 'secret' || (asked === 'answer' && (line.cooked || !editsLines(reader)))) return MASK
  return looksLikePassword(line.text) ? MASK : maskCommandLine(line.text)
}

/**
 * Terminal input as it may be shown, a line each.
 * @param reader short name of the program that read it, '' where the log does not say
 */
export function visibleKeystrokes(data: Uint8Array, reader: string): string {
  const kind = readerOf(reader)
  if (kind !== 'shell' && kind !== 'interpreter') return hiddenKeys(data.length, reader)
  let before: string | undefined
  return typedLines(data)
    .map((line) => {
      const text = visibleLine(line, reader, before)
      before = line.text
      return text
    })
    .join('\n')
}
