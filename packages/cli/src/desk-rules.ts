/** The analytics rules, as a command asks for them: of the folder that is open here, or of the server that has it. */
import {
  type Actor,
  type BrokenFile,
  type Finding,
  type IncidentSummary,
  type PastRun,
  type RuleEntry,
  readRule,
  type Simulation,
  type SourceFile,
} from '@auspex/detect'
import type { Workspace } from '@auspex/server'
import type { Ask } from './ask.js'

export interface RuleLine {
  readonly id: string
  readonly displayName: string
  readonly kind: string
  readonly severity: string
  readonly enabled: boolean
  readonly autoDisabled: boolean
  readonly reason: string | null
  readonly lastError: string | null
  readonly source: RuleEntry['origin']
  readonly tactics: readonly string[]
  readonly techniques: readonly string[]
  readonly lastRun: PastRun | null
}

export interface RulesDesk {
  list(): Promise<{ readonly rules: readonly RuleLine[]; readonly broken: readonly BrokenFile[] }>
  /** The file of a rule, by its id, its name or its file's name. */
  text(id: string): Promise<string>
  runs(id: string): Promise<readonly PastRun[]>
  setEnabled(
    id: string,
    enabled: boolean,
    reason: string | undefined,
  ): Promise<{ readonly displayName: string }>
  /** Writes a rule into the workspace's folder. */
  save(yaml: string): Promise<{ readonly id: string; readonly displayName: string }>
  remove(id: string): Promise<void>
  /** `standardTables`: bind against Sentinel's own tables too, which this workspace need not have. */
  validate(files: readonly SourceFile[], standardTables: boolean): Promise<readonly Finding[]>
  simulate(yaml: string, runs: number, until: Date | undefined): Promise<Simulation>
  /** Runs it once, now, over its last period. */
  run(id: string): Promise<{ readonly incidents: readonly IncidentSummary[]; readonly runs: number }>
}

export function localRules(workspace: Workspace, actor: Actor): RulesDesk {
  const { rules } = workspace
  const line = async ({ rule, ...entry }: RuleEntry): Promise<RuleLine> => ({
    id: rule.id,
    displayName: entry.displayName,
    kind: rule.kind,
    severity: rule.severity,
    enabled: entry.isEnabled,
    autoDisabled: entry.isAutoDisabled,
    reason: entry.reason,
    lastError: entry.lastError,
    source: entry.origin,
    tactics: rule.tactics,
    techniques: rule.techniques,
    lastRun: (await rules.runs(rule.id, 1))[0] ?? null,
  })
  return {
    list: async () => ({ rules: await Promise.all(rules.entries.map(line)), broken: rules.broken }),
    text: (id) => rules.text(id),
    runs: (id) => rules.runs(id),
    setEnabled: (id, enabled, reason) => rules.setEnabled(id, enabled, actor, reason ?? null),
    async save(yaml) {
      const { rule, displayName } = await rules.saveText(yaml)
      return { id: rule.id, displayName }
    },
    remove: (id) => rules.remove(id),
    simulate: (yaml, runs, until) =>
      workspace.simulate(readRule(yaml, 'rule.yaml'), { runs, ...(until === undefined ? {} : { until }) }),
    run: (id) => workspace.runOnce(rules.get(id).rule),
    validate: (files, standardTables) => workspace.validate(files, { standardTables }),
  }
}

export function remoteRules(ask: Ask): RulesDesk {
  const of = (id: string) => `/api/rules/${encodeURIComponent(id)}`
  return {
    async list() {
      const { items, broken } = (await ask('GET', '/api/rules')) as {
        items: RuleLine[]
        broken: BrokenFile[]
      }
      return { rules: items, broken }
    },
    text: async (id) => ((await ask('GET', of(id))) as { yaml: string }).yaml,
    runs: async (id) => ((await ask('GET', `${of(id)}/runs`)) as { items: PastRun[] }).items,
    setEnabled: async (id, enabled, reason) =>
      (await ask('PATCH', of(id), { enabled, ...(reason === undefined ? {} : { reason }) })) as RuleLine,
    save: async (yaml) => (await ask('POST', '/api/rules', { yaml })) as RuleLine,
    remove: async (id) => void (await ask('DELETE', of(id))),
    simulate: async (yaml, runs, until) =>
      (await ask('POST', '/api/rules/simulate', {
        yaml,
        runs,
        ...(until === undefined ? {} : { until: until.toISOString() }),
      })) as Simulation,
    run: async (id) => (await ask('POST', `${of(id)}/run`)) as { incidents: IncidentSummary[]; runs: number },
    validate: async (files, standardTables) =>
      ((await ask('POST', '/api/rules/validate', { files, standardTables })) as { findings: Finding[] })
        .findings,
  }
}
