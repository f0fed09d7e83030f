/**
 * What can be done with incidents. The command line, the HTTP doors and automation all come through here, so
 * that each change is checked, logged with who did it, and told to the log tables and to automation.
 */
import type { Updateable } from 'kysely'
import type { Alert, AlertRows } from '../alerts/alert.js'
import type { ControlDatabase } from '../control/database.js'
import type { IncidentTable } from '../control/schema.js'
import type { Severity } from '../rules/vocabulary.js'
import { SEVERITIES } from '../rules/vocabulary.js'
import type { Activity, Actor, Change, ChangedProperty } from './change.js'
import {
  CLASSIFICATION_NAMES,
  CLASSIFICATIONS,
  type Classification,
  type ClassificationReason,
  type Comment,
  type Incident,
  type IncidentStatus,
  type Label,
  type Owner,
  STATUSES,
  TASK_STATUSES,
  type Task,
  type TaskStatus,
} from './incident.js'
import { announceIncident, changeIncident, insertIncident, type Writing } from './ledger.js'
import { type IncidentFilter, type IncidentPage, listIncidents, type PageRequest } from './list.js'
import {
  alertsOfIncident,
  commentsOf,
  etagOf,
  type IncidentRow,
  labelsOf,
  ownerOf,
  type Reading,
  readActivities,
  readAlertRows,
  readIncident,
  rowOf,
  tasksOf,
} from './read.js'
import { DEFAULT_SLA, type SlaTargets } from './sla.js'

type Db = Parameters<typeof rowOf>[0]

/** Thrown where an incident, a comment, a task or an alert is not there. */
export class NotFoundError extends Error {
  readonly code = 'NOT_FOUND'

  constructor(what: string) {
    super(`there is no ${what}`)
    this.name = 'NotFoundError'
  }
}

/** Thrown when somebody else changed the incident since it was read. */
export class EtagError extends Error {
  readonly code = 'ETAG_MISMATCH'

  constructor(number: number, given: string, found: string) {
    super(
      `incident ${number} was changed since you read it (etag ${found}, yours is ${given}): read it again`,
    )
    this.name = 'EtagError'
  }
}

/** Thrown for a change that makes no sense; the message says what to send instead. */
export class BadChangeError extends Error {
  readonly code = 'BAD_CHANGE'

  constructor(message: string) {
    super(message)
    this.name = 'BadChangeError'
  }
}

/** Only what is given is changed. */
export interface IncidentChange {
  readonly title?: string
  readonly description?: string
  readonly severity?: Severity
  readonly status?: IncidentStatus
  /** Needed to close; null takes it away. */
  readonly classification?: Classification | null
  readonly classificationReason?: ClassificationReason | null
  readonly classificationComment?: string | null
  /** A name, or a person with address; null: nobody's. */
  readonly owner?: string | Owner | null
  readonly addLabels?: readonly string[]
  readonly removeLabels?: readonly string[]
}

export interface NewIncident {
  readonly title: string
  readonly description?: string
  readonly severity: Severity
  readonly status?: Exclude<IncidentStatus, 'Closed'>
  readonly owner?: string | Owner | null
  readonly labels?: readonly string[]
}

export interface ChangeOptions {
  /** The `etag` that was read: the change is refused when the incident has another by now. */
  readonly etag?: string
  /** How many automations led to this; automation does not answer itself without end. */
  readonly depth?: number
}

export interface IncidentsParts {
  readonly control: ControlDatabase
  /** ISO, seven digits. */
  readonly now: () => string
  readonly newId: () => string
  readonly sla?: SlaTargets
  /** Told when a change is in. */
  readonly onChange?: (number: number) => void
}

const LIMITS = {
  title: 500,
  description: 5000,
  comment: 30_000,
  label: 100,
  labels: 50,
  task: 500,
  owner: 200,
}
/** Of one incident; Sentinel allows 100 of either. */
const MAX_COMMENTS = 1000
const MAX_TASKS = 100

