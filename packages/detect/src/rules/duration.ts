/**
 * Durations as rules write them: `30m`, `1h`, `14d` (Azure-Sentinel's YAML), `PT30M`, `P14D` (ISO 8601, ARM)
 * and `00:30:00`, `1.00:00:00` (.NET TimeSpan).
 */
const UNIT_MINUTES: Readonly<Record<string, number>> = { m: 1, h: 60, d: 1440 }

/** Minutes, or undefined when the text is no duration of whole seconds and at least a minute's precision. */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim()
  const short = /^(\d{1,6})([mhd])$/i.exec(trimmed)
  if (short) return Number(short[1]) * UNIT_MINUTES[short[2]!.toLowerCase()]!

  const iso = /^P(?:(\d{1,6})D)?(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?$/i.exec(trimmed)
  if (iso?.slice(1).some((part) => part !== undefined)) {
    const [d = 0, h = 0, m = 0, s = 0] = iso.slice(1).map((part) => Number(part ?? 0))
    return d * 1440 + h * 60 + m + s / 60
  }

  const net = /^(?:(\d{1,6})\.)?(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(trimmed)
  if (net) {
    const [d = 0, h = 0, m = 0, s = 0] = net.slice(1).map((part) => Number(part ?? 0))
    if (h < 24 && m < 60 && s < 60) return d * 1440 + h * 60 + m + s / 60
  }
  return undefined
}
