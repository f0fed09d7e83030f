/** `auspex automation …` and `auspex playbooks …`: what is done by itself, and what can be done by hand. */
import { readFile } from 'node:fs/promises'
import type { AutomationRule, Playbook } from '@auspex/detect'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { parse } from 'yaml'
import { type Desk, openDesk } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { renderTable } from '../output/table.js'

/** A rule as Sentinel's REST API has it is the `properties` of a resource. */
async function readBody(path: string): Promise<unknown> {
  let value: unknown
  try {
    value = parse(await readFile(path, 'utf8'))
  } catch (error) {
    throw new CliError(`${path}: ${(error as Error).message}`, 2)
  }
  const { properties } = (value ?? {}) as { properties?: unknown }
  return properties ?? value
}

function incidentNumber(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected the number of an incident')
  return value
}

const short = (time: string | null) => (time === null ? '' : time.slice(0, 19).replace('T', ' '))

function ruleCells(rule: AutomationRule): string[] {
  const { triggeringLogic: logic } = rule
  return [
    String(rule.order),
    rule.displayName,
    logic.isEnabled ? 'on' : 'off',
    `${logic.triggersOn} ${logic.triggersWhen}`,
    rule.actions.map(({ actionType }) => actionType).join(', '),
    `${rule.ran}`,
    rule.lastError ?? short(rule.lastRanTime),
  ]
}

function settingsText({ kind, settings }: Playbook): string {
  switch (kind) {
    case 'webhook':
    case 'chat':
      return settings.url
    case 'program':
      return [settings.program, ...settings.arguments].join(' ')
    case 'mail':
      return settings.to.join(', ')
    case 'package':
      return ''
  }
}

function named<T extends { readonly id: string }>(
  all: readonly T[],
  wanted: string,
  nameOf: (one: T) => string,
  what: string,
): T {
  const found =
    all.find(({ id }) => id === wanted) ??
    all.find((one) => nameOf(one).toLowerCase() === wanted.toLowerCase())
  if (found === undefined) throw new CliError(`there is no ${what} "${wanted}"`)
  return found
}

