/**
 * MITRE ATT&CK techniques that rule keys name (`T1166_Seuid_and_Setgid`), brought to the ids of ATT&CK v18.1.
 * A key stays evidence of what its rule watches, no more: it is not a detection. Source: the `revoked-by`
 * relations of mitre/cti v18.1. `undefined`: deprecated without a successor.
 */
const REPLACED: ReadonlyMap<string, string | undefined> = new Map([
  ['T1002', 'T1560'],
  ['T1043', undefined],
  ['T1079', 'T1573'],
  ['T1081', 'T1552.001'],
  ['T1099', 'T1070.006'],
  ['T1107', 'T1070.004'],
  ['T1108', undefined],
  ['T1156', 'T1546.004'],
  ['T1166', 'T1548.001'],
  ['T1168', 'T1053'],
  ['T1169', 'T1548.003'],
  ['T1215', 'T1547.006'],
])

const TECHNIQUE = /(?:^|[^A-Za-z0-9])T{1,2}([0-9]{4}(?:\.[0-9]{3})?)(?![0-9])/g

/** The techniques, by their current ids, that the keys of an event name. */
export function techniquesOf(keys: readonly string[]): string[] {
  const found = new Set<string>()
  for (const key of keys) {
    for (const [, digits] of key.matchAll(TECHNIQUE)) {
      const id = `T${digits}`
      const current = REPLACED.has(id) ? REPLACED.get(id) : id
      if (current !== undefined) found.add(current)
    }
  }
  return Array.from(found)
}