function text(value: string, what: keyof typeof LIMITS, mayBeEmpty = false): string {
  const trimmed = value.trim()
  if (trimmed === '' && !mayBeEmpty) throw new BadChangeError(`the ${what} is empty`)
  if (trimmed.length > LIMITS[what]) {
    throw new BadChangeError(`the ${what} has ${trimmed.length} characters, at most ${LIMITS[what]} are kept`)
  }
  return trimmed
}

function word<T extends string>(value: string, words: readonly T[], what: string): T {
  if ((words as readonly string[]).includes(value)) return value as T
  throw new BadChangeError(`${what}: "${value}" is not one of ${words.join(', ')}`)
}

const asOwner = (owner: string | Owner): Owner =>
  typeof owner === 'string'
    ? { name: text(owner, 'owner') }
    : {
        name: text(owner.name, 'owner'),
        ...(owner.email === undefined ? {} : { email: text(owner.email, 'owner') }),
      }

const ownerText = (owner: Owner | null) => owner?.name ?? null

/** Builds up what a change sets, and what it says in the log. */
class Edit {
  readonly set: Updateable<IncidentTable> = {}
  readonly changes: Change[] = []

  property(
    property: ChangedProperty,
    from: string | null,
    to: string | null,
    set: Updateable<IncidentTable>,
  ): void {
    if (from === to) return
    Object.assign(this.set, set)
    this.changes.push({ kind: 'changed', property, from, to })
  }
}

function editStatus(edit: Edit, row: IncidentRow, change: IncidentChange, now: string): void {
  const status =
    change.status === undefined ? (row.status as IncidentStatus) : word(change.status, STATUSES, 'status')
  const isClosing = status === 'Closed'
  const { classification, classificationReason: reason, classificationComment: comment } = change
  const given = [classification, reason, comment].some((value) => value !== undefined && value !== null)
  if (given && !isClosing) {
    throw new BadChangeError(
      'a classification says how a closed incident turned out: set status to Closed with it',
    )
  }
  const to = isClosing
    ? {
        classification: classification === undefined ? row.classification : classification,
        reason: reason === undefined ? row.classification_reason : reason,
        comment: comment === undefined ? row.classification_comment : comment,
      }
    : { classification: null, reason: null, comment: null }
  if (isClosing) {
    if (to.classification === null) {
      throw new BadChangeError(
        `to close it, say how it turned out: classification ${CLASSIFICATION_NAMES.join(', ')}`,
      )
    }
    const name = word(to.classification, CLASSIFICATION_NAMES, 'classification')
    const reasons: readonly string[] = CLASSIFICATIONS[name]
    // One reason is no choice; with another classification the old one's reason means nothing.
    if (reason === undefined && to.reason !== null && !reasons.includes(to.reason)) to.reason = null
    if (to.reason === null && reasons.length === 1) to.reason = reasons[0]!
    if (to.reason !== null && !reasons.includes(to.reason)) {
      const known = reasons.length === 0 ? 'none' : reasons.join(' or ')
      throw new BadChangeError(`${name} has the reason ${known}, not "${to.reason}"`)
    }
  }
  edit.property('status', row.status, status, { status, closed_time: isClosing ? now : null })
  edit.property('classification', row.classification, to.classification, {
    classification: to.classification,
  })
  edit.property('classificationReason', row.classification_reason, to.reason, {
    classification_reason: to.reason,
  })
  const said = to.comment === null ? null : text(to.comment, 'comment', true)
  edit.property('classificationComment', row.classification_comment, said, { classification_comment: said })
}

function editLabels(edit: Edit, row: IncidentRow, change: IncidentChange, actor: Actor): void {
  const before = labelsOf(row)
  const removed = new Set((change.removeLabels ?? []).map((label) => text(label, 'label')))
  const kept = before.filter(({ name }) => !removed.has(name))
  const type: Label['type'] = actor.kind === 'user' ? 'User' : 'AutoAssigned'
  const added = [...new Set((change.addLabels ?? []).map((label) => text(label, 'label')))]
    .filter((name) => !kept.some((label) => label.name === name))
    .map((name): Label => ({ name, type }))
  const labels = [...kept, ...added]
  if (labels.length > LIMITS.labels) throw new BadChangeError(`at most ${LIMITS.labels} labels are kept`)
  for (const { name } of before) {
    if (removed.has(name)) edit.changes.push({ kind: 'removed', what: 'label', value: name })
  }
  for (const { name } of added) edit.changes.push({ kind: 'added', what: 'label', value: name })
  if (edit.changes.length > 0) edit.set.labels = JSON.stringify(labels)
}

