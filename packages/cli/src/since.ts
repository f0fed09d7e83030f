/** A point in time as a person gives it on the command line. */
import { InvalidArgumentError } from 'commander'
import type { Effects } from './effects.js'

const UNITS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }

/** `2h` and `7d` count back from now; anything else is a date or a time (UTC unless it says otherwise). */
export function sinceOption({ now }: Pick<Effects, 'now'>): (text: string) => number {
  return (text) => {
    const [, number, unit] = /^([0-9]+)([smhdw])$/.exec(text) ?? []
    if (number !== undefined) return now().getTime() - Number(number) * UNITS[unit!]!
    const isPlain = /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]+)?$/.test(text)
    const time = Date.parse(isPlain && text.length > 10 ? `${text.replace(' ', 'T')}Z` : text)
    if (Number.isNaN(time))
      throw new InvalidArgumentError('expected a time such as 2026-11-27T08:00Z, or 2h, 7d')
    return time
  }
}
