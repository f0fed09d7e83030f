/** Cells on the wire: JSON has no 64-bit integers and no times, so these go as text; the column's type tells. */
import {
  formatTimespan,
  type KqlType,
  type KqlValue,
  parseDatetime,
  parseTimespan,
  ticksToIso,
} from '@auspex/kql'

type Codec = { encode: (value: never) => unknown; decode: (value: never) => unknown }

const CODECS: Partial<Record<KqlType, Codec>> = {
  long: { encode: (value: bigint) => String(value), decode: (text: string) => BigInt(text) },
  datetime: { encode: (ticks: bigint) => ticksToIso(ticks), decode: (text: string) => parseDatetime(text) },
  timespan: {
    encode: (ticks: bigint) => formatTimespan(ticks),
    decode: (text: string) => parseTimespan(text),
  },
  real: {
    encode: (value: number) => (Number.isFinite(value) ? value : String(value)),
    decode: (value: number | string) => Number(value),
  },
}

export const encodeCell = (type: KqlType, value: unknown): unknown =>
  value === null || value === undefined ? null : (CODECS[type]?.encode(value as never) ?? value)

export const decodeCell = (type: KqlType, value: unknown): KqlValue =>
  value === null || value === undefined ? null : ((CODECS[type]?.decode(value as never) ?? value) as KqlValue)
