/** A table for a terminal: columns as wide as they need, cut where the terminal ends. */
const GAP = '  '
const MIN_WIDTH = 6

/** One line, no control characters: a log can hold escape sequences that would reach the reader's terminal. */
export const printable = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (c) => {
    if (c === '\n') return '\\n'
    if (c === '\t') return '\\t'
    if (c === '\r') return '\\r'
    return `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`
  })

const wide = (code: number) =>
  code >= 0x1100 &&
  (code <= 0x115f ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff))

/** Terminal cells that the text takes; East Asian characters take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += wide(character.codePointAt(0)!) ? 2 : 1
  return width
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let result = ''
  let used = 0
  for (const character of text) {
    used += displayWidth(character)
    if (used > width - 1) break
    result += character
  }
  return `${result}…`
}

/** Narrows the widest columns, one cell at a time, until the line fits. */
function fit(widths: number[], total: number): number[] {
  const fitted = [...widths]
  const gaps = GAP.length * (fitted.length - 1)
  let sum = fitted.reduce((a, b) => a + b, gaps)
  while (sum > total) {
    const widest = fitted.indexOf(Math.max(...fitted))
    if (fitted[widest]! <= MIN_WIDTH) break
    fitted[widest]!--
    sum--
  }
  return fitted
}

export interface TableOptions {
  /** Cells of the terminal; undefined: nothing is cut. */
  readonly columns: number | undefined
  /** Indexes of columns that hold numbers and stand to the right. */
  readonly right?: ReadonlySet<number>
}

export function renderTable(
  names: readonly string[],
  rows: readonly (readonly string[])[],
  { columns, right = new Set() }: TableOptions,
): string {
  const header = names.map(printable)
  const cells = rows.map((row) => row.map(printable))
  const needed = header.map((name, i) =>
    cells.reduce((width, row) => Math.max(width, displayWidth(row[i] ?? '')), displayWidth(name)),
  )
  const widths = columns === undefined ? needed : fit(needed, columns)
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => {
        const text = cut(cell, widths[i]!)
        const pad = ' '.repeat(Math.max(0, widths[i]! - displayWidth(text)))
        return right.has(i) ? pad + text : text + pad
      })
      .join(GAP)
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join(GAP)
  return `${[line(header), rule, ...cells.map(line)].join('\n')}\n`
}
