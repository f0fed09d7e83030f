import { openDesk } from '../desk.js'
import type { Effects, ExitCode } from '../effects.js'
import { renderIncidents } from '../output/incidents.js'

export interface IncidentsArguments {
  readonly directory: string
  readonly format: 'table' | 'json' | undefined
}

export async function incidents(args: IncidentsArguments, effects: Effects): Promise<ExitCode> {
  const desk = await openDesk(args.directory, effects, false)
  try {
    const found = await desk.incidents()
    const width = effects.out.columns
    if ((args.format ?? (width === undefined ? 'json' : 'table')) === 'json') {
      effects.out.write(`${JSON.stringify(found, undefined, 2)}\n`)
    } else if (found.length === 0) {
      effects.out.write('No incidents: no enabled rule has found anything in the data.\n')
    } else {
      effects.out.write(renderIncidents(found, width))
    }
    return 0
  } finally {
    await desk.close()
  }
}
