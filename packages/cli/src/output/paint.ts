/** Colours on a terminal, none in a pipe or where NO_COLOR is set. */
import pc from 'picocolors'
import type { Effects } from '../effects.js'

export type Paint = ReturnType<typeof pc.createColors>

export function paintFor({ out, env }: Pick<Effects, 'out' | 'env'>): Paint {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '0'
  const unwanted = env.NO_COLOR !== undefined && env.NO_COLOR !== ''
  return pc.createColors(!unwanted && (forced || (out.columns !== undefined && env.TERM !== 'dumb')))
}