function editOf(row: IncidentRow, change: IncidentChange, actor: Actor, now: string): Edit {
  const edit = new Edit()
  if (change.title !== undefined) {
    const title = text(change.title, 'title')
    edit.property('title', row.title, title, { title })
  }
  if (change.description !== undefined) {
    const description = text(change.description, 'description', true)
    edit.property('description', row.description, description, { description })
  }
  if (change.severity !== undefined) {
    const severity = word(change.severity, SEVERITIES, 'severity')
    edit.property('severity', row.severity, severity, { severity })
  }
  if (change.owner !== undefined) {
    const owner = change.owner === null ? null : asOwner(change.owner)
    edit.property('owner', ownerText(ownerOf(row)), ownerText(owner), {
      owner: owner === null ? null : JSON.stringify(owner),
    })
  }
  editStatus(edit, row, change, now)
  editLabels(edit, row, change, actor)
  const isTaken = edit.set.owner != null || (edit.set.status !== undefined && edit.set.status !== 'New')
  if (row.acknowledged_time === null && isTaken) edit.set.acknowledged_time = now
  return edit
}

export class Incidents {
  readonly #parts: IncidentsParts

  constructor(parts: IncidentsParts) {
    this.#parts = parts
  }

  get #reading(): Reading {
    return { now: this.#parts.now(), sla: this.#parts.sla ?? DEFAULT_SLA }
  }

  #writing(actor: Actor, { depth = 0 }: ChangeOptions = {}): Writing {
    return { ...this.#reading, actor, depth }
  }

