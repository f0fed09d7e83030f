/** What of KQL is supported, from the tables that make it so: for the reference page and for completion. */
import { aggregates } from './functions/aggregates.js'
import type { AggregateFunctionTable } from './functions/function.js'
import { scalarFamilies } from './functions/tables.js'
import { windowFunctions } from './functions/window.js'
import { documentationUrl } from './lower/context.js'
import { operators } from './lower/operators/operators.js'
import { plugins } from './lower/plugins/plugins.js'

export interface SupportedName {
  readonly name: string
  readonly aliases: readonly string[]
  readonly documentation: string
}

export interface SupportedKql {
  readonly operators: readonly string[]
  readonly plugins: readonly string[]
  readonly aggregates: readonly SupportedName[]
  readonly windowFunctions: readonly SupportedName[]
  /** Scalar functions and operators by family. */
  readonly scalars: Readonly<Record<string, readonly SupportedName[]>>
}

interface Entry {
  readonly doc: string
  readonly aliases?: readonly string[]
}

function names(
  table: Readonly<Record<string, Entry>>,
  extra: (entry: Entry) => readonly string[] = () => [],
): SupportedName[] {
  return Object.entries(table)
    .filter(([name]) => !name.startsWith('$') && !name.endsWith('-dynamic'))
    .map(([name, entry]) => ({
      name,
      aliases: [...(entry.aliases ?? []), ...extra(entry)],
      documentation: documentationUrl(entry.doc),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** `MvExpandOperator` is `mv-expand`. */
function operatorName(kind: string): string {
  const name = kind
    .replace(/Operator$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase()
  return OPERATOR_NAMES[name] ?? name
}

const OPERATOR_NAMES: Readonly<Record<string, string>> = { filter: 'where', 'get-schema': 'getschema' }

export function supportedKql(): SupportedKql {
  const conditional = (entry: Entry) =>
    [(entry as { conditional?: string | readonly string[] }).conditional ?? []].flat()
  const families = Object.entries(scalarFamilies).filter(([family]) => family !== 'internal')
  return {
    operators: Object.keys(operators).map(operatorName).sort(),
    plugins: Object.keys(plugins).sort(),
    aggregates: names(aggregates as AggregateFunctionTable, conditional),
    windowFunctions: names(windowFunctions),
    scalars: Object.fromEntries(families.map(([family, table]) => [family, names(table)])),
  }
}

/** The reference page, in Markdown. */
export function referencePage(): string {
  const supported = supportedKql()
  const link = ({ name, aliases, documentation }: SupportedName) =>
    `[\`${name}\`](${documentation})${aliases.length > 0 ? ` (${aliases.map((alias) => `\`${alias}\``).join(', ')})` : ''}`
  const section = (title: string, items: readonly string[]) => `## ${title}\n\n${items.join(' · ')}\n`
  const code = (list: readonly string[]) => list.map((name) => `\`${name}\``)
  return [
    '# Supported KQL\n',
    'Written from the tables of the compiler (`src/reference.ts`); what is not here is refused by name.\n',
    section('Tabular operators', code(supported.operators)),
    section('Plugins of evaluate', code(supported.plugins)),
    section('Aggregates', supported.aggregates.map(link)),
    section('Window functions', supported.windowFunctions.map(link)),
    ...Object.entries(supported.scalars).map(([family, list]) =>
      section(`Scalars: ${family}`, list.map(link)),
    ),
  ].join('\n')
}
