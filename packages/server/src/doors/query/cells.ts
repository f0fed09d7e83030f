/**
 * Values as Azure's query APIs write them in JSON. A long keeps all its digits, as a JSON number that has more than
 * JavaScript's; the two APIs differ in how a dynamic value goes: Log Analytics sends its JSON as a string.
 */
import { formatTimespan, type KqlType, type KqlValue, ticksToIso } from '@auspex/kql'

export type WriteCell = (value: KqlValue) => string

const quoted = (value: unknown): string => JSON.stringify(String(value))

/** JSON text, or, when it is none, a JSON string of it. */
function rawJson(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  try {
    JSON.parse(text)
    return text
  } catch {
    return JSON.stringify(text)
  }
}

const WRITE: Readonly<Record<KqlType, (value: NonNullable<KqlValue>) => string>> = {
  bool: (value) => (value ? 'true' : 'false'),
  int: String,
  long: String,
  real: (value) => (Number.isFinite(value) ? String(value) : quoted(value)),
  decimal: quoted,
  string: (value) => JSON.stringify(value),
  guid: quoted,
  datetime: (value) => quoted(typeof value === 'bigint' ? ticksToIso(value) : value),
  timespan: (value) => quoted(typeof value === 'bigint' ? formatTimespan(value) : value),
  dynamic: rawJson,
}

export interface CellStyle {
  /** Whether a dynamic value goes as a string that holds JSON. */
  readonly dynamicAsText: boolean
}

export function cellWriter(type: KqlType, style: CellStyle): WriteCell {
  const write =
    type === 'dynamic' && style.dynamicAsText
      ? (value: NonNullable<KqlValue>) =>
          JSON.stringify(typeof value === 'string' ? value : JSON.stringify(value))
      : WRITE[type]
  return (value) => (value === null || value === undefined ? 'null' : write(value))
}