  list(filter: IncidentFilter = {}, page: PageRequest = {}): Promise<IncidentPage> {
    return listIncidents(this.#parts.control, filter, page, this.#reading)
  }

  find(number: number): Promise<Incident | undefined> {
    return readIncident(this.#parts.control, number, this.#reading)
  }

  /** Throws {@link NotFoundError}. */
  async get(number: number): Promise<Incident> {
    const incident = await this.find(number)
    if (incident === undefined) throw new NotFoundError(`incident ${number}`)
    return incident
  }

  /** The number of the incident with this id. */
  async numberOf(id: string): Promise<number | undefined> {
    const row = await this.#parts.control
      .selectFrom('incident')
      .select('number')
      .where('id', '=', id)
      .executeTakeFirst()
    return row?.number
  }

  /** Its alerts, without the rows behind them. */
  alerts(number: number): Promise<Alert[]> {
    return alertsOfIncident(this.#parts.control, number)
  }

  async alert(id: string): Promise<Alert> {
    const row = await this.#parts.control
      .selectFrom('alert')
      .select('body')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw new NotFoundError(`alert ${id}`)
    return JSON.parse(row.body) as Alert
  }

  /** The incident that an alert is in. */
  async incidentOfAlert(id: string): Promise<number | null> {
    const row = await this.#parts.control
      .selectFrom('alert')
      .select('incident_number')
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) throw new NotFoundError(`alert ${id}`)
    return row.incident_number
  }

  /** The result rows behind an alert. */
  async alertRows(id: string): Promise<AlertRows> {
    const rows = await readAlertRows(this.#parts.control, id)
    if (rows === undefined) throw new NotFoundError(`alert ${id}`)
    return rows
  }

  /** What happened to it, oldest first. `after` is the id of the last that was read. */
  activities(number: number, { after = 0, limit = 1000 } = {}): Promise<Activity[]> {
    return readActivities(this.#parts.control, number, after, limit)
  }

  /** Opens an incident by hand. */
  async create(incident: NewIncident, actor: Actor): Promise<Incident> {
    const { control, newId } = this.#parts
    const writing = this.#writing(actor)
    const owner = incident.owner == null ? null : asOwner(incident.owner)
    const labels = [...new Set((incident.labels ?? []).map((label) => text(label, 'label')))]
    const number = await control.transaction().execute(async (db) => {
      const made = await insertIncident(
        db,
        {
          id: newId(),
          title: text(incident.title, 'title'),
          description: text(incident.description ?? '', 'description', true),
          severity: word(incident.severity, SEVERITIES, 'severity'),
          status: incident.status ?? 'New',
          rule_id: '',
          first_activity_time: writing.now,
          last_activity_time: writing.now,
          owner: owner === null ? null : JSON.stringify(owner),
          acknowledged_time: owner === null ? null : writing.now,
          labels: JSON.stringify(labels.map((name): Label => ({ name, type: 'User' }))),
        },
        writing,
      )
      await announceIncident(db, made, [{ kind: 'created' }], writing)
      return made
    })
    this.#parts.onChange?.(number)
    return this.get(number)
  }

  /** Throws {@link NotFoundError}, {@link EtagError} or {@link BadChangeError}; then nothing is changed. */
  async update(
    number: number,
    change: IncidentChange,
    actor: Actor,
    options: ChangeOptions = {},
  ): Promise<Incident> {
    const writing = this.#writing(actor, options)
    await this.#change(number, async (db) => {
      const row = await this.#row(db, number, options)
      const { set, changes } = editOf(row, change, actor, writing.now)
      await changeIncident(db, number, set, changes, writing)
    })
    return this.get(number)
  }

  close(
    number: number,
    how: {
      readonly classification: Classification
      readonly reason?: ClassificationReason
      readonly comment?: string
    },
    actor: Actor,
    options: ChangeOptions = {},
  ): Promise<Incident> {
    return this.update(
      number,
      {
        status: 'Closed',
        classification: how.classification,
        ...(how.reason === undefined ? {} : { classificationReason: how.reason }),
        ...(how.comment === undefined ? {} : { classificationComment: how.comment }),
      },
      actor,
      options,
    )
  }

  async comment(
    number: number,
    message: string,
    actor: Actor,
    options: ChangeOptions = {},
  ): Promise<Comment> {
    const writing = this.#writing(actor, options)
    const id = this.#parts.newId()
    const row = {
      id,
      incident_number: number,
      author: actor.name,
      message: text(message, 'comment'),
      created_time: writing.now,
      last_modified_time: writing.now,
    }
    await this.#change(number, async (db) => {
      await this.#row(db, number, options)
      if ((await commentsOf(db, number)).length >= MAX_COMMENTS) {
        throw new BadChangeError(`an incident keeps at most ${MAX_COMMENTS} comments`)
      }
      await db.insertInto('incident_comment').values(row).execute()
      const change: Change = { kind: 'added', what: 'comment', id, value: row.message }
      await changeIncident(db, number, {}, [change], writing)
    })
    return {
      id,
      author: row.author,
      message: row.message,
      createdTime: row.created_time,
      lastModifiedTime: row.last_modified_time,
    }
  }

