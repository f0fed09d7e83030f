/**
 * The patterns of format_datetime and format_timespan, turned into SQL when the query is compiled.
 *
 * A datetime goes through strftime, except its fraction, which strftime knows to six digits only.
 */

export class InvalidFormat extends Error {}

const DELIMITERS = new Set([' ', '/', '-', ':', ',', '.', '_', '[', ']'])

interface Piece {
  /** A run of one letter, or a text of delimiters. */
  readonly text: string
  readonly letters: boolean
}

function pieces(format: string): Piece[] {
  const found: Piece[] = []
  for (const [text] of format.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    const letters = /[A-Za-z]/.test(text)
    const stranger = letters ? undefined : [...text].find((character) => !DELIMITERS.has(character))
    if (stranger !== undefined)
      throw new InvalidFormat(`The format '${format}' has '${stranger}', which Kusto does not take`)
    found.push({ text, letters })
  }
  return found
}

const DATETIME: Readonly<Record<string, string>> = {
  d: '%-d',
  dd: '%d',
  h: '%-I',
  hh: '%I',
  H: '%-H',
  HH: '%H',
  m: '%-M',
  mm: '%M',
  M: '%-m',
  MM: '%m',
  s: '%-S',
  ss: '%S',
  tt: '%p',
  y: '%-y',
  yy: '%y',
  yyyy: '%Y',
}

const DIGITS = (t: string) => `lpad((abs(${t}) % 10000000)::VARCHAR, 7, '0')`

/** `fff`: so many digits of the second's fraction; `FFF`: the same without zeros at the end. */
function fraction(specifier: string, value: string): string {
  const digits = `left(${DIGITS(value)}, ${specifier.length})`
  return specifier.startsWith('f') ? digits : `rtrim(${digits}, '0')`
}

function isFraction(text: string): boolean {
  return /^(f{1,7}|F{1,7})$/.test(text)
}

/** Joins texts and SQL; texts that stand side by side become one. */
function concatenated(parts: readonly string[]): string {
  return parts.length === 0 ? "''" : parts.join(' || ')
}

/** SQL that writes ticks by the pattern. */
export function formatDatetime(value: string, format: string): string {
  const parts: string[] = []
  let pattern = ''
  const flush = () => {
    if (pattern !== '') parts.push(`strftime(kql_timestamp(${value}), '${pattern}')`)
    pattern = ''
  }
  for (const { text, letters } of pieces(format)) {
    if (!letters) {
      pattern += text
    } else if (isFraction(text)) {
      flush()
      parts.push(fraction(text, value))
    } else {
      const specifier = DATETIME[text]
      if (!specifier)
        throw new InvalidFormat(`The format '${format}' has '${text}', which Kusto does not know`)
      pattern += specifier
    }
  }
  flush()
  return concatenated(parts)
}

const TIMESPAN: Readonly<Record<string, { readonly ticks: string; readonly modulus: number }>> = {
  h: { ticks: '36000000000', modulus: 24 },
  m: { ticks: '600000000', modulus: 60 },
  s: { ticks: '10000000', modulus: 60 },
}

/** SQL that writes a timespan by the pattern; the sign is not written. */
export function formatTimespan(value: string, format: string): string {
  const parts = pieces(format).map(({ text, letters }) => {
    if (!letters) return `'${text}'`
    if (isFraction(text)) return fraction(text, value)
    if (/^d{1,8}$/.test(text)) {
      return `kql_pad(abs(${value}) // 864000000000, ${text.length})`
    }
    const unit = /^(hh?|HH?|mm?|ss?)$/.test(text) ? TIMESPAN[text[0]!.toLowerCase()] : undefined
    if (!unit) throw new InvalidFormat(`The format '${format}' has '${text}', which Kusto does not know`)
    return `kql_pad(abs(${value}) // ${unit.ticks} % ${unit.modulus}, ${text.length})`
  })
  return concatenated(parts)
}
