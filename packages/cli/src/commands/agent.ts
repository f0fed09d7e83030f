/** `auspex agent`: sends this host's audit log to a server, or to Microsoft Sentinel. */
import { readFile } from 'node:fs/promises'
import { release, type } from 'node:os'
import { join } from 'node:path'
import { agent, host, hostNames } from '@auspex/collect'
import { type Command, InvalidArgumentError } from 'commander'
import { parse } from 'yaml'
import { z } from 'zod'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { pause } from './up.js'

const azure = z.strictObject({
  tenant: z.string().min(1),
  client: z.string().min(1),
  secretFile: z.string().min(1),
  authority: z.url().default('https://login.microsoftonline.com'),
})

const destination = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.-]{1,50}$/)
      .optional(),
    url: z.url({ protocol: /^https?$/ }),
    /** Immutable id of the data collection rule; a server of Auspex takes any. */
    rule: z.string().min(1).max(200).default('auspex'),
    tokenFile: z.string().min(1).optional(),
    azure: azure.optional(),
    caFile: z.string().min(1).optional(),
  })
  .refine(({ tokenFile, azure: application }) => (tokenFile === undefined) !== (application === undefined), {
    message: 'give tokenFile (a server of Auspex) or azure (an application of Entra ID), one of the two',
  })

const settings = z.strictObject({
  log: z.string().default('/var/log/audit/audit.log'),
  computer: z.string().min(1).max(255).optional(),
  spool: z
    .strictObject({ folder: z.string().optional(), megabytes: z.int().min(1).max(1_000_000).default(1024) })
    .prefault({}),
  destinations: z.array(destination).min(1).max(8),
})
type Settings = z.infer<typeof settings>

interface Options {
  readonly config?: string
  readonly to?: string
  readonly tokenFile?: string
  readonly ca?: string
  readonly log?: string
  readonly computer?: string
  readonly spool?: string
  readonly spoolMegabytes?: number
  readonly insecure?: boolean
}

async function settingsOf(options: Options): Promise<Settings> {
  const { config, to, tokenFile, ca, log, computer, spool, spoolMegabytes } = options
  let given: Record<string, unknown> = {}
  if (config !== undefined) {
    try {
      given = parse(await readFile(config, 'utf8')) as Record<string, unknown>
    } catch (error) {
      throw new CliError(`${config}: ${(error as Error).message}`, 2)
    }
  }
  const flags = {
    ...given,
    ...(log === undefined ? {} : { log }),
    ...(computer === undefined ? {} : { computer }),
    ...(spool === undefined && spoolMegabytes === undefined
      ? {}
      : {
          spool: {
            ...(given.spool as object),
            ...(spool === undefined ? {} : { folder: spool }),
            ...(spoolMegabytes === undefined ? {} : { megabytes: spoolMegabytes }),
          },
        }),
    ...(to === undefined
      ? {}
      : { destinations: [{ url: to, tokenFile, ...(ca === undefined ? {} : { caFile: ca }) }] }),
  }
  const parsed = settings.safeParse(flags)
  if (parsed.success) return parsed.data
  const hint = config === undefined ? 'give --to URL and --token-file FILE, or --config FILE' : config
  throw new CliError(`${hint}:\n${z.prettifyError(parsed.error)}`, 2)
}

const isLoopback = (url: string) => ['127.0.0.1', '[::1]', 'localhost'].includes(new URL(url).hostname)

function destinationOf(
  { name, url, rule, tokenFile, azure: application, caFile }: Settings['destinations'][number],
  isInsecure: boolean,
): agent.DestinationSettings {
  if (url.startsWith('http:') && !isLoopback(url) && !isInsecure) {
    throw new CliError(
      `${url}: keystrokes and the token would go over the network in the clear: use https, or say --insecure`,
      2,
    )
  }
  return {
    name: name ?? new URL(url).host.replace(/[^\w.-]/g, '-'),
    url,
    rule,
    credential:
      application === undefined
        ? { kind: 'token', file: tokenFile! }
        : { kind: 'client-secret', ...application },
    ...(caFile === undefined ? {} : { caFile }),
  }
}

async function runAgent(options: Options, directory: string, effects: Effects): Promise<ExitCode> {
  const { log, computer, spool, destinations } = await settingsOf(options)
  const all = destinations.map((each) => destinationOf(each, options.insecure === true))
  if (new Set(all.map(({ name }) => name)).size < all.length) {
    throw new CliError('two destinations have one name: give each a name of its own', 2)
  }
  const now = () => effects.now().getTime()
  const say = (message: string) => effects.err.write(`${message}\n`)
  say(`following ${log}, sending to ${all.map(({ url }) => url).join(' and ')}`)
  await agent.runAgent(
    {
      log,
      computer: computer ?? effects.hostName,
      names: await hostNames(),
      version: effects.version,
      osName: `${type()} ${release()}`,
      spoolFolder: spool.folder ?? join(directory, 'agent'),
      maxSpoolBytes: spool.megabytes * 1_000_000,
      destinations: all,
    },
    {
      signal: effects.signal,
      now,
      newId: effects.newId,
      random: Math.random,
      pause: (ms, signal) => pause(ms)(signal),
      post: agent.nodePost,
      say,
      observe: agent.observer(host.nodeHost({ root: undefined }), now),
    },
  )
  say('stopped; what was not sent is in the spool')
  return 0
}

function megabytes(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('expected a whole number of megabytes')
  return value
}

export function addAgentCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const command = program
    .command('agent')
    .description("follow this host's audit log and send it to an Auspex server or to Microsoft Sentinel")
    .option('--to <url>', 'the server, as https://auspex.example.org:7441')
    .option(
      '--token-file <file>',
      'file with a token of the server that may send (auspex token create --ingest)',
    )
    .option('--ca <file>', 'believe only this authority or certificate (PEM)')
    .option('--config <file>', 'settings as YAML, for several destinations or Sentinel (docs/agent.md)')
    .option('--log <file>', 'the log to follow (default: /var/log/audit/audit.log)')
    .option('--computer <name>', 'name of this host')
    .option('--spool <dir>', 'where what is not sent yet waits (default: agent in the data folder)')
    .option(
      '--spool-megabytes <number>',
      'at most so much waits; then reading waits (default: 1024)',
      megabytes,
    )
    .option('--insecure', 'also send over plain HTTP')
    .action(async (options: Options) => done(await runAgent(options, directory(), effects)))
  command
    .command('azure-template')
    .description('print the ARM template for Microsoft Sentinel: the tables and the data collection rule')
    .action(() => {
      effects.out.write(`${JSON.stringify(agent.azureTemplate(), undefined, 2)}\n`)
      done(0)
    })
}
