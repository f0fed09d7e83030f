/**
 * Automation rules as Sentinel's REST API has them: what they are triggered by, on which conditions, and what they
 * do, in order. One schema reads, checks and documents them, so that a rule moves both ways.
 */
import { z } from 'zod'
import { CLASSIFICATION_NAMES, STATUSES } from '../incidents/incident.js'
import { SEVERITIES } from '../rules/vocabulary.js'

export const OPERATORS = [
  'Equals',
  'NotEquals',
  'Contains',
  'NotContains',
  'StartsWith',
  'NotStartsWith',
  'EndsWith',
  'NotEndsWith',
] as const
export type Operator = (typeof OPERATORS)[number]

/** What conditions can look at. Entities' properties have a value for each entity. */
export const PROPERTIES = [
  'IncidentTitle',
  'IncidentDescription',
  'IncidentSeverity',
  'IncidentStatus',
  'IncidentRelatedAnalyticRuleIds',
  'IncidentTactics',
  'IncidentLabel',
  'IncidentProviderName',
  'IncidentUpdatedBySource',
  'IncidentCustomDetailsKey',
  'IncidentCustomDetailsValue',
  'AlertProductNames',
  'AlertAnalyticRuleIds',
  'AccountName',
  'AccountNTDomain',
  'AccountUPNSuffix',
  'AccountSid',
  'HostName',
  'HostNTDomain',
  'HostOSVersion',
  'IPAddress',
  'FileName',
  'FileDirectory',
  'FileHashValue',
  'ProcessCommandLine',
  'ProcessId',
  'Url',
  'DNSDomainName',
] as const
export type Property = (typeof PROPERTIES)[number]

const values = z.array(z.string().max(1000)).max(100)

const property = z.strictObject({
  conditionType: z.literal('Property'),
  conditionProperties: z.strictObject({
    propertyName: z.enum(PROPERTIES),
    operator: z.enum(OPERATORS),
    propertyValues: values.min(1),
  }),
})

const propertyChanged = z.strictObject({
  conditionType: z.literal('PropertyChanged'),
  conditionProperties: z.strictObject({
    propertyName: z.enum(['IncidentSeverity', 'IncidentStatus', 'IncidentOwner']),
    changeType: z.enum(['ChangedFrom', 'ChangedTo']).nullish(),
    operator: z.enum(OPERATORS).nullish(),
    propertyValues: values.nullish(),
  }),
})

const arrayChanged = z.strictObject({
  conditionType: z.literal('PropertyArrayChanged'),
  conditionProperties: z.strictObject({
    arrayType: z.enum(['Alerts', 'Labels', 'Tactics', 'Comments']),
    changeType: z.literal('Added'),
  }),
})

export interface BooleanCondition {
  readonly conditionType: 'Boolean'
  readonly conditionProperties: {
    readonly operator: 'And' | 'Or'
    readonly innerConditions: readonly Condition[]
  }
}

export type Condition =
  | z.infer<typeof property>
  | z.infer<typeof propertyChanged>
  | z.infer<typeof arrayChanged>
  | BooleanCondition

/** Conditions within conditions go so deep, as in Sentinel. */
const conditionOf = (depth: number): z.ZodType<Condition> => {
  const plain = [property, propertyChanged, arrayChanged] as const
  if (depth === 0) return z.discriminatedUnion('conditionType', plain)
  const boolean = z.strictObject({
    conditionType: z.literal('Boolean'),
    conditionProperties: z.strictObject({
      operator: z.enum(['And', 'Or']),
      innerConditions: z
        .array(conditionOf(depth - 1))
        .min(1)
        .max(50),
    }),
  })
  return z.discriminatedUnion('conditionType', [...plain, boolean])
}

const modify = z.strictObject({
  severity: z.enum(SEVERITIES).nullish(),
  status: z.enum(STATUSES).nullish(),
  classification: z.enum(CLASSIFICATION_NAMES as [string, ...string[]]).nullish(),
  classificationReason: z.string().max(50).nullish(),
  classificationComment: z.string().max(5000).nullish(),
  owner: z
    .object({ assignedTo: z.string().max(200).nullish(), email: z.string().max(200).nullish() })
    .nullish(),
  labels: z
    .array(z.object({ labelName: z.string().min(1).max(100) }))
    .max(50)
    .nullish(),
})

const order = z.int().min(1).max(1000)
const action = z.discriminatedUnion('actionType', [
  z.strictObject({ order, actionType: z.literal('ModifyProperties'), actionConfiguration: modify }),
  z.strictObject({
    order,
    actionType: z.literal('RunPlaybook'),
    actionConfiguration: z.object({
      /** The playbook's id or name; of a whole resource id the last part. */
      logicAppResourceId: z.string().min(1).max(500),
      tenantId: z.string().max(100).nullish(),
    }),
  }),
  z.strictObject({
    order,
    actionType: z.literal('AddIncidentTask'),
    actionConfiguration: z.strictObject({
      title: z.string().min(1).max(150),
      description: z.string().max(3000).nullish(),
    }),
  }),
])
export type Action = z.infer<typeof action>

export const automationRuleBody = z
  .strictObject({
    displayName: z.string().trim().min(1).max(500),
    order,
    triggeringLogic: z.strictObject({
      isEnabled: z.boolean(),
      expirationTimeUtc: z.iso.datetime().nullish(),
      triggersOn: z.enum(['Incidents', 'Alerts']),
      triggersWhen: z.enum(['Created', 'Updated']),
      conditions: z.array(conditionOf(2)).max(50).default([]),
    }),
    actions: z.array(action).min(1).max(20),
  })
  .superRefine(({ triggeringLogic, actions }, context) => {
    if (triggeringLogic.triggersOn !== 'Alerts') return
    const say = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (triggeringLogic.triggersWhen === 'Updated') say('triggeringLogic', 'alerts are created, not updated')
    if (actions.some(({ actionType }) => actionType !== 'RunPlaybook'))
      say('actions', 'an alert can only run playbooks: to change its incident, trigger on Incidents')
  })

export type AutomationRuleBody = z.infer<typeof automationRuleBody>

export interface AutomationRule extends AutomationRuleBody {
  readonly id: string
  readonly createdBy: string
  readonly createdTime: string
  readonly lastModifiedBy: string
  readonly lastModifiedTime: string
  /** How often it acted, and when it did last. */
  readonly ran: number
  readonly lastRanTime: string | null
  /** What went wrong when it last acted. */
  readonly lastError: string | null
}