export function addAutomationCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const { out } = effects
  const withDesk = async (work: (desk: Desk) => Promise<ExitCode | undefined>) => {
    const desk = await openDesk(directory(), effects, true)
    try {
      done((await work(desk)) ?? 0)
    } finally {
      await desk.close()
    }
  }
  const FORMAT = () =>
    new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json'])
  const print = (
    value: readonly unknown[],
    head: readonly string[],
    rows: readonly string[][],
    { format, none }: { readonly format?: string; readonly none: string },
  ): undefined => {
    const isJson = (format ?? (out.columns === undefined ? 'json' : 'table')) === 'json'
    if (isJson) out.write(`${JSON.stringify(value, undefined, 2)}\n`)
    else out.write(rows.length === 0 ? `${none}\n` : renderTable(head, rows, { columns: out.columns }))
  }

  const rules = program
    .command('automation')
    .description('automation rules: what is done when incidents come or change')
  const ruleOf = async (desk: Desk, wanted: string) =>
    named(await desk.automation.rules(), wanted, ({ displayName }) => displayName, 'automation rule')
  rules
    .command('list', { isDefault: true })
    .description('the automation rules, in the order in which they act')
    .addOption(FORMAT())
    .action(({ format }: { format?: string }) =>
      withDesk(async (desk) => {
        const all = await desk.automation.rules()
        const head = ['Order', 'Name', '', 'When', 'Does', 'Ran', 'Last (UTC)']
        print(all, head, all.map(ruleCells), {
          ...(format === undefined ? {} : { format }),
          none: 'No automation rule yet: auspex automation add FILE.yaml makes one (docs/automation.md).',
        })
        return undefined
      }),
    )
  rules
    .command('add')
    .description("add a rule from a file, JSON or YAML, in the form of Sentinel's")
    .argument('<file>')
    .action((file: string) =>
      withDesk(async (desk) => {
        const { displayName } = await desk.automation.putRule(await readBody(file))
        out.write(`${displayName}: it acts from now on\n`)
        return undefined
      }),
    )
  for (const [name, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const) {
    rules
      .command(name)
      .description(isEnabled ? 'let a rule act' : 'let a rule rest')
      .argument('<rule>', 'its name or id')
      .action((wanted: string) =>
        withDesk(async (desk) => {
          const rule = await ruleOf(desk, wanted)
          const { displayName, order, triggeringLogic, actions } = rule
          await desk.automation.putRule(
            { displayName, order, actions, triggeringLogic: { ...triggeringLogic, isEnabled } },
            rule.id,
          )
          out.write(`${displayName}: ${isEnabled ? 'on' : 'off'}\n`)
          return undefined
        }),
      )
  }
  rules
    .command('remove')
    .description('delete a rule')
    .argument('<rule>', 'its name or id')
    .action((wanted: string) =>
      withDesk(async (desk) => {
        await desk.automation.removeRule((await ruleOf(desk, wanted)).id)
        out.write('Deleted.\n')
        return undefined
      }),
    )

  const playbooks = program
    .command('playbooks')
    .description('playbooks: webhooks, programs, packages, mail, chat')
  const playbookOf = async (desk: Desk, wanted: string) =>
    named(await desk.automation.playbooks(), wanted, ({ name }) => name, 'playbook')
  playbooks
    .command('list', { isDefault: true })
    .description('the playbooks')
    .addOption(FORMAT())
    .action(({ format }: { format?: string }) =>
      withDesk(async (desk) => {
        const all = await desk.automation.playbooks()
        const rows = all.map((playbook) => [
          playbook.name,
          playbook.kind,
          settingsText(playbook),
          playbook.description,
        ])
        print(all, ['Name', 'Kind', 'To', 'Description'], rows, {
          ...(format === undefined ? {} : { format }),
          none: 'No playbook yet: auspex playbooks add FILE.yaml makes one (docs/automation.md).',
        })
        return undefined
      }),
    )
  playbooks
    .command('add')
    .description('add a playbook from a file, JSON or YAML; one with its name is changed')
    .argument('<file>')
    .action((file: string) =>
      withDesk(async (desk) => {
        const body = await readBody(file)
        const { name: wanted } = (body ?? {}) as { name?: unknown }
        const before = (await desk.automation.playbooks()).find(({ name }) => name === wanted)
        const { name } = await desk.automation.putPlaybook(body, before?.id)
        out.write(`${name}: ${before === undefined ? 'added' : 'changed'}\n`)
        return undefined
      }),
    )
  playbooks
    .command('run')
    .description('run a playbook for an incident')
    .argument('<playbook>', 'its name or id')
    .argument('<incident>', 'number of the incident', incidentNumber)
    .action((wanted: string, incident: number) =>
      withDesk(async (desk) => {
        const { id, name } = await playbookOf(desk, wanted)
        const run = await desk.automation.run(id, incident)
        const found = (await desk.automation.runsOf(incident)).find((each) => each.id === run)
        const last = found?.attempts.at(-1)
        out.write(`${name}: ${found?.state ?? 'queued'}${last === undefined ? '' : `, ${last.message}`}\n`)
        return found?.state === 'failed' ? 1 : 0
      }),
    )
  playbooks
    .command('runs')
    .description('the playbooks that ran for an incident')
    .argument('<incident>', 'number of the incident', incidentNumber)
    .addOption(FORMAT())
    .action((incident: number, { format }: { format?: string }) =>
      withDesk(async (desk) => {
        const runs = await desk.automation.runsOf(incident)
        const rows = runs.map((run) => [
          short(run.createdTime),
          run.playbookName,
          run.requestedBy,
          run.state,
          String(run.attempts.length),
          run.attempts.at(-1)?.message ?? '',
        ])
        print(runs, ['Time (UTC)', 'Playbook', 'For', 'State', 'Tries', 'Last'], rows, {
          ...(format === undefined ? {} : { format }),
          none: 'No playbook ran for it.',
        })
        return undefined
      }),
    )
  playbooks
    .command('remove')
    .description('delete a playbook; its runs stay in the log')
    .argument('<playbook>', 'its name or id')
    .action((wanted: string) =>
      withDesk(async (desk) => {
        await desk.automation.removePlaybook((await playbookOf(desk, wanted)).id)
        out.write('Deleted.\n')
        return undefined
      }),
    )
}
