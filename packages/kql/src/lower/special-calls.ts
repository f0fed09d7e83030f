/** Functions whose meaning is not that of a function of their arguments' values: they look at the query, or at the row. */
import type { Node } from '../front/tree.js'
import { call, datetime, literal, long, reference, string } from '../plan/build.js'
import type { Scalar } from '../plan/plan.js'
import { arithmetic } from './arithmetic.js'
import type { Scope } from './context.js'
import { commonType, convert } from './convert.js'
import { stringOf } from './literal.js'
import { lowerToScalar } from './subquery.js'
import { boundType, knownType } from './types.js'

export interface SpecialFunction {
  /** Page of Microsoft's KQL reference. */
  readonly doc: string
  readonly aliases?: readonly string[]
  readonly lower: (node: Node, args: readonly Node[], scope: Scope) => Scalar
}

const scalars = (args: readonly Node[], scope: Scope): Scalar[] =>
  args.map((argument) => scope.context.lower.scalar(argument, scope))

const now = (scope: Scope) => datetime(scope.context.now)

/** The last argument is the otherwise; before it pairs of condition and value. */
function conditional(node: Node, args: readonly Node[], scope: Scope): Scalar {
  const values = scalars(args, scope)
  const isResult = (i: number) => i % 2 === 1 || i === values.length - 1
  const type = boundType(node) ?? commonType(values.filter((_, i) => isResult(i)).map((v) => v.type))
  return call(
    'case',
    values.map((value, i) => convert(value, isResult(i) ? type : 'bool')),
    type,
  )
}

/** A function that brings all its arguments to one type. */
function ofOneType(name: string): SpecialFunction['lower'] {
  return (node, args, scope) => {
    const values = scalars(args, scope)
    const type = boundType(node) ?? commonType(values.map((v) => v.type))
    return call(
      name,
      values.map((value) => convert(value, type)),
      type,
    )
  }
}

function packAll(_node: Node, args: readonly Node[], scope: Scope): Scalar {
  const [ignoreEmpty] = scalars(args, scope)
  const columns = scope.rows?.relation.columns ?? []
  return call(
    ignoreEmpty?.kind === 'literal' && ignoreEmpty.value === true ? '$pack-nonempty' : 'bag_pack',
    columns.flatMap((column) => [string(column.name), reference(column)]),
    'dynamic',
  )
}

function packColumns(_node: Node, args: readonly Node[], scope: Scope): Scalar {
  const pairs = args.flatMap((argument) => [string(argument.name ?? ''), ...scalars([argument], scope)])
  return call('bag_pack', pairs, 'dynamic')
}

function principalOf(node: Node, { context }: Scope): string {
  const { principal } = context.options
  return (
    principal ??
    context.unsupported(node, 'current_principal()', 'current-principal-function', 'is not known who asks')
  )
}

