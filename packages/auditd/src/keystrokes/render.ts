/**
 * Terminal input as `aureport --tty` prints it: `"netstat -tlpn",<ret>,"lsx",<backspace>`.
 *
 * At each place the longest key sequence wins. Runs of other bytes stand in `"`: printable ASCII as it is, `\`
 * and `"` with a `\` before them, everything else as three octal digits (`\303\251`; aureport knows no UTF-8).
 */
import { keyAt } from './keys-at.js'

/** The bytes read from a terminal as `aureport --tty` shows them. */
export function renderKeystrokes(data: Uint8Array): string {
  const parts: string[] = []
  let run = ''
  for (let at = 0; at < data.length; ) {
    const key = keyAt(data, at)
    if (key === undefined) {
      run += renderByte(data[at]!)
      at++
      continue
    }
    if (run !== '') parts.push(`"${run}"`)
    run = ''
    parts.push(`<${key.name}>`)
    at += key.length
  }
  if (run !== '') parts.push(`"${run}"`)
  return parts.join(',')
}

function renderByte(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`
  if (byte >= 0x20 && byte <= 0x7e) return String.fromCharCode(byte)
  return `\\${byte.toString(8).padStart(3, '0')}`
}
