/** `auspex watchlists …`: lists that rules look things up in, as _GetWatchlist('alias') in KQL. */
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { type Command, Option } from 'commander'
import { type Desk, openDesk } from '../desk.js'
import { CliError, type Effects, type ExitCode } from '../effects.js'
import { renderTable } from '../output/table.js'

async function readCsvFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CliError(`${path} can not be read: ${(error as Error).message}`, 2)
  }
}

/** `jump-hosts.csv` is jump-hosts. */
const aliasOf = (path: string) =>
  basename(path)
    .replace(/\.[^.]*$/, '')
    .replace(/[^A-Za-z0-9_-]/g, '-')

async function importFile(
  desk: Desk,
  path: string,
  options: { readonly alias?: string; readonly key?: string; readonly description?: string },
): Promise<string> {
  const csv = await readCsvFile(path)
  const alias = options.alias ?? aliasOf(path)
  const known = (await desk.watchlists.list()).some(
    (list) => list.alias.toLowerCase() === alias.toLowerCase(),
  )
  if (known) {
    const { itemCount } = await desk.watchlists.replace(alias, csv)
    return `${alias}: ${itemCount} items, in the place of those that were there\n`
  }
  const { itemCount, searchKey } = await desk.watchlists.create({
    alias,
    csv,
    ...(options.key === undefined ? {} : { searchKey: options.key }),
    ...(options.description === undefined ? {} : { description: options.description }),
  })
  return `${alias}: ${itemCount} items by ${searchKey}; ask for them with _GetWatchlist('${alias}')\n`
}

async function show(desk: Desk, alias: string, asJson: boolean, effects: Effects): Promise<void> {
  const { columns } = await desk.watchlists.get(alias)
  const rows: Readonly<Record<string, string>>[] = []
  let after: number | undefined = 0
  while (after !== undefined) {
    const page = await desk.watchlists.items(alias, after)
    rows.push(...page.items.map(({ values }) => values))
    after = page.next
  }
  if (asJson) effects.out.write(`${JSON.stringify(rows, undefined, 2)}\n`)
  else {
    const cells = rows.map((row) => columns.map((name) => row[name] ?? ''))
    effects.out.write(renderTable(columns, cells, { columns: effects.out.columns }))
  }
}

export function addWatchlistCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const watchlists = program
    .command('watchlists')
    .description("lists for rules to look things up in: _GetWatchlist('alias')")
  const withDesk = async (work: (desk: Desk) => Promise<void>) => {
    const desk = await openDesk(directory(), effects, true)
    try {
      await work(desk)
      done(0)
    } finally {
      await desk.close()
    }
  }
  const FORMAT = () =>
    new Option('--format <format>', 'table (on a terminal) or json (else)').choices(['table', 'json'])
  const isJson = (format: string | undefined) =>
    (format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json'

  watchlists
    .command('list', { isDefault: true })
    .description('the watchlists')
    .addOption(FORMAT())
    .action(({ format }: { format?: string }) =>
      withDesk(async (desk) => {
        const lists = await desk.watchlists.list()
        if (isJson(format)) effects.out.write(`${JSON.stringify(lists, undefined, 2)}\n`)
        else if (lists.length === 0)
          effects.out.write('No watchlist yet: auspex watchlists import FILE.csv makes one.\n')
        else {
          const rows = lists.map((list) => [
            list.alias,
            String(list.itemCount),
            list.searchKey,
            list.columns.join(', '),
            `${list.updatedTime.slice(0, 19).replace('T', ' ')} by ${list.updatedBy}`,
          ])
          const header = ['Alias', 'Items', 'Key', 'Columns', 'Changed (UTC)']
          effects.out.write(renderTable(header, rows, { columns: effects.out.columns, right: new Set([1]) }))
        }
      }),
    )

  watchlists
    .command('show')
    .description('the items of a watchlist')
    .argument('<alias>')
    .addOption(FORMAT())
    .action((alias: string, { format }: { format?: string }) =>
      withDesk((desk) => show(desk, alias, isJson(format), effects)),
    )

  watchlists
    .command('import')
    .description('make a watchlist out of a CSV file, or replace the items of one')
    .argument('<file>', 'CSV; its first line names the columns')
    .option('--alias <alias>', "what queries call it (default: the file's name)")
    .option('--key <column>', 'the column that items are found by (default: the first)')
    .option('--description <text>', 'what it is for')
    .action((file: string, options: { alias?: string; key?: string; description?: string }) =>
      withDesk(async (desk) => void effects.out.write(await importFile(desk, file, options))),
    )

  watchlists
    .command('remove')
    .description('delete a watchlist')
    .argument('<alias>')
    .action((alias: string) =>
      withDesk(async (desk) => {
        await desk.watchlists.remove(alias)
        effects.out.write('Deleted.\n')
      }),
    )
}
