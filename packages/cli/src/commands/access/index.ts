/** `auspex token …` and `auspex user …`: who may enter, and with what. */
import { ROLES, type Role } from '@auspex/server'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Desk, openDesk } from '../../desk.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { renderTable } from '../../output/table.js'
import { readPassword } from './password.js'

const DAY = 86_400_000

function days(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 3650) {
    throw new InvalidArgumentError('expected a number of days from 1 to 3650')
  }
  return value
}

const list = (text: string): string[] => text.split(',').map((word) => word.trim())

export function addAccessCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const withDesk = async (work: (desk: Desk) => Promise<void>) => {
    const desk = await openDesk(directory(), effects, true)
    try {
      await work(desk)
      done(0)
    } finally {
      await desk.close()
    }
  }
  const roleOption = () => new Option('--role <role>', 'what may be done with it').choices(ROLES)
  const write = (text: string) => effects.out.write(text)

  const token = program.command('token').description('tokens for programs: make, list, take back')
  token
    .command('create')
    .description('make a token; its secret is shown this once')
    .argument('<name>', 'what it is for, as grafana or web-1')
    .addOption(roleOption())
    .option('--ingest <tables>', 'tables that rows may be sent to, with commas; * for all', list)
    .option('--days <number>', 'after how many days it expires (default: never)', days)
    .action((name: string, options: { role?: Role; ingest?: string[]; days?: number }) =>
      withDesk(async ({ identity }) => {
        const { role, ingest, days: life } = options
        if (role === undefined && ingest === undefined) {
          throw new CliError('say what the token may do: --role, --ingest or both', 2)
        }
        const expires = life === undefined ? undefined : effects.now().getTime() + life * DAY
        const { secret } = await identity.createToken({
          name,
          role: role ?? null,
          ...(ingest && { ingest }),
          ...(expires === undefined ? {} : { expires: new Date(expires).toISOString() }),
        })
        write(`${secret}\n`)
      }),
    )
  token
    .command('list')
    .description('the tokens, without their secrets')
    .action(() =>
      withDesk(async ({ identity }) => {
        const rows = (await identity.tokens()).map((each) => [
          each.id,
          each.name,
          each.role ?? '',
          each.ingest.join(', '),
          each.createdBy,
          each.expiresTime ?? 'never',
          each.usedTime ?? 'never',
        ])
        const heads = ['Id', 'Name', 'Role', 'Sends to', 'Made by', 'Expires', 'Used']
        write(renderTable(heads, rows, { columns: effects.out.columns }))
      }),
    )
  token
    .command('delete')
    .description('take a token back')
    .argument('<id>', 'its id, of `token list`')
    .action((id: string) => withDesk(({ identity }) => identity.deleteToken(id)))
  token
    .command('shared-key')
    .description('workspace id and shared key for clients of the HTTP Data Collector API')
    .option('--renew', 'make another key; the old one signs no more', false)
    .action(({ renew }: { renew: boolean }) =>
      withDesk(async ({ identity }) => {
        const { workspaceId, sharedKey } = await identity.sharedKey(renew)
        write(`workspace id  ${workspaceId}\nshared key    ${sharedKey}\n`)
      }),
    )

  const user = program.command('user').description('people who sign in: add, list, change, remove')
  user
    .command('add')
    .description('add a user; the password is asked for, or is the first line of standard input')
    .argument('<name>')
    .addOption(roleOption().default('reader'))
    .action((name: string, { role }: { role: Role }) =>
      withDesk(async ({ identity }) =>
        identity.createUser(name, await readPassword(`Password for ${name}`, effects), role),
      ),
    )
  user
    .command('list')
    .description('the users')
    .action(() =>
      withDesk(async ({ identity }) => {
        const rows = (await identity.users()).map((each) => [
          each.name,
          each.role,
          each.disabled ? 'disabled' : '',
          each.createdBy,
          each.createdTime,
        ])
        write(renderTable(['Name', 'Role', '', 'Added by', 'Added'], rows, { columns: effects.out.columns }))
      }),
    )
  user
    .command('set')
    .description('change a role or a password, or shut a user out')
    .argument('<name>')
    .addOption(roleOption())
    .option('--password', 'ask for a new password')
    .addOption(new Option('--disable', 'end the sessions and let nobody in by this name').conflicts('enable'))
    .option('--enable', 'let them in again')
    .action(
      (name: string, options: { role?: Role; password?: boolean; disable?: boolean; enable?: boolean }) =>
        withDesk(async ({ identity }) => {
          const { role, password, disable, enable } = options
          if (!role && !password && !disable && !enable) {
            throw new CliError('say what to change: --role, --password, --disable or --enable', 2)
          }
          await identity.updateUser(name, {
            ...(role && { role }),
            ...(password && { password: await readPassword(`New password for ${name}`, effects) }),
            ...(disable || enable ? { disabled: disable === true } : {}),
          })
        }),
    )
  user
    .command('remove')
    .description('remove a user and end their sessions')
    .argument('<name>')
    .action((name: string) => withDesk(({ identity }) => identity.deleteUser(name)))

  program
    .command('sign-in')
    .description('a link that signs a browser in as administrator, good for a quarter of an hour')
    .action(() =>
      withDesk(async ({ identity }) => {
        write(`/?token=${await identity.signInWord()}\n`)
      }),
    )
}
