/**
 * Automation: what happened to incidents and alerts meets the automation rules. Events are written in the
 * transaction of what they tell of (incidents/ledger.ts), and are looked at here one by one, in their order; one is
 * deleted when all rules have seen it. What a crash interrupts is done again, and changes nothing that was done: a
 * change that is in is no change, a playbook's run has an id made of the event, and a task is not added twice.
 */
import type { ControlDatabase } from '../control/database.js'
import type { Actor, Change } from '../incidents/change.js'
import type { Incident } from '../incidents/incident.js'
import { type IncidentChange, type Incidents, NotFoundError } from '../incidents/incidents.js'
import type { Playbooks } from '../playbooks/playbooks.js'
import { holds, type Subject } from './conditions.js'
import { type Action, type AutomationRule, type AutomationRuleBody, automationRuleBody } from './rule.js'

/** Automations that answer each other are stopped here. */
const MAX_DEPTH = 5
const MAX_RULES = 500

/** Thrown for a rule that is none; the message says where and why. */
export class BadAutomationError extends Error {
  readonly code = 'BAD_CHANGE'
  constructor(message: string) {
    super(message)
    this.name = 'BadAutomationError'
  }
}

export interface AutomationParts {
  readonly control: ControlDatabase
  readonly incidents: Incidents
  readonly playbooks: Pick<Playbooks, 'enqueue' | 'find'>
  /** ISO, seven digits. */
  readonly now: () => string
  readonly newId: () => string
}

interface Event {
  readonly id: number
  readonly event: string
  readonly incident_number: number | null
  readonly alert_id: string | null
  readonly changes: string
  readonly actor_kind: string
  readonly actor_name: string
  readonly depth: number
}

const TRIGGERS: Readonly<Record<string, readonly [on: string, when: string]>> = {
  IncidentCreated: ['Incidents', 'Created'],
  IncidentUpdated: ['Incidents', 'Updated'],
  AlertCreated: ['Alerts', 'Created'],
}

/** What was done by a playbook's run itself must not start one again. */
const isAboutPlaybooks = (changes: readonly Change[]) =>
  changes.length > 0 && changes.every(({ kind }) => kind === 'playbook' || kind === 'revealed')

function checked(body: unknown): AutomationRuleBody {
  const parsed = automationRuleBody.safeParse(body)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BadAutomationError(`automation rule: ${issue!.path.join('.') || 'the body'}: ${issue!.message}`)
}

export class Automation {
  readonly #parts: AutomationParts

  constructor(parts: AutomationParts) {
    this.#parts = parts
  }

  /** In the order in which they act. */
  async list(): Promise<AutomationRule[]> {
    const rows = await this.#parts.control
      .selectFrom('automation_rule')
      .selectAll()
      .orderBy('rule_order')
      .orderBy('display_name')
      .execute()
    return rows.map((row) => ({
      id: row.id,
      ...(JSON.parse(row.body) as AutomationRuleBody),
      createdBy: row.created_by,
      createdTime: row.created_time,
      lastModifiedBy: row.modified_by,
      lastModifiedTime: row.modified_time,
      ran: row.ran,
      lastRanTime: row.last_ran_time,
      lastError: row.last_error,
    }))
  }

  async get(id: string): Promise<AutomationRule> {
    const rule = (await this.list()).find((each) => each.id === id)
    if (rule === undefined) throw new NotFoundError(`automation rule ${id}`)
    return rule
  }

  /** Adds the rule, or puts it in the place of the one with this id. */
  async put(body: unknown, actor: Actor, id = this.#parts.newId()): Promise<AutomationRule> {
    const rule = checked(body)
    const { control, now } = this.#parts
    for (const { actionType, actionConfiguration } of rule.actions) {
      if (actionType !== 'RunPlaybook') continue
      if ((await this.#parts.playbooks.find(actionConfiguration.logicAppResourceId)) === undefined) {
        throw new BadAutomationError(`there is no playbook "${actionConfiguration.logicAppResourceId}"`)
      }
    }
    const { count } = await control
      .selectFrom('automation_rule')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '!=', id)
      .executeTakeFirstOrThrow()
    if (count >= MAX_RULES) throw new BadAutomationError(`at most ${MAX_RULES} automation rules are kept`)
    const values = {
      rule_order: rule.order,
      display_name: rule.displayName,
      body: JSON.stringify(rule),
      modified_by: actor.name,
      modified_time: now(),
    }
    await control
      .insertInto('automation_rule')
      .values({ id, ...values, created_by: actor.name, created_time: values.modified_time })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute()
    return this.get(id)
  }

  async remove(id: string): Promise<void> {
    await this.get(id)
    await this.#parts.control.deleteFrom('automation_rule').where('id', '=', id).execute()
  }

  /** Looks at everything that happened; what its actions make happen, too. */
  async work(signal?: AbortSignal): Promise<number> {
    let seen = 0
    for (;;) {
      if (signal?.aborted) return seen
      const event = await this.#parts.control
        .selectFrom('automation_event')
        .selectAll()
        .orderBy('id')
        .executeTakeFirst()
      if (event === undefined) return seen
      await this.#look(event)
      await this.#parts.control.deleteFrom('automation_event').where('id', '=', event.id).execute()
      seen++
    }
  }

