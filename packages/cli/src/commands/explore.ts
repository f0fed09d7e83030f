/**
 * `auspex explore`: the investigation graph at the command line. From an incident's entities, or from any entity,
 * to what the log ties to it.
 */
import type { Expanded, Expansion, GraphNode } from '@auspex/detect'
import { type Command, Option } from 'commander'
import { openDesk } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { renderTable } from '../output/table.js'

type Entity = Pick<GraphNode, 'kind' | 'identifiers' | 'host'>

interface Wanted {
  readonly incident?: number
  readonly entity?: readonly string[]
  readonly by?: string
}

/** `Account Name=alice HostName=web-1`. */
export function entityOf([kind = '', ...fields]: readonly string[]): Entity {
  const values: Record<string, string> = {}
  for (const field of fields) {
    const cut = field.indexOf('=')
    if (cut < 1)
      throw new CliError(`"${field}" is no FIELD=VALUE, as in: Account Name=alice HostName=web-1`, 2)
    values[field.slice(0, cut)] = field.slice(cut + 1)
  }
  if (fields.length === 0)
    throw new CliError(`say which ${kind}, as in: Account Name=alice HostName=web-1`, 2)
  const { HostName: host, ...identifiers } = values
  if (kind === 'Host') return { kind, identifiers: values }
  return { kind, identifiers, ...(host === undefined ? {} : { host }) }
}

function listOf(expansions: readonly Expansion[], columns: number | undefined): string {
  const rows = expansions.map(({ inputEntityType, inputFields, displayName, outputEntityTypes }) => [
    inputEntityType,
    inputFields.join(', '),
    displayName,
    outputEntityTypes.join(', '),
  ])
  return renderTable(['Of', 'By its', 'Expansion', 'Gives'], rows, { columns })
}

const words = (info: unknown): string =>
  typeof info === 'object' && info !== null
    ? Object.entries(info)
        .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(' ') : value}`)
        .join(', ')
    : String(info ?? '')

function foundRows(expansion: Expansion, { value }: Expanded): string[][] {
  const nodes = new Map(value.entities.map((node) => [node.id, node]))
  return value.edges.flatMap(({ targetEntityId, additionalData }) => {
    const node = nodes.get(targetEntityId)
    if (node === undefined) return []
    return [[expansion.displayName, node.kind, node.name, node.host ?? '', words(additionalData.info)]]
  })
}

async function explore(
  directory: string,
  wanted: Wanted,
  asJson: boolean,
  effects: Effects,
): Promise<ExitCode> {
  const entity = wanted.entity?.length ? entityOf(wanted.entity) : undefined
  const desk = await openDesk(directory, effects, false)
  const { columns } = effects.out
  try {
    if (wanted.incident !== undefined) {
      const graph = await desk.graph.ofIncident(wanted.incident)
      const rows = graph.nodes.map(({ kind, name, host }) => [kind, name, host ?? ''])
      effects.out.write(
        asJson
          ? `${JSON.stringify(graph, undefined, 2)}\n`
          : renderTable(['Kind', 'Name', 'Host'], rows, { columns }),
      )
      return 0
    }
    const all = await desk.graph.expansions()
    if (entity === undefined) {
      effects.out.write(asJson ? `${JSON.stringify(all, undefined, 2)}\n` : listOf(all, columns))
      return 0
    }
    const by = wanted.by?.toLowerCase()
    const fitting = all.filter(
      ({ id, displayName, inputEntityType }) =>
        inputEntityType === entity.kind &&
        (by === undefined || id === by || displayName.toLowerCase().includes(by)),
    )
    if (fitting.length === 0) {
      const why =
        by === undefined ? 'nothing expands it' : `no expansion of it has "${wanted.by}" in its name`
      throw new CliError(`${entity.kind}: ${why}; auspex explore lists what there is`, 2)
    }
    const rows: string[][] = []
    const answers: unknown[] = []
    for (const expansion of fitting) {
      const found = await desk.graph.expand({ expansionId: expansion.id, entity })
      answers.push({ expansion: expansion.displayName, ...found })
      rows.push(...foundRows(expansion, found))
    }
    const head = ['Expansion', 'Kind', 'Name', 'Host', 'More']
    effects.out.write(
      asJson ? `${JSON.stringify(answers, undefined, 2)}\n` : renderTable(head, rows, { columns }),
    )
    return rows.length > 0 ? 0 : 1
  } finally {
    await desk.close()
  }
}

export function addExploreCommand(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  program
    .command('explore')
    .description('walk from a user, session, command, file or address to what the log ties to it')
    .argument('[entity...]', 'as Account Name=alice HostName=web-1; without one the expansions are listed')
    .option('--incident <number>', 'the entities that an incident begins with')
    .option('--by <text>', 'only expansions with this in their name')
    .addOption(
      new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json']),
    )
    .action(async (entity: string[], options: { incident?: string; by?: string; format?: string }) => {
      const { incident, by } = options
      const asJson = (options.format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json'
      if (incident !== undefined && !/^[1-9]\d{0,8}$/.test(incident)) {
        throw new CliError(`--incident ${incident}: expected the number of an incident`, 2)
      }
      const wanted: Wanted = {
        entity,
        ...(incident === undefined ? {} : { incident: Number(incident) }),
        ...(by === undefined ? {} : { by }),
      }
      done(await explore(directory(), wanted, asJson, effects))
    })
}
