/**
 * Playbooks and their runs. A run waits in the control database until it is done, so that none is lost; deliveries
 * that failed for a reason that may go away are tried again, later and later, with the same id. A run that a crash
 * interrupted is tried again, too: who receives it can tell by the id.
 */
import { sql } from 'kysely'
import type { ControlDatabase } from '../control/database.js'
import type { Actor } from '../incidents/change.js'
import { BadChangeError, type Incidents, NotFoundError } from '../incidents/incidents.js'
import { alertTriggerBody, incidentTriggerBody, type WorkspaceInfo } from './body.js'
import { type Delivery, deliver, type PlaybookEffects } from './deliver.js'
import {
  type Playbook,
  type PlaybookBody,
  type PlaybookRun,
  playbookBody,
  type RunState,
  withSecrets,
} from './playbook.js'

const MAX_PLAYBOOKS = 200
const MAX_ATTEMPTS = 6
const FIRST_WAIT_MS = 10_000
const MAX_WAIT_MS = 3_600_000
const RUNS_LISTED = 200

export interface PlaybooksParts {
  readonly control: ControlDatabase
  readonly incidents: Incidents
  readonly effects: PlaybookEffects
  readonly info: () => WorkspaceInfo
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly newId: () => string
  /** 0 <= x < 1; spreads the retries of many runs. */
  readonly random: () => number
}

export interface NewRun {
  /** Twice the same id is one run. */
  readonly id?: string
  readonly playbook: string
  readonly incident: number | null
  readonly alert: string | null
  readonly isUpdate?: boolean
  readonly actor: Actor
}

/** Milliseconds to the next try after so many that failed. */
export const waitAfter = (attempts: number, random: number): number =>
  Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 4 ** (attempts - 1)) * (0.75 + random / 2)

export class Playbooks {
  readonly #parts: PlaybooksParts

  constructor(parts: PlaybooksParts) {
    this.#parts = parts
  }

  async list(): Promise<Playbook[]> {
    const rows = await this.#parts.control.selectFrom('playbook').selectAll().orderBy('name').execute()
    return rows.map((row) => ({
      ...(JSON.parse(row.body) as PlaybookBody),
      id: row.id,
      createdBy: row.created_by,
      createdTime: row.created_time,
    }))
  }

  /** By id or name, or by a resource id that ends with one. */
  async find(wanted: string): Promise<Playbook | undefined> {
    const last = wanted.slice(wanted.lastIndexOf('/') + 1)
    const all = await this.list()
    return (
      all.find(({ id }) => id === last) ?? all.find(({ name }) => name.toLowerCase() === last.toLowerCase())
    )
  }

  async get(wanted: string): Promise<Playbook> {
    const playbook = await this.find(wanted)
    if (playbook === undefined) throw new NotFoundError(`playbook "${wanted}"`)
    return playbook
  }