  /** Only who wrote a comment changes it. */
  async editComment(number: number, id: string, message: string, actor: Actor): Promise<void> {
    const writing = this.#writing(actor)
    const value = text(message, 'comment')
    await this.#change(number, async (db) => {
      await this.#ownComment(db, number, id, actor)
      await db
        .updateTable('incident_comment')
        .set({ message: value, last_modified_time: writing.now })
        .where('id', '=', id)
        .execute()
      await changeIncident(db, number, {}, [{ kind: 'edited', what: 'comment', id, value }], writing)
    })
  }

  async deleteComment(number: number, id: string, actor: Actor): Promise<void> {
    await this.#change(number, async (db) => {
      const { message } = await this.#ownComment(db, number, id, actor)
      await db.deleteFrom('incident_comment').where('id', '=', id).execute()
      const change: Change = { kind: 'removed', what: 'comment', id, value: message }
      await changeIncident(db, number, {}, [change], this.#writing(actor))
    })
  }

  async addTask(
    number: number,
    task: { readonly title: string; readonly description?: string },
    actor: Actor,
    options: ChangeOptions = {},
  ): Promise<Task> {
    const writing = this.#writing(actor, options)
    const made: Task = {
      id: this.#parts.newId(),
      title: text(task.title, 'task'),
      description: text(task.description ?? '', 'description', true),
      status: 'New',
      createdBy: actor.name,
      createdTime: writing.now,
      lastModifiedBy: actor.name,
      lastModifiedTime: writing.now,
    }
    await this.#change(number, async (db) => {
      await this.#row(db, number, options)
      if ((await tasksOf(db, number)).length >= MAX_TASKS) {
        throw new BadChangeError(`an incident keeps at most ${MAX_TASKS} tasks`)
      }
      await db
        .insertInto('incident_task')
        .values({
          id: made.id,
          incident_number: number,
          title: made.title,
          description: made.description,
          status: made.status,
          created_by: made.createdBy,
          created_time: made.createdTime,
          last_modified_by: made.lastModifiedBy,
          last_modified_time: made.lastModifiedTime,
        })
        .execute()
      const change: Change = { kind: 'added', what: 'task', id: made.id, value: made.title }
      await changeIncident(db, number, {}, [change], writing)
    })
    return made
  }

  async updateTask(
    number: number,
    id: string,
    task: { readonly title?: string; readonly description?: string; readonly status?: TaskStatus },
    actor: Actor,
  ): Promise<void> {
    const writing = this.#writing(actor)
    await this.#change(number, async (db) => {
      const before = await this.#task(db, number, id)
      const title = task.title === undefined ? before.title : text(task.title, 'task')
      const status = task.status === undefined ? before.status : word(task.status, TASK_STATUSES, 'status')
      const description =
        task.description === undefined ? before.description : text(task.description, 'description', true)
      await db
        .updateTable('incident_task')
        .set({ title, description, status, last_modified_by: actor.name, last_modified_time: writing.now })
        .where('id', '=', id)
        .execute()
      const value = status === before.status ? title : `${title}: ${status}`
      await changeIncident(db, number, {}, [{ kind: 'edited', what: 'task', id, value }], writing)
    })
  }

  async deleteTask(number: number, id: string, actor: Actor): Promise<void> {
    await this.#change(number, async (db) => {
      const { title } = await this.#task(db, number, id)
      await db.deleteFrom('incident_task').where('id', '=', id).execute()
      const change: Change = { kind: 'removed', what: 'task', id, value: title }
      await changeIncident(db, number, {}, [change], this.#writing(actor))
    })
  }

  /** Puts something into the activity log that changes nothing else: a playbook's outcome, a secret revealed. */
  async record(number: number, change: Change, actor: Actor, options: ChangeOptions = {}): Promise<void> {
    await this.#change(number, async (db) => {
      await this.#row(db, number, {})
      await changeIncident(db, number, {}, [change], this.#writing(actor, options))
    })
  }

  /** Runs a change of an incident, and tells of it when it is in. */
  async #change(number: number, work: (db: Db) => Promise<void>): Promise<void> {
    await this.#parts.control.transaction().execute(work)
    this.#parts.onChange?.(number)
  }

  async #row(db: Db, number: number, { etag }: ChangeOptions): Promise<IncidentRow> {
    const row = await rowOf(db, number)
    if (row === undefined) throw new NotFoundError(`incident ${number}`)
    if (etag !== undefined && etag !== etagOf(row) && etag !== '*')
      throw new EtagError(number, etag, etagOf(row))
    return row
  }

  async #ownComment(db: Db, number: number, id: string, actor: Actor): Promise<Comment> {
    const comment = (await commentsOf(db, number)).find((one) => one.id === id)
    if (comment === undefined) throw new NotFoundError(`comment ${id} in incident ${number}`)
    if (comment.author !== actor.name) {
      throw new BadChangeError(`the comment is ${comment.author}'s: only who wrote it can change it`)
    }
    return comment
  }

  async #task(db: Db, number: number, id: string): Promise<Task> {
    const task = (await tasksOf(db, number)).find((one) => one.id === id)
    if (task === undefined) throw new NotFoundError(`task ${id} in incident ${number}`)
    return task
  }
}
