/** `auspex hosts`: where records come from, and how the agents there are. */
import type { HostRecord } from '@auspex/server'
import { type Command, Option } from 'commander'
import { openDesk } from '../desk.js'
import type { Effects, ExitCode } from '../effects.js'
import { renderTable } from '../output/table.js'

const time = (iso: string | null) => (iso === null ? '' : iso.slice(0, 19).replace('T', ' '))

function cells(host: HostRecord): string[] {
  const { Computer, State, LastHeartbeat, LastEvent, Events, Version, SpoolMessages, KernelLost, Findings } =
    host
  return [
    Computer,
    State,
    time(LastHeartbeat),
    time(LastEvent),
    String(Events ?? 0),
    Version,
    String(SpoolMessages ?? ''),
    String(KernelLost ?? ''),
    Findings === null ? '' : String(Findings.length),
  ]
}

/** 1 where an agent is silent or stuck. */
export function addHostsCommand(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  program
    .command('hosts')
    .description('the hosts that records came from, and how their agents are')
    .addOption(
      new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json']),
    )
    .action(async ({ format }: { format?: string }) => {
      const desk = await openDesk(directory(), effects, false)
      try {
        const hosts = await desk.hosts()
        const { columns } = effects.out
        if ((format ?? (columns === undefined ? 'json' : 'table')) === 'json') {
          effects.out.write(`${JSON.stringify(hosts, undefined, 2)}\n`)
        } else {
          const head = [
            'Host',
            'Agent',
            'Heard (UTC)',
            'Last event',
            'Events',
            'Version',
            'Waiting',
            'Lost',
            'Findings',
          ]
          effects.out.write(
            hosts.length === 0
              ? 'No host yet: auspex up follows this one, auspex agent sends another.\n'
              : renderTable(head, hosts.map(cells), { columns, right: new Set([4, 6, 7, 8]) }),
          )
        }
        done(hosts.some(({ State }) => State === 'silent' || State === 'spool full') ? 1 : 0)
      } finally {
        await desk.close()
      }
    })
}
