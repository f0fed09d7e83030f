/** `auspex incidents …`: the commands and their options. */
import {
  CLASSIFICATION_NAMES,
  CLASSIFICATIONS,
  type Classification,
  type ClassificationReason,
  type IncidentChange,
  ORDERS,
  SEVERITIES,
  type Severity,
  STATUSES,
} from '@auspex/detect'
import { Argument, type Command, InvalidArgumentError, Option } from 'commander'
import { type Desk, openDesk } from '../../desk.js'
import type { Effects, ExitCode } from '../../effects.js'
import { renderActivities, renderIncident } from '../../output/incident.js'
import { type ListOptions, listIncidents } from './list.js'
import { showRows } from './rows.js'

type Format = 'table' | 'json' | undefined

function incidentNumber(text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new InvalidArgumentError('expected the number of an incident')
}

const NUMBER = () => new Argument('<number>', 'the number of the incident').argParser(incidentNumber)
const FORMAT = () =>
  new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json'])
const REASONS = [...new Set(Object.values(CLASSIFICATIONS).flat())]

const isJson = (format: Format, effects: Effects) =>
  (format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json'

export function addIncidentCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const withDesk = async (work: (desk: Desk) => Promise<ExitCode | undefined>) => {
    const desk = await openDesk(directory(), effects, false)
    try {
      done((await work(desk)) ?? 0)
    } finally {
      await desk.close()
    }
  }
  const json = (value: unknown) => effects.out.write(`${JSON.stringify(value, undefined, 2)}\n`)
  const say = (text: string) => effects.out.write(`${text}\n`)
  const change = (number: number, what: IncidentChange, text: string) =>
    withDesk(async (desk) => {
      await desk.incidents.update(number, what)
      say(`Incident ${number}: ${text}`)
      return undefined
    })

  const incidents = program
    .command('incidents')
    .description('the incidents: list, look, comment, assign, close')

  incidents
    .command('list', { isDefault: true })
    .description('the incidents, newest first; what `incidents` alone does')
    .option('--status <list>', `of ${STATUSES.join(',')} (default: all)`)
    .option('--severity <list>', `of ${SEVERITIES.join(',')}`)
    .option('--owner <name>', "somebody's; none: nobody's")
    .option('--label <name>', 'with this label')
    .option('--text <words>', 'with this in title or description')
    .option('--entity <name>', 'about this user, host, address, …')
    .option('--rule <id>', 'of this analytics rule')
    .addOption(new Option('--sort <key>', 'newest or highest first').choices(ORDERS))
    .option('--limit <n>', 'at most so many', (text) => incidentNumber(text), 100)
    .addOption(FORMAT())
    .action((options: ListOptions & { format: Format }) =>
      withDesk((desk) => listIncidents(desk, options, isJson(options.format, effects), effects)),
    )

  incidents
    .command('show')
    .description('one incident with its entities, alerts, tasks and comments')
    .addArgument(NUMBER())
    .option('--rows', 'the events behind its alerts too', false)
    .addOption(FORMAT())
    .action((number: number, { format, rows }: { format: Format; rows: boolean }) =>
      withDesk(async (desk) => {
        const incident = await desk.incidents.get(number)
        if (isJson(format, effects)) json(incident)
        else effects.out.write(renderIncident(incident))
        if (rows) await showRows(desk, incident, isJson(format, effects), effects)
        return undefined
      }),
    )

  incidents
    .command('log')
    .description('what was done about an incident, and by whom')
    .addArgument(NUMBER())
    .addOption(FORMAT())
    .action((number: number, { format }: { format: Format }) =>
      withDesk(async (desk) => {
        await desk.incidents.get(number)
        const activities = await desk.incidents.activities(number)
        if (isJson(format, effects)) json(activities)
        else effects.out.write(renderActivities(activities))
        return undefined
      }),
    )

  incidents
    .command('create')
    .description('open an incident by hand')
    .argument('<title>')
    .addOption(new Option('--severity <severity>').choices(SEVERITIES).default('Medium'))
    .option('--description <text>', 'what it is about')
    .action((title: string, { severity, description }: { severity: Severity; description?: string }) =>
      withDesk(async (desk) => {
        const made = await desk.incidents.create({
          title,
          severity,
          ...(description === undefined ? {} : { description }),
        })
        say(`Incident ${made.number}`)
        return undefined
      }),
    )

  incidents
    .command('assign')
    .description('give an incident to somebody (--nobody takes it back)')
    .addArgument(NUMBER())
    .argument('[name]', 'default: you')
    .option('--nobody', 'take it away', false)
    .action((number: number, name: string | undefined, { nobody }: { nobody: boolean }) => {
      const owner = nobody ? null : (name ?? effects.userName)
      return change(number, { owner }, owner === null ? "nobody's" : `${owner}'s`)
    })

  incidents
    .command('comment')
    .description('say something about an incident')
    .addArgument(NUMBER())
    .argument('<text>')
    .action((number: number, text: string) =>
      withDesk(async (desk) => {
        await desk.incidents.comment(number, text)
        say(`Incident ${number}: commented`)
        return undefined
      }),
    )

  incidents
    .command('close')
    .description('close an incident, and say how it turned out')
    .addArgument(NUMBER())
    .addOption(new Option('--as <classification>').choices(CLASSIFICATION_NAMES).makeOptionMandatory())
    .addOption(new Option('--reason <reason>').choices(REASONS))
    .option('--comment <text>', 'why')
    .action(
      (number: number, options: { as: Classification; reason?: ClassificationReason; comment?: string }) => {
        const { as, reason, comment } = options
        return change(
          number,
          {
            status: 'Closed',
            classification: as,
            ...(reason === undefined ? {} : { classificationReason: reason }),
            ...(comment === undefined ? {} : { classificationComment: comment }),
          },
          `closed as ${as}`,
        )
      },
    )

  incidents
    .command('set')
    .description('change status, severity or title')
    .addArgument(NUMBER())
    .addOption(
      new Option('--status <status>', 'New or Active; close has a command').choices(['New', 'Active']),
    )
    .addOption(new Option('--severity <severity>').choices(SEVERITIES))
    .option('--title <title>')
    .action((number: number, options: IncidentChange) => change(number, options, 'changed'))

  incidents
    .command('label')
    .description('put a label on an incident (--remove takes it off)')
    .addArgument(NUMBER())
    .argument('<label...>')
    .option('--remove', 'take them off', false)
    .action((number: number, names: string[], { remove }: { remove: boolean }) =>
      change(
        number,
        remove ? { removeLabels: names } : { addLabels: names },
        remove ? 'label off' : 'label on',
      ),
    )

  incidents
    .command('task')
    .description('add a task (--done ID completes one)')
    .addArgument(NUMBER())
    .argument('[title]')
    .option('--done <id>', 'complete this task')
    .action((number: number, title: string | undefined, options: { done?: string }) =>
      withDesk(async (desk) => {
        if (options.done !== undefined) await desk.incidents.completeTask(number, options.done)
        else if (title !== undefined) await desk.incidents.addTask(number, title)
        else program.error('error: give a title, or --done with the id of a task')
        say(`Incident ${number}: ${options.done === undefined ? 'task added' : 'task completed'}`)
        return undefined
      }),
    )
}
