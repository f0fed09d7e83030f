/** A tick is 100 ns; datetimes count them from 0001-01-01 UTC. */
export const TICKS_PER_MS = 10_000n
export const UNIX_EPOCH_TICKS = 621_355_968_000_000_000n

/** @param ms since 1970; fractions are kept to 100 ns */
export function ticksFromMs(ms: number): bigint {
  const whole = Math.floor(ms)
  const fraction = ms - whole
  const ticks = BigInt(whole) * TICKS_PER_MS + UNIX_EPOCH_TICKS
  return fraction === 0 ? ticks : ticks + BigInt(Math.round(fraction * 10_000))
}

/** ms since 1970, as `Date` counts. */
export function msFromTicks(ticks: bigint): number {
  return Number(ticks - UNIX_EPOCH_TICKS) / 10_000
}
