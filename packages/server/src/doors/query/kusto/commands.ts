/**
 * The management commands that clients send to learn what is here. They only show; a command that changes something
 * is refused by name.
 */
import type { Workspace } from '../../../workspace.js'
import { columns, type SmallTable, SYSTEM_TYPES } from './tables.js'

export const DATABASE = 'auspex'
const VERSION = 'v1.1'

export class CommandError extends Error {
  readonly code = 'BAD_COMMAND'
}

const table = (text: string, rows: readonly (readonly unknown[])[]): SmallTable => ({
  columns: columns(text),
  rows,
})

function schemaRows(workspace: Workspace): unknown[][] {
  const rows: unknown[][] = []
  for (const { name, columns: list } of workspace.schema().tables) {
    rows.push([DATABASE, name, '', '', false, false, '', ''])
    for (const column of list) {
      rows.push([DATABASE, name, column.name, SYSTEM_TYPES[column.type], false, false, '', ''])
    }
  }
  return [[DATABASE, '', '', '', true, false, DATABASE, VERSION], ...rows]
}

function schemaJson(workspace: Workspace): string {
  const { tables, functions = [] } = workspace.schema()
  const database = {
    Name: DATABASE,
    Tables: Object.fromEntries(
      tables.map((each) => [
        each.name,
        {
          Name: each.name,
          DocString: each.docstring ?? '',
          DefaultColumn: null,
          OrderedColumns: each.columns.map(({ name, type }) => ({
            Name: name,
            Type: SYSTEM_TYPES[type],
            CslType: type,
          })),
        },
      ]),
    ),
    PrettyName: null,
    MajorVersion: 1,
    MinorVersion: 1,
    Functions: Object.fromEntries(
      functions.map((each) => [
        each.name,
        { Name: each.name, Body: each.body, DocString: each.docstring ?? '', InputParameters: [] },
      ]),
    ),
    DatabaseAccessMode: 'ReadWrite',
    MaterializedViews: {},
    ExternalTables: {},
  }
  return JSON.stringify({ Databases: { [DATABASE]: database } })
}

const tableList = (workspace: Workspace) =>
  table(
    'TableName DatabaseName Folder DocString',
    workspace.schema().tables.map(({ name, docstring }) => [name, DATABASE, '', docstring ?? '']),
  )

type Command = readonly [
  pattern: RegExp,
  answer: (workspace: Workspace, found: RegExpExecArray) => SmallTable,
]

const NAME = String.raw`\[?['"]?([\w -]+)['"]?\]?`

const COMMANDS: readonly Command[] = [
  [/^\.show tables$/i, tableList],
  [
    /^\.show databases$/i,
    (workspace) =>
      table(
        'DatabaseName PersistentStorage Version IsCurrent:bool DatabaseAccessMode PrettyName CurrentUserIsUnrestrictedViewer:bool DatabaseId',
        [[DATABASE, '', VERSION, true, 'ReadWrite', '', false, workspace.identity.workspaceId]],
      ),
  ],
  [
    /^\.show databases? (\([^)]*\) )?(schema as json|(\S+ )?schema as json|cslschema as json)$/i,
    (workspace) => table('DatabaseSchema', [[schemaJson(workspace)]]),
  ],
  [
    new RegExp(String.raw`^\.show databases? (${NAME} |\([^)]*\) )?schema$`, 'i'),
    (workspace) =>
      table(
        'DatabaseName TableName ColumnName ColumnType IsDefaultTable:bool IsDefaultColumn:bool PrettyName Version',
        schemaRows(workspace),
      ),
  ],
  [
    new RegExp(String.raw`^\.show table ${NAME} (schema as json|cslschema|details|)$`, 'i'),
    (workspace, found) => {
      const name = found[1]!
      const known = workspace.schema().tables.find((each) => each.name === name)
      if (known === undefined) throw new CommandError(`there is no table ${name}`)
      if (/json/i.test(found[2]!)) {
        const list = known.columns.map((each) => ({
          Name: each.name,
          Type: SYSTEM_TYPES[each.type],
          CslType: each.type,
        }))
        const schema = JSON.stringify({ Name: name, OrderedColumns: list })
        return table('TableName Schema DatabaseName Folder DocString', [
          [name, schema, DATABASE, '', known.docstring ?? ''],
        ])
      }
      const schema = known.columns.map((each) => `${each.name}:${each.type}`).join(',')
      return table('TableName Schema DatabaseName Folder DocString', [
        [name, schema, DATABASE, '', known.docstring ?? ''],
      ])
    },
  ],
  [
    /^\.show functions$/i,
    (workspace) =>
      table(
        'Name Parameters Body Folder DocString',
        (workspace.schema().functions ?? []).map((each) => [
          each.name,
          `(${each.parameters})`,
          each.body,
          '',
          each.docstring ?? '',
        ]),
      ),
  ],
  [
    /^\.show version$/i,
    () =>
      table('BuildVersion BuildTime:datetime ServiceType ProductVersion', [
        ['1.0.0.0', '2026-01-01T00:00:00Z', 'Engine', 'Auspex'],
      ]),
  ],
  [
    /^\.show cluster$/i,
    () =>
      table('NodeId Address Name StartTime:datetime IsAdmin:bool', [
        ['Engine000000', '', 'auspex', '2026-01-01T00:00:00Z', true],
      ]),
  ],
]

export const isCommand = (text: string): boolean => text.trimStart().startsWith('.')

/** Throws {@link CommandError} for a command that is not answered here. */
export function runCommand(text: string, workspace: Workspace): SmallTable {
  const command = text.replace(/\s+/g, ' ').trim().replace(/;$/, '')
  const filter = /^(\.[^|]+?)\s*\|/.exec(command)
  if (filter !== null) {
    throw new CommandError(`a command can not be filtered by a query here: send ${filter[1]} alone`)
  }
  for (const [pattern, answer] of COMMANDS) {
    const found = pattern.exec(command)
    if (found !== null) return answer(workspace, found)
  }
  throw new CommandError(
    `${command.slice(0, 100)} is not answered here. Answered are .show tables, .show databases, .show database schema [as json], .show table T schema as json, .show functions, .show version and .show cluster`,
  )
}
