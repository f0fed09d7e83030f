/** Who changed what of an incident: the entries of its activity log, and what automation is triggered by. */

export interface Actor {
  readonly kind: 'user' | 'rule' | 'automation' | 'playbook' | 'system'
  /** The user's name, the rule's, the playbook's. */
  readonly name: string
}

export const SYSTEM: Actor = { kind: 'system', name: 'Auspex' }

export type ChangedProperty =
  | 'title'
  | 'description'
  | 'severity'
  | 'status'
  | 'owner'
  | 'classification'
  | 'classificationReason'
  | 'classificationComment'

export type Change =
  | { readonly kind: 'created' }
  | {
      readonly kind: 'changed'
      readonly property: ChangedProperty
      readonly from: string | null
      readonly to: string | null
    }
  | { readonly kind: 'added' | 'removed'; readonly what: 'label' | 'tactic'; readonly value: string }
  | {
      readonly kind: 'added'
      readonly what: 'alert'
      readonly value: string
      readonly title: string
    }
  | {
      readonly kind: 'added' | 'edited' | 'removed'
      readonly what: 'comment' | 'task'
      readonly id: string
      readonly value: string
    }
  | {
      readonly kind: 'playbook'
      readonly playbook: string
      readonly run: string
      readonly outcome: 'started' | 'succeeded' | 'failed'
      readonly message?: string
    }
  | { readonly kind: 'revealed'; readonly what: string }

export interface Activity {
  readonly id: number
  readonly time: string
  readonly actor: Actor
  readonly change: Change
}

/** As the log tables have it: a rule, an automation or a playbook says what it is. */
export const actorText = ({ kind, name }: Actor): string =>
  kind === 'user' || kind === 'system' ? name : `${kind[0]!.toUpperCase()}${kind.slice(1)} - ${name}`
