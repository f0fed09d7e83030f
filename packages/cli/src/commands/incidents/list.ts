import {
  type IncidentFilter,
  type IncidentOrder,
  type IncidentStatus,
  SEVERITIES,
  type Severity,
  STATUSES,
} from '@auspex/detect'
import type { Desk } from '../../desk.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { renderIncidents } from '../../output/incidents.js'

export interface ListOptions {
  readonly status?: string
  readonly severity?: string
  readonly owner?: string
  readonly label?: string
  readonly text?: string
  readonly entity?: string
  readonly rule?: string
  readonly sort?: IncidentOrder
  readonly limit: number
}

/** `new,active` in any case. */
function words<T extends string>(
  text: string | undefined,
  known: readonly T[],
  option: string,
): readonly T[] | undefined {
  return text?.split(',').map((word) => {
    const found = known.find((one) => one.toLowerCase() === word.trim().toLowerCase())
    if (found === undefined) throw new CliError(`${option}: "${word}" is not one of ${known.join(', ')}`, 2)
    return found
  })
}

function filterOf(options: ListOptions): IncidentFilter {
  const status: readonly IncidentStatus[] | undefined = words(options.status, STATUSES, '--status')
  const severity: readonly Severity[] | undefined = words(options.severity, SEVERITIES, '--severity')
  const { owner, label, text, entity, rule } = options
  return {
    ...(status === undefined ? {} : { status }),
    ...(severity === undefined ? {} : { severity }),
    ...(owner === undefined ? {} : { owner: owner === 'none' ? null : owner }),
    ...(label === undefined ? {} : { label }),
    ...(text === undefined ? {} : { text }),
    ...(entity === undefined ? {} : { entity: { name: entity } }),
    ...(rule === undefined ? {} : { ruleId: rule }),
  }
}

export async function listIncidents(
  desk: Desk,
  options: ListOptions,
  asJson: boolean,
  effects: Effects,
): Promise<ExitCode> {
  const { limit, sort } = options
  const filter = filterOf(options)
  const page = await desk.incidents.list(filter, { limit, ...(sort === undefined ? {} : { orderBy: sort }) })
  const { incidents, total } = page
  if (asJson) {
    effects.out.write(`${JSON.stringify(incidents, undefined, 2)}\n`)
  } else if (incidents.length === 0) {
    const isAll = Object.keys(filter).length === 0
    effects.out.write(
      isAll
        ? 'No incidents: no enabled rule has found anything in the data.\n'
        : 'No incident is like this.\n',
    )
  } else {
    effects.out.write(renderIncidents(incidents, effects.out.columns))
    if (total > incidents.length) effects.out.write(`${total - incidents.length} more: --limit shows them\n`)
  }
  return 0
}
