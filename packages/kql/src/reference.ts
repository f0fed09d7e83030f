/**
 * What of KQL is supported and what is refused and why, from the tables that make it so: for the reference page, and
 * for what an editor offers.
 */
import { aggregates } from './functions/aggregates.js'
import type { AggregateFunctionTable } from './functions/function.js'
import { refusedAggregates, refusedFunctions } from './functions/refused.js'
import { scalarFamilies } from './functions/tables.js'
import { windowFunctions } from './functions/window.js'
import { documentationUrl } from './lower/context.js'
import { graphFunctions } from './lower/operators/graph.js'
import { operators } from './lower/operators/operators.js'
import { refusedOperators } from './lower/operators/refused.js'
import { severalAggregates } from './lower/operators/summarize.js'
import { plugins } from './lower/plugins/plugins.js'
import { refusedPlugins } from './lower/plugins/refused.js'
import { specialFunctions } from './lower/special-calls.js'
import { tableFunctions } from './lower/tabular.js'

export interface SupportedName {
  readonly name: string
  readonly aliases: readonly string[]
  readonly documentation: string
}

export interface RefusedName {
  readonly name: string
  /** Goes on from "it". */
  readonly reason: string
}

export interface SupportedKql {
  readonly operators: readonly SupportedName[]
  readonly plugins: readonly SupportedName[]
  readonly aggregates: readonly SupportedName[]
  readonly windowFunctions: readonly SupportedName[]
  readonly graphFunctions: readonly SupportedName[]
  /** Functions that are no function of their arguments' values alone: `now`, `iff`, `pack_all`. */
  readonly specialFunctions: readonly SupportedName[]
  /** Scalar functions and operators by family. */
  readonly scalars: Readonly<Record<string, readonly SupportedName[]>>
  readonly refused: {
    readonly operators: readonly RefusedName[]
    readonly plugins: readonly RefusedName[]
    readonly functions: readonly RefusedName[]
  }
}

interface Entry {
  readonly doc: string
  readonly aliases?: readonly string[]
}

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1)

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
    .sort(byName)
}

const OPERATOR_NAMES: Readonly<Record<string, string>> = {
  filter: 'where',
  'get-schema': 'getschema',
  'reduce-by': 'reduce',
}
const OPERATOR_ALIASES: Readonly<Record<string, readonly string[]>> = {
  where: ['filter'],
  take: ['limit'],
  sort: ['order'],
  'mv-expand': ['mvexpand'],
  'mv-apply': ['mvapply'],
}

/** `MvExpandOperator` is `mv-expand`. */
function operatorName(kind: string): string {
  const name = kind
    .replace(/Operator$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, '-')
    .toLowerCase()
  return OPERATOR_NAMES[name] ?? name
}

function refused(table: Readonly<Record<string, string>>): RefusedName[] {
  return Object.entries(table)
    .map(([name, reason]) => ({ name, reason }))
    .sort(byName)
}

let supported: SupportedKql | undefined

export function supportedKql(): SupportedKql {
  supported ??= listSupported()
  return supported
}

function listSupported(): SupportedKql {
  const conditional = (entry: Entry) =>
    [(entry as { conditional?: string | readonly string[] }).conditional ?? []].flat()
  const families = Object.entries(scalarFamilies).filter(
    ([, table]) => !Object.keys(table).every((name) => name.startsWith('$')),
  )
  return {
    operators: Object.keys(operators)
      .map(operatorName)
      .map((name) => ({
        name,
        aliases: OPERATOR_ALIASES[name] ?? [],
        documentation: documentationUrl(`${name}-operator`),
      }))
      .sort(byName),
    plugins: Object.keys(plugins)
      .map((name) => ({
        name,
        aliases: [],
        documentation: documentationUrl(`${name.replaceAll('_', '-')}-plugin`),
      }))
      .sort(byName),
    aggregates: [
      ...names(aggregates as AggregateFunctionTable, conditional),
      ...names(severalAggregates),
    ].sort(byName),
    windowFunctions: names(windowFunctions),
    graphFunctions: names(graphFunctions),
    specialFunctions: [...names(specialFunctions), ...names(tableFunctions)].sort(byName),
    scalars: Object.fromEntries(
      families.map(([family, table]) => [
        family,
        names(table).filter(({ name }) => !(name in specialFunctions)),
      ]),
    ),
    refused: {
      operators: Object.values(refusedOperators)
        .map(({ name, reason }) => ({ name, reason }))
        .sort(byName),
      plugins: refused(refusedPlugins),
      functions: refused({ ...refusedFunctions, ...refusedAggregates }),
    },
  }
}

/** The reference page, in Markdown. */
export function referencePage(): string {
  const kql = supportedKql()
  const link = ({ name, aliases, documentation }: SupportedName) =>
    `[\`${name}\`](${documentation})${aliases.length > 0 ? ` (${aliases.map((alias) => `\`${alias}\``).join(', ')})` : ''}`
  const section = (title: string, items: readonly string[]) => `## ${title}\n\n${items.join(' · ')}\n`
  const refusals = (title: string, list: readonly RefusedName[]) => {
    const reasons = [...new Set(list.map(({ reason }) => reason))]
    const lines = reasons.map((reason) => {
      const named = list.filter((entry) => entry.reason === reason).map(({ name }) => `\`${name}\``)
      return `- ${named.join(', ')}: it ${reason}`
    })
    return `### ${title}\n\n${lines.join('\n')}\n`
  }
  return [
    '# Supported KQL\n',
    'Written from the tables of the compiler (`src/reference.ts`). What is not supported is refused by name, never answered wrongly; the reasons stand at the end.\n',
    section('Tabular operators', kql.operators.map(link)),
    section('Plugins of evaluate', kql.plugins.map(link)),
    section('Aggregates', kql.aggregates.map(link)),
    section('Window functions', kql.windowFunctions.map(link)),
    section('Functions of graphs', kql.graphFunctions.map(link)),
    section('Functions of the query and the row', kql.specialFunctions.map(link)),
    ...Object.entries(kql.scalars).map(([family, list]) => section(`Scalars: ${family}`, list.map(link))),
    '## Refused\n',
    refusals('Operators', kql.refused.operators),
    refusals('Plugins', kql.refused.plugins),
    refusals('Functions', kql.refused.functions),
  ].join('\n')
}
