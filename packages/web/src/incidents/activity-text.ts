/** A change in words. */
import type { Activity } from '@auspex/detect'

const NAMES: Readonly<Record<string, string>> = {
  title: 'the title',
  description: 'the description',
  severity: 'the severity',
  status: 'the status',
  owner: 'the owner',
  classification: 'the classification',
  classificationReason: 'the reason',
  classificationComment: 'the closing comment',
}

const none = (value: string | null) => (value === null || value === '' ? 'nothing' : value)

export function changeText({ change }: Activity): string {
  switch (change.kind) {
    case 'created':
      return 'opened the incident'
    case 'changed':
      return change.property === 'description'
        ? 'changed the description'
        : change.property === 'owner'
          ? change.to === null
            ? 'took the owner off'
            : `assigned it to ${change.to}`
          : change.from === null || change.from === ''
            ? `set ${NAMES[change.property]} to ${none(change.to)}`
            : `changed ${NAMES[change.property]} from ${none(change.from)} to ${none(change.to)}`
    case 'playbook':
      return `playbook ${change.playbook} ${change.outcome}${change.message ? `: ${change.message}` : ''}`
    case 'revealed':
      return `revealed ${change.what}`
    default:
      if (change.what === 'alert') return `added the alert ${change.title}`
      if (change.what === 'comment' && change.kind === 'added') return 'commented'
      return `${change.kind} the ${change.what} ${change.value}`
  }
}

export const ACTOR_ICONS = {
  user: 'user',
  rule: 'analytics',
  automation: 'playbook',
  playbook: 'playbook',
  system: 'settings',
} as const
