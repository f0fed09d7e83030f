/**
 * Service levels: by when somebody should have taken an incident on, and by when it should be closed. The
 * clock starts when the incident is made; taking on means an owner or a status other than New.
 */
import type { Severity } from '../rules/vocabulary.js'

/** Minutes; nothing for what has no target. */
export interface SlaTarget {
  readonly acknowledge?: number
  readonly close?: number
}

export type SlaTargets = Readonly<Record<Severity, SlaTarget>>

const HOUR = 60
const DAY = 24 * HOUR

export const DEFAULT_SLA: SlaTargets = {
  High: { acknowledge: HOUR, close: DAY },
  Medium: { acknowledge: 4 * HOUR, close: 3 * DAY },
  Low: { acknowledge: DAY, close: 7 * DAY },
  Informational: {},
}

/** Times are ISO; null where there is none. */
export interface SlaTimes {
  readonly acknowledgeBy: string | null
  readonly acknowledgedTime: string | null
  readonly isAcknowledgeLate: boolean
  readonly closeBy: string | null
  readonly closedTime: string | null
  readonly isCloseLate: boolean
  /** Seconds from its making; null while it has not happened. */
  readonly secondsToAcknowledge: number | null
  readonly secondsToClose: number | null
}

const after = (iso: string, minutes: number | undefined): string | null =>
  minutes === undefined
    ? null
    : `${new Date(Date.parse(iso) + minutes * 60_000).toISOString().slice(0, -1)}0000Z`

const seconds = (from: string, to: string | null): number | null =>
  to === null ? null : Math.round((Date.parse(to) - Date.parse(from)) / 1000)

/** `now` is ISO. */
export function slaTimes(
  incident: {
    readonly severity: Severity
    readonly createdTime: string
    readonly acknowledgedTime: string | null
    readonly closedTime: string | null
  },
  targets: SlaTargets,
  now: string,
): SlaTimes {
  const { createdTime, acknowledgedTime, closedTime } = incident
  const target = targets[incident.severity]
  const acknowledgeBy = after(createdTime, target.acknowledge)
  const closeBy = after(createdTime, target.close)
  return {
    acknowledgeBy,
    acknowledgedTime,
    isAcknowledgeLate: acknowledgeBy !== null && (acknowledgedTime ?? now) > acknowledgeBy,
    closeBy,
    closedTime,
    isCloseLate: closeBy !== null && (closedTime ?? now) > closeBy,
    secondsToAcknowledge: seconds(createdTime, acknowledgedTime),
    secondsToClose: seconds(createdTime, closedTime),
  }
}
