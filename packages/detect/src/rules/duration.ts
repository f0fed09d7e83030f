/**
 * Durations as rules write them: `30m`, `1h`, `14d` (Azure-Sentinel's YAML), `PT30M`, `P14D` (ISO 8601, ARM)
 * and `00:30:00`, `1.00:00:00` (.NET TimeSpan).
 */
const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 }

const sum = (parts: readonly (string | undefined)[]) => {
  const [d = 0, h = 0, m = 0, s = 0] = parts.map((part) => Number(part ?? 0))
  return d * 1440 + h * 60 + m + s / 60
}

/** Minutes, or undefined when the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  const short = /^(\d{1,6})([mhd])$/i.exec(trimmed)
  if (short) return Number(short[1]) * UNIT_MINUTES[short[2]!.toLowerCase()]!

  const iso = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6}(?:\.\d{1,7})?)S)?)?$/i.exec(
    trimmed,
  )
  if (iso?.slice(1).some((part) => part !== undefined)) return sum(iso.slice(1))

  const net = /^(?:(\d{1,6})\.)?(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d{1,7})?))?$/.exec(trimmed)
  if (net && Number(net[2]) < 24 && Number(net[3]) < 60 && Number(net[4] ?? 0) < 60) return sum(net.slice(1))
  return undefined
}

const parts = (minutes: number) => {
  const seconds = Math.round(minutes * 60)
  return {
    d: Math.floor(seconds / 86_400),
    h: Math.floor(seconds / 3600) % 24,
    m: Math.floor(seconds / 60) % 60,
    s: seconds % 60,
  }
}

/** As Azure-Sentinel's files write it: `30m`, `1h`, `14d`; ISO where that has no word for it. */
export function shortDuration(minutes: number): string {
  if (Number.isInteger(minutes)) {
    if (minutes > 0 && minutes % 1440 === 0) return `${minutes / 1440}d`
    return minutes > 0 && minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`
  }
  return isoDuration(minutes)
}

/** ISO 8601, as ARM writes it: `PT30M`, `P14D`, `P1DT2H`. */
export function isoDuration(minutes: number): string {
  const { d, h, m, s } = parts(minutes)
  const time = [h && `${h}H`, m && `${m}M`, s && `${s}S`].filter(Boolean).join('')
  if (d === 0 && time === '') return 'PT0S'
  return `P${d === 0 ? '' : `${d}D`}${time === '' ? '' : `T${time}`}`
}
