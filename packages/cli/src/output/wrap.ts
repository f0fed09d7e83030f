/** Text broken into lines that fit. */
import { displayWidth, printable } from './table.js'

/** Breaks at blanks where it can, and in words that are longer than a line. Gives at least one line. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  for (const word of printable(text).split(/(?<= )/)) {
    let rest = word
    const isTooWide = used + displayWidth(rest.trimEnd()) > width
    if (isTooWide && used > 0) {
      lines.push(line.trimEnd())
      line = ''
      used = 0
    }
    while (displayWidth(rest.trimEnd()) > width) {
      let piece = ''
      for (const character of rest) {
        if (displayWidth(piece + character) > width && piece !== '') break
        piece += character
      }
      lines.push(piece)
      rest = rest.slice(piece.length)
    }
    line += rest
    used += displayWidth(rest)
  }
  if (line !== '' || lines.length === 0) lines.push(line.trimEnd())
  return lines
}

/** Lines of the text as it was written, each broken where it is too long. */
export function wrapLines(text: string, width: number): string[] {
  return text.split('\n').flatMap((line) => wrap(line, width))
}