export const specialFunctions: Readonly<Record<string, SpecialFunction>> = {
  now: {
    doc: 'now-function',
    lower: (_node, args, scope) => {
      const [offset] = scalars(args, scope)
      return offset ? arithmetic('+', now(scope), offset, 'datetime') : now(scope)
    },
  },
  ago: {
    doc: 'ago-function',
    lower: (_node, args, scope) =>
      arithmetic('-', now(scope), convert(scalars(args, scope)[0]!, 'timespan'), 'datetime'),
  },
  iff: { doc: 'iff-function', aliases: ['iif'], lower: conditional },
  case: { doc: 'case-function', lower: conditional },
  coalesce: { doc: 'coalesce-function', lower: ofOneType('coalesce') },
  max_of: { doc: 'max-of-function', lower: ofOneType('max_of') },
  min_of: { doc: 'min-of-function', lower: ofOneType('min_of') },
  column_ifexists: {
    doc: 'column-ifexists-function',
    aliases: ['columnifexists'],
    lower: (_node, args, scope) => {
      const column = scope.column(stringOf(args[0]!))
      return column ? reference(column) : scalars([args[1]!], scope)[0]!
    },
  },
  iscolumnexists: {
    doc: 'column-ifexists-function',
    lower: (_node, args, scope) => literal('bool', scope.column(stringOf(args[0]!)) !== undefined),
  },
  column_names_of: {
    doc: 'column-names-of-function',
    lower: (_node, args, scope) => {
      const { columns } = scope.context.lower.tabular(args[0]!, scope.context, scope.environment)
      return literal('dynamic', JSON.stringify(columns.map((column) => column.name)))
    },
  },
  bin_auto: {
    doc: 'bin-auto-function',
    lower: (node, args, scope) => {
      const { context } = scope
      const { binAutoSize, binAutoAt } = context.settings
      const [value] = scalars(args, scope)
      if (!binAutoSize)
        return context.fail(
          node,
          'AUX112',
          'bin_auto() needs the size of the bins: set query_bin_auto_size=1h; before the query.',
          'bin-auto-function',
        )
      const size =
        value!.type === 'datetime' ? convert(binAutoSize, 'timespan') : convert(binAutoSize, value!.type)
      const origin = binAutoAt ? convert(binAutoAt, value!.type) : convert(long(0), value!.type)
      return call(
        'bin_at',
        [value!, size, value!.type === 'datetime' && !binAutoAt ? datetime(0n) : origin],
        value!.type,
      )
    },
  },
  current_principal: {
    doc: 'current-principal-function',
    lower: (node, _args, scope) => string(principalOf(node, scope)),
  },
  current_principal_details: {
    doc: 'current-principal-details-function',
    lower: (node, _args, scope) => literal('dynamic', JSON.stringify({ FQN: principalOf(node, scope) })),
  },
  /** A user is a member of himself; there are no groups. */
  current_principal_is_member_of: {
    doc: 'current-principal-is-member-of-function',
    lower: (node, args, scope) => {
      const names = args.flatMap((argument) => {
        const value = scope.context.lower.scalar(argument, scope)
        if (value.kind !== 'literal' || value.value === null) return []
        return value.type === 'dynamic'
          ? [JSON.parse(String(value.value)) as unknown].flat().map(String)
          : [String(value.value)]
      })
      return literal('bool', names.includes(principalOf(node, scope)))
    },
  },
  estimate_data_size: {
    doc: 'estimate-data-size-function',
    lower: (_node, args, scope) => {
      const values = args.flatMap((argument) =>
        argument.kind === 'StarExpression'
          ? (scope.rows?.relation.columns ?? []).map(reference)
          : [scope.context.lower.scalar(argument, scope)],
      )
      const sizes = values.map((value) => call('$size', [value], 'long'))
      return sizes.reduce((total: Scalar, size) => call('+', [total, size], 'long'), long(0))
    },
  },
  current_database: {
    doc: 'current-database-function',
    lower: (_node, _args, scope) => string(scope.context.options.schema.name),
  },
  ingestion_time: {
    doc: 'ingestion-time-function',
    lower: (_node, _args, scope) => {
      const column = scope.column('_TimeReceived') ?? scope.column('TimeGenerated')
      return column ? reference(column) : literal('datetime', null)
    },
  },
  pack_all: { doc: 'pack-all-function', lower: packAll },
  bag_pack_columns: { doc: 'bag-pack-columns-function', aliases: ['pack_columns'], lower: packColumns },
  materialize: {
    doc: 'materialize-function',
    lower: (_node, args, scope) => lowerToScalar(args[0]!, scope),
  },
  gettype: {
    doc: 'gettype-function',
    lower: (_node, args, scope) => {
      const [value] = scalars(args, scope)
      return value!.type === 'dynamic' ? call('gettype', [value!], 'string') : string(value!.type)
    },
  },
  /** `extract(regex, group, text, typeof(T))`: the text it finds, converted. */
  extract: {
    doc: 'extract-function',
    lower: (_node, args, scope) => {
      const [pattern, group, text, typeName] = scalars(args, scope)
      const found = call(
        'extract',
        [convert(pattern!, 'string'), convert(group!, 'long'), convert(text!, 'string')],
        'string',
      )
      return typeName?.kind === 'literal' ? convert(found, knownType(String(typeName.value))) : found
    },
  },
}

const byName = new Map<string, SpecialFunction>(
  Object.entries(specialFunctions).flatMap(([name, entry]) =>
    [name, ...(entry.aliases ?? [])].map((alias) => [alias, entry] as const),
  ),
)

export function specialNamed(name: string): SpecialFunction | undefined {
  return byName.get(name)
}
