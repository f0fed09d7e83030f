/** Cases whose documented output is itself wrong: known-faults.json, id (or `page#*`) to reason. */

export type KnownFaults = Readonly<Record<string, string>>

export function knownFault(faults: KnownFaults, id: string): string | undefined {
  return faults[id] ?? faults[`${id.slice(0, id.lastIndexOf('#'))}#*`]
}