  async #look(event: Event): Promise<void> {
    const changes = JSON.parse(event.changes) as Change[]
    if (event.depth >= MAX_DEPTH || isAboutPlaybooks(changes)) return
    const [on, when] = TRIGGERS[event.event] ?? []
    const time = this.#parts.now()
    const rules = (await this.list()).filter(({ triggeringLogic: logic }) => {
      const hasExpired =
        logic.expirationTimeUtc != null && Date.parse(logic.expirationTimeUtc) <= Date.parse(time)
      return logic.isEnabled && !hasExpired && logic.triggersOn === on && logic.triggersWhen === when
    })
    for (const rule of rules) {
      // A rule is not triggered by what it did itself.
      if (event.actor_kind === 'automation' && event.actor_name === rule.displayName) continue
      // Each rule sees the incident as the rules before it left it.
      const subject = await this.#subject(event, changes)
      if (subject === undefined) return
      if (!rule.triggeringLogic.conditions.every((condition) => holds(condition, subject))) continue
      await this.#act(rule, event, subject.incident)
    }
  }

  async #subject(event: Event, changes: readonly Change[]): Promise<Subject | undefined> {
    const { incidents } = this.#parts
    const actor = { kind: event.actor_kind as Actor['kind'], name: event.actor_name }
    if (event.incident_number === null) {
      if (event.alert_id === null) return undefined
      return { incident: undefined, alerts: [await incidents.alert(event.alert_id)], changes, actor }
    }
    const incident = await incidents.find(event.incident_number)
    if (incident === undefined) return undefined
    const alerts =
      event.alert_id === null ? incident.alerts : incident.alerts.filter(({ id }) => id === event.alert_id)
    return { incident, alerts, changes, actor }
  }

  async #act(rule: AutomationRule, event: Event, incident: Incident | undefined): Promise<void> {
    const actor: Actor = { kind: 'automation', name: rule.displayName }
    const failures: string[] = []
    const actions = rule.actions.toSorted((a, b) => a.order - b.order)
    for (const [i, action] of actions.entries()) {
      try {
        await this.#do(action, { rule, event, incident, actor, place: i })
      } catch (error) {
        failures.push(`${action.actionType}: ${(error as Error).message}`)
      }
    }
    await this.#parts.control
      .updateTable('automation_rule')
      .set(({ eb }) => ({
        ran: eb('ran', '+', 1),
        last_ran_time: this.#parts.now(),
        last_error: failures.length === 0 ? null : failures.join('\n'),
      }))
      .where('id', '=', rule.id)
      .execute()
  }

  async #do(
    action: Action,
    about: {
      readonly rule: AutomationRule
      readonly event: Event
      readonly incident: Incident | undefined
      readonly actor: Actor
      readonly place: number
    },
  ): Promise<void> {
    const { rule, event, incident, actor, place } = about
    const { incidents, playbooks } = this.#parts
    const options = { depth: event.depth + 1 }
    if (action.actionType === 'RunPlaybook') {
      const { logicAppResourceId: wanted } = action.actionConfiguration
      const playbook = await playbooks.find(wanted)
      if (playbook === undefined) throw new NotFoundError(`playbook "${wanted}"`)
      await playbooks.enqueue({
        id: `${event.id}-${rule.id}-${place}`,
        playbook: playbook.id,
        incident: event.incident_number,
        alert: event.alert_id,
        isUpdate: event.event === 'IncidentUpdated',
        actor,
      })
      return
    }
    if (incident === undefined) throw new BadAutomationError('the alert has no incident')
    if (action.actionType === 'AddIncidentTask') {
      const { title, description } = action.actionConfiguration
      const { tasks } = await incidents.get(incident.number)
      if (tasks.some((task) => task.title === title && task.createdBy === actor.name)) return
      await incidents.addTask(incident.number, { title, description: description ?? '' }, actor, options)
      return
    }
    await incidents.update(incident.number, changeOf(action.actionConfiguration), actor, options)
  }
}

/** Sentinel's words for a change of an incident, as ours. */
function changeOf(
  configuration: Extract<Action, { actionType: 'ModifyProperties' }>['actionConfiguration'],
): IncidentChange {
  const { severity, status, owner, labels, ...how } = configuration
  const name = owner?.assignedTo ?? owner?.email
  const change = {
    ...(severity == null ? {} : { severity }),
    ...(status == null ? {} : { status }),
    ...(status !== 'Closed' || how.classification == null ? {} : { classification: how.classification }),
    ...(status !== 'Closed' || how.classificationReason == null
      ? {}
      : { classificationReason: how.classificationReason }),
    ...(status !== 'Closed' || how.classificationComment == null
      ? {}
      : { classificationComment: how.classificationComment }),
    ...(name == null ? {} : { owner: { name, ...(owner?.email == null ? {} : { email: owner.email }) } }),
    ...(labels == null ? {} : { addLabels: labels.map(({ labelName }) => labelName) }),
  }
  return change as IncidentChange
}
