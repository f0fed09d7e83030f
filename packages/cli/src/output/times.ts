/** Times as a person reads them, in the zone that was asked for. */

const formats = new Map<string, Intl.DateTimeFormat>()

function parts(iso: string, timeZone: string): Record<string, string> {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZoneName: 'short',
    })
    formats.set(timeZone, format)
  }
  return Object.fromEntries(format.formatToParts(new Date(iso)).map(({ type, value }) => [type, value]))
}

/** `2026-11-27` */
export function dateOf(iso: string, timeZone: string): string {
  const { year, month, day } = parts(iso, timeZone)
  return `${year}-${month}-${day}`
}

/** `07:55:23` */
export function timeOf(iso: string, timeZone: string): string {
  const { hour, minute, second } = parts(iso, timeZone)
  return `${hour}:${minute}:${second}`
}

/** `2026-11-27 07:55:23` */
export function dateTimeOf(iso: string, timeZone: string): string {
  return `${dateOf(iso, timeZone)} ${timeOf(iso, timeZone)}`
}

/** `UTC`, `CET` */
export function zoneOf(iso: string, timeZone: string): string {
  return parts(iso, timeZone).timeZoneName ?? timeZone
}

/** `58 s`, `12 min`, `3 h 5 min`, `2 d 4 h` */
export function durationOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 90) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}
