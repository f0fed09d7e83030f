/** The technique that the key of a rule names: `T1166_Seuid_and_Setgid` is T1548.001 today. */
import { RENUMBERED_IN_19, RETIRED, TECHNIQUES } from '@auspex/attack'

export type AttackVersion = '18.1' | '19'

export interface KeyTechnique {
  /** As the key has it. */
  readonly written: string
  /** Ids of today; empty where ATT&CK has none any more. */
  readonly current: readonly string[]
  readonly state: 'current' | 'revoked' | 'deprecated' | 'unknown'
}

/** An id at the start of a key or behind a separator; `TT1087` and `t1059-001` are meant too. */
const ID = /(?:^|[^A-Za-z0-9])T?(T\d{4}(?:[._-]\d{3})?)(?![0-9])/gi

/** Techniques that a key names, in order; most keys name one or none. */
export function techniquesOf(key: string, version: AttackVersion = '18.1'): KeyTechnique[] {
  return [...key.matchAll(ID)].map((match) => {
    const written = match[1]!
    const id = written.toUpperCase().replace(/[_-]/, '.')
    const retired = RETIRED.get(id)
    if (retired !== undefined) {
      return { written, current: retired.now.map((now) => renumber(now, version)), state: retired.why }
    }
    if (!TECHNIQUES.has(id)) return { written, current: [], state: 'unknown' }
    return { written, current: [renumber(id, version)], state: 'current' }
  })
}

const renumber = (id: string, version: AttackVersion): string =>
  version === '19' ? (RENUMBERED_IN_19.get(id) ?? id) : id