  /** Adds a playbook, or changes the one with this id. Hidden secrets that come back as shown stay what they are. */
  async put(body: unknown, actor: Actor, id?: string): Promise<Playbook> {
    const { control, newId } = this.#parts
    const before = id === undefined ? undefined : await this.get(id)
    const parsed = playbookBody.safeParse(body)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new BadChangeError(`playbook: ${issue!.path.join('.') || 'the body'}: ${issue!.message}`)
    }
    const playbook = withSecrets(parsed.data, before)
    const others = (await this.list()).filter((each) => each.id !== before?.id)
    if (others.some(({ name }) => name.toLowerCase() === playbook.name.toLowerCase())) {
      throw new BadChangeError(`there is another playbook "${playbook.name}"`)
    }
    if (others.length >= MAX_PLAYBOOKS)
      throw new BadChangeError(`at most ${MAX_PLAYBOOKS} playbooks are kept`)
    const values = { name: playbook.name, body: JSON.stringify(playbook) }
    const key = before?.id ?? newId()
    await control
      .insertInto('playbook')
      .values({ id: key, ...values, created_by: actor.name, created_time: this.#iso() })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
      .execute()
    return this.get(key)
  }

  /** Its runs are kept, with its name. */
  async remove(wanted: string): Promise<void> {
    const { id } = await this.get(wanted)
    await this.#parts.control.deleteFrom('playbook').where('id', '=', id).execute()
  }

  /** Lets it run for an incident or an alert; {@link work} does it. Gives the run's id. */
  async enqueue({ id, playbook, incident, alert, isUpdate = false, actor }: NewRun): Promise<string> {
    const { control, incidents, newId } = this.#parts
    const { id: key, name } = await this.get(playbook)
    if (incident !== null) await incidents.get(incident)
    else if (alert !== null) await incidents.alert(alert)
    else throw new BadChangeError('a playbook runs for an incident or for an alert: name one')
    const run = id ?? newId()
    const { numInsertedOrUpdatedRows } = await control
      .insertInto('playbook_run')
      .values({
        id: run,
        playbook_id: key,
        playbook_name: name,
        incident_number: incident,
        alert_id: alert,
        is_update: isUpdate ? 1 : 0,
        requested_by: actor.name,
        state: 'queued',
        created_time: this.#iso(),
        next_time: this.#iso(),
        attempts: '[]',
      })
      .onConflict((conflict) => conflict.column('id').doNothing())
      .executeTakeFirst()
    if (numInsertedOrUpdatedRows !== 0n && incident !== null) {
      const change = { kind: 'playbook', playbook: name, run, outcome: 'started' } as const
      await incidents.record(incident, change, actor)
    }
    return run
  }

  /** The youngest first. */
  async runs(of: { readonly incident?: number; readonly playbook?: string } = {}): Promise<PlaybookRun[]> {
    let rows = this.#parts.control
      .selectFrom('playbook_run')
      .selectAll()
      .orderBy('created_time', 'desc')
      .orderBy(sql`rowid`, 'desc')
      .limit(RUNS_LISTED)
    if (of.incident !== undefined) rows = rows.where('incident_number', '=', of.incident)
    if (of.playbook !== undefined) rows = rows.where('playbook_id', '=', of.playbook)
    return (await rows.execute()).map((row) => ({
      id: row.id,
      playbook: row.playbook_id,
      playbookName: row.playbook_name,
      incident: row.incident_number,
      alert: row.alert_id,
      requestedBy: row.requested_by,
      state: row.state as RunState,
      createdTime: row.created_time,
      endedTime: row.ended_time,
      nextTime: row.next_time,
      attempts: JSON.parse(row.attempts) as PlaybookRun['attempts'],
      file: row.file,
    }))
  }

  /** Does the runs that are due. */
  async work(signal: AbortSignal): Promise<number> {
    let count = 0
    while (!signal.aborted) {
      const due = await this.#parts.control
        .selectFrom('playbook_run')
        .select('id')
        .where('state', '=', 'queued')
        .where('next_time', '<=', this.#iso())
        .orderBy('next_time')
        .executeTakeFirst()
      if (due === undefined) return count
      await this.#run(due.id, signal)
      count++
    }
    return count
  }

  async #run(id: string, signal: AbortSignal): Promise<void> {
    const { control, incidents } = this.#parts
    const row = await control
      .selectFrom('playbook_run')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    const delivery = await this.#deliver(row, signal)
    // The server is stopping: the run waits for the next start.
    if (signal.aborted && !delivery.ok) return
    const attempts = [
      ...(JSON.parse(row.attempts) as PlaybookRun['attempts']),
      { time: this.#iso(), ok: delivery.ok, message: delivery.message },
    ]
    const isAgain = !delivery.ok && delivery.mayGoAway && attempts.length < MAX_ATTEMPTS
    const wait = waitAfter(attempts.length, this.#parts.random())
    await control
      .updateTable('playbook_run')
      .set({
        state: isAgain ? 'queued' : delivery.ok ? 'succeeded' : 'failed',
        attempts: JSON.stringify(attempts),
        next_time: isAgain ? new Date(this.#parts.now() + wait).toISOString() : null,
        ended_time: isAgain ? null : this.#iso(),
        file: delivery.file ?? null,
      })
      .where('id', '=', id)
      .execute()
    if (isAgain || row.incident_number === null) return
    const actor: Actor = { kind: 'playbook', name: row.playbook_name }
    const { message, comment } = delivery
    const outcome = delivery.ok ? ('succeeded' as const) : ('failed' as const)
    try {
      await incidents.record(
        row.incident_number,
        { kind: 'playbook', playbook: row.playbook_name, run: id, outcome, message },
        actor,
      )
      if (comment !== undefined) await incidents.comment(row.incident_number, comment.slice(0, 30_000), actor)
    } catch (error) {
      if (!(error instanceof NotFoundError) && !(error instanceof BadChangeError)) throw error
    }
  }

  async #deliver(
    row: {
      readonly id: string
      readonly playbook_id: string
      readonly incident_number: number | null
      readonly alert_id: string | null
      readonly is_update: number
    },
    signal: AbortSignal,
  ): Promise<Delivery> {
    const { incidents, effects, info } = this.#parts
    try {
      const playbook = await this.get(row.playbook_id)
      const incident = row.incident_number === null ? undefined : await incidents.get(row.incident_number)
      const alert = row.alert_id === null ? undefined : await incidents.alert(row.alert_id)
      const told =
        incident !== undefined && alert === undefined
          ? incidentTriggerBody(row.id, incident, info(), row.is_update === 1)
          : alertTriggerBody(alert!, info())
      const occasion = { run: row.id, body: JSON.stringify(told), incident, alert, time: this.#iso() }
      return await deliver(playbook, occasion, effects, signal)
    } catch (error) {
      return { ok: false, message: (error as Error).message, mayGoAway: false }
    }
  }

  #iso(): string {
    return new Date(this.#parts.now()).toISOString()
  }
}
