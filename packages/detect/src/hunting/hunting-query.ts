/**
 * Hunting queries: what an analyst asks on a suspicion. The file is a rule's without schedule, threshold and
 * severity (Azure-Sentinel, "Hunting Queries"); result columns named `Host_0_HostName` map entities as well.
 */
import { parseRule, type RuleFile } from '../rules/read.js'
import type { AnalyticsRule } from '../rules/rule.js'

export type HuntingQuery = Pick<
  AnalyticsRule,
  | 'id'
  | 'name'
  | 'description'
  | 'version'
  | 'requiredDataConnectors'
  | 'tactics'
  | 'techniques'
  | 'query'
  | 'entityMappings'
  | 'extra'
>

export interface HuntingFile extends RuleFile {
  readonly hunt?: HuntingQuery
}

const SCHEDULED = /^(severity|queryFrequency|queryPeriod|triggerOperator|triggerThreshold|kind)\s*:/m

/** Whether the text is of a hunting query's form: it has no key that only a rule has. */
export const isHunting = (text: string): boolean => !SCHEDULED.test(text)

/** Reads a hunting query and never throws. `rule` is the query as a rule that nobody runs, for the checks. */
export function parseHunting(text: string): HuntingFile {
  const file = parseRule(text, 'hunting')
  const { rule } = file
  if (rule === undefined) return file
  const {
    id,
    name,
    description,
    version,
    requiredDataConnectors,
    tactics,
    techniques,
    query,
    entityMappings,
    extra,
  } = rule
  return {
    ...file,
    hunt: {
      id,
      name,
      description,
      version,
      requiredDataConnectors,
      tactics,
      techniques,
      query,
      entityMappings,
      extra,
    },
  }
}
