/** History expansion (`!!`, `!$`, `!ls`, `^old^new`), as far as the lines before are known. */

export interface Expanded {
  readonly text: string
  /** Something was expanded. */
  readonly changed: boolean
  /** Something could not be: the history before these lines is not in the log. */
  readonly unknown: boolean
}

const MAX_LENGTH = 1 << 14

/** @param before the lines that were entered before, oldest first */
export function expandHistory(text: string, before: readonly string[]): Expanded {
  const substitution = /^\^([^^]+)\^([^^]*)\^?$/.exec(text)
  if (substitution !== null) {
    const last = before.at(-1)
    if (last === undefined) return { text, changed: false, unknown: true }
    return { text: last.replace(substitution[1]!, substitution[2]!), changed: true, unknown: false }
  }
  if (!text.includes('!')) return { text, changed: false, unknown: false }
  let result = ''
  let changed = false
  let unknown = false
  let quoted = false
  for (let at = 0; at < text.length && result.length < MAX_LENGTH; ) {
    const character = text[at]!
    if (character === "'") quoted = !quoted
    if (character === '\\') {
      result += text.slice(at, at + 2)
      at += 2
      continue
    }
    if (character === '#' && !quoted && /(?:^|\s)$/.test(result)) {
      // A comment: nothing in it is expanded.
      const end = text.indexOf('\n', at)
      result += text.slice(at, end < 0 ? undefined : end)
      at = end < 0 ? text.length : end
      continue
    }
    const event = quoted || character !== '!' ? null : EVENT.exec(text.slice(at))
    if (event === null) {
      result += character
      at++
      continue
    }
    const found = recall(event, before)
    if (found === undefined) {
      unknown = true
      result += event[0]
    } else {
      changed = true
      result += found
    }
    at += event[0].length
  }
  return { text: result, changed, unknown }
}

/** `!!`, `!$`, `!*`, `!^`, `!-2`, `!12`, `!?text?`, `!word`, each with `:0`, `:$`, `:*`, `:p`. A blank or `=` behind `!` is none. */
const EVENT =
  /^!(?:(!)|([$*^])|(-[0-9]+)|([0-9]+)|\?([^?\s]+)\??|([A-Za-z_./][^\s:;|&<>()"']*))(?::([0-9$*^]+))?/

function recall(event: RegExpExecArray, before: readonly string[]): string | undefined {
  const [, last, short, back, number, contained, prefix, part] = event
  let line: string | undefined
  if (last !== undefined || short !== undefined) line = before.at(-1)
  else if (back !== undefined) line = before.at(Number(back))
  else if (contained !== undefined) line = before.findLast((text) => text.includes(contained))
  else if (prefix !== undefined) line = before.findLast((text) => text.startsWith(prefix))
  else if (number !== undefined) return undefined
  if (line === undefined) return undefined
  const words = line.trim().split(/\s+/)
  switch (short ?? part) {
    case '$':
      return words.at(-1)
    case '^':
      return words[1]
    case '*':
      return words.slice(1).join(' ')
    case undefined:
      return line
    default:
      return words[Number(part)]
  }
}
