/** ATT&CK's matrix, and what covers each technique: rules that look for it, alerts that named it, events that carry it. */
import { TACTICS, TECHNIQUES } from '@auspex/attack'
import type { RuleSummary } from '../api/rules'

export interface TechniqueCoverage {
  readonly id: string
  readonly name: string
  /** Of the technique itself or of one of its parts. */
  readonly rules: readonly RuleSummary[]
  readonly alerts: number
  readonly events: number
  readonly parts: readonly {
    readonly id: string
    readonly name: string
    readonly rules: number
    readonly alerts: number
    readonly events: number
  }[]
}

export interface TacticCoverage {
  readonly name: string
  readonly title: string
  readonly techniques: readonly TechniqueCoverage[]
}

const parentOf = (id: string): string => id.split('.')[0]!

export function coverageOf(
  rules: readonly RuleSummary[],
  alerts: ReadonlyMap<string, number>,
  events: ReadonlyMap<string, number>,
): TacticCoverage[] {
  const parts = new Map<string, string[]>()
  for (const id of TECHNIQUES.keys()) {
    if (id.includes('.')) parts.set(parentOf(id), [...(parts.get(parentOf(id)) ?? []), id])
  }
  const on = rules.filter(({ enabled }) => enabled)
  const sum = (counts: ReadonlyMap<string, number>, ids: readonly string[]) =>
    ids.reduce((total, id) => total + (counts.get(id) ?? 0), 0)
  return TACTICS.map(({ slug, name, title }) => ({
    name,
    title,
    techniques: [...TECHNIQUES.values()]
      .filter(({ id, tactics }) => !id.includes('.') && tactics.includes(slug))
      .map(({ id, name: technique }) => {
        const ids = [id, ...(parts.get(id) ?? [])]
        return {
          id,
          name: technique,
          rules: on.filter(({ techniques }) => techniques.some((each) => ids.includes(each))),
          alerts: sum(alerts, ids),
          events: sum(events, ids),
          parts: (parts.get(id) ?? []).map((part) => ({
            id: part,
            name: TECHNIQUES.get(part)!.name,
            rules: on.filter(({ techniques }) => techniques.includes(part)).length,
            alerts: alerts.get(part) ?? 0,
            events: events.get(part) ?? 0,
          })),
        }
      }),
  }))
}

export const isCovered = ({ rules, alerts, events }: TechniqueCoverage): boolean =>
  rules.length > 0 || alerts > 0 || events > 0
