/** `auspex store …`: how large it is, whether it is whole, and how to get data out of it and back. */
import { resolve } from 'node:path'
import { restoreStore } from '@auspex/store'
import type { Command } from 'commander'
import { type Desk, openDesk } from '../desk.js'
import type { Effects, ExitCode } from '../effects.js'
import { renderTable } from '../output/table.js'

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

const shortTime = (iso: string | null) => (iso === null ? '' : iso.slice(0, 19).replace('T', ' '))

async function status(desk: Desk, effects: Effects, format: string | undefined): Promise<ExitCode> {
  const found = await desk.store.status()
  if ((format ?? (effects.out.columns === undefined ? 'json' : 'table')) === 'json') {
    effects.out.write(`${JSON.stringify(found, undefined, 2)}\n`)
    return 0
  }
  const { directory, engine, dataBytes, freeBytes, walBytes, sources, tables } = found
  effects.out.write(
    `${directory} (${engine}): ${formatBytes(dataBytes)}, ${formatBytes(freeBytes)} of it free, ` +
      `write-ahead log ${formatBytes(walBytes)}, ${sources} source${sources === 1 ? '' : 's'}\n\n`,
  )
  const rows = tables
    .filter((table) => table.rows > 0)
    .map(({ table, rows, columns, oldest, newest }) => [
      table,
      String(rows),
      String(columns),
      shortTime(oldest),
      shortTime(newest),
    ])
  const header = ['Table', 'Rows', 'Columns', 'Oldest (UTC)', 'Newest (UTC)']
  effects.out.write(renderTable(header, rows, { columns: effects.out.columns, right: new Set([1, 2]) }))
  return 0
}

async function check(desk: Desk, effects: Effects): Promise<ExitCode> {
  const problems = await desk.store.check()
  for (const problem of problems) effects.out.write(`${problem}\n`)
  if (problems.length > 0) return 1
  effects.out.write('Every stored value was read; all is in order.\n')
  return 0
}

/** Adds the commands; `done` is told the exit code. */
export function addStoreCommands(
  program: Command,
  effects: Effects,
  directory: () => string,
  done: (code: ExitCode) => void,
): void {
  const store = program.command('store').description('the store itself: size, checks, backup, export')
  const ask = async (question: (desk: Desk) => Promise<ExitCode>) => {
    const desk = await openDesk(directory(), effects, false)
    try {
      done(await question(desk))
    } finally {
      await desk.close()
    }
  }

  store
    .command('status')
    .description('tables, rows and bytes')
    .option('--format <format>', 'table (on a terminal) or json (else)')
    .action(({ format }: { format?: string }) => ask((desk) => status(desk, effects, format)))

  store
    .command('check')
    .description('read every stored value; exits 1 when something is not in order')
    .action(() => ask((desk) => check(desk, effects)))

  store
    .command('compact')
    .description('fold the write-ahead log into the database file and free what deleted rows took')
    .action(() =>
      ask(async (desk) => {
        await desk.store.compact()
        return 0
      }),
    )

  store
    .command('backup')
    .description('copy the store into a folder, while it works')
    .argument('<folder>')
    .action((folder: string) =>
      ask(async (desk) => {
        const { bytes } = await desk.store.backup(resolve(folder))
        effects.out.write(`${formatBytes(bytes)} in ${resolve(folder)}\n`)
        return 0
      }),
    )

  store
    .command('restore')
    .description('put a backup in the place of the store; what was there is kept beside it')
    .argument('<folder>')
    .action(async (folder: string) => {
      const { aside } = await restoreStore({ backup: resolve(folder), directory: directory() })
      effects.out.write(`Restored into ${directory()}\n`)
      for (const file of aside) effects.out.write(`kept: ${file}\n`)
      done(0)
    })

  store
    .command('export')
    .description('write a table to a Parquet file that any other program reads')
    .argument('<table>')
    .argument('<file>')
    .action((table: string, file: string) =>
      ask(async (desk) => {
        const { rows } = await desk.store.export(table, resolve(file))
        effects.out.write(`${rows} rows in ${resolve(file)}\n`)
        return 0
      }),
    )
}
