/** ipv4_lookup, ipv6_lookup: a join of addresses with the ranges they are in. */
import type { Node } from '../../front/tree.js'
import { and, call, long, reference } from '../../plan/build.js'
import type { Column, Plan, Scalar } from '../../plan/plan.js'
import { convert } from '../convert.js'
import { compute, findColumn, type Relation } from '../relation.js'
import {
  columnOf,
  constantOf,
  fail,
  inputOf,
  literalOf,
  type Plugin,
  type PluginTable,
  type PluginWork,
} from './plugin.js'

/** The sides with what their rows are matched by, and the condition on two rows. */
interface Match {
  readonly left: Relation
  readonly right: Relation
  readonly condition: Scalar
}

type Matcher = (work: PluginWork, left: Relation, key: Column, right: Relation, range: Column) => Match

/** First and last address of a text; null if it is none. Ranges of addresses overlap or one is in the other. */
function withRange(work: PluginWork, relation: Relation, key: Column): [Relation, Scalar, Scalar] {
  const text = reference(key)
  const first = work.context.column('first', 'long')
  const last = work.context.column('last', 'long')
  const low = call('parse_ipv4', [text], 'long')
  const hostBits = call('-', [long(32), call('ipv4_netmask_suffix', [text], 'long')], 'long')
  const size = call('binary_shift_left', [long(1), hostBits], 'long')
  const definitions = [
    { column: first, value: low },
    { column: last, value: call('-', [call('+', [low, size], 'long'), long(1)], 'long') },
  ]
  return [compute(relation, definitions), reference(first), reference(last)]
}

function matchV4(work: PluginWork, left: Relation, key: Column, right: Relation, range: Column): Match {
  const [source, first, last] = withRange(work, left, key)
  const [lookup, from, to] = withRange(work, right, range)
  const condition = and(call('<=', [first, to], 'bool'), call('<=', [from, last], 'bool'))
  return { left: source, right: lookup, condition }
}

function matchV6(_work: PluginWork, left: Relation, key: Column, right: Relation, range: Column): Match {
  return { left, right, condition: call('ipv6_is_match', [reference(key), reference(range)], 'bool') }
}

function lookup(matcher: Matcher): Plugin {
  return (work) => {
    const { context, environment, positional } = work
    const rows = { relation: inputOf(work) }
    const key = columnOf(work, positional[1]!, rows)
    const table = context.lower.tabular(positional[0]!, context, environment)
    const range = findColumn(table, positional[2]!.name ?? '')
    if (!range) return fail(work, `the lookup table has no column '${positional[2]!.name ?? ''}'.`)
    const more = positional.slice(3)
    const flag = work.named.get('return_unmatched') ?? more.find(isBool)
    const extra = more
      .filter((node) => !isBool(node))
      .map((node) => {
        const name = node.name ?? ''
        const left = findColumn(rows.relation, name)
        const right = findColumn(table, name)
        if (!left || !right) return fail(work, `the key '${name}' must be a column of both tables.`)
        return { left, right }
      })
    const match = matcher(work, rows.relation, key, table, range)
    const plan: Plan = {
      kind: 'join',
      flavor: flag && literalOf(work, flag, 'return_unmatched') === true ? 'left' : 'inner',
      left: match.left.plan,
      right: match.right.plan,
      on: extra.map(({ left, right }) => ({
        left: reference(left),
        right: convert(reference(right), left.type),
      })),
      where: match.condition,
    }
    const dropped = new Set(extra.map(({ right }) => right.name))
    return {
      plan,
      columns: [...rows.relation.columns, ...table.columns.filter(({ name }) => !dropped.has(name))],
      order: [...rows.relation.order, ...table.order],
      sorted: 0,
    }
  }
}

/** The rows of the table whose shape holds the place of a row, or is no further from it than so many metres. */
function geoLookup(shape: 'polygon' | 'line'): Plugin {
  return (work) => {
    const { context, environment, positional } = work
    const rows = { relation: inputOf(work) }
    const longitude = columnOf(work, positional[2]!, rows)
    const latitude = columnOf(work, positional[3]!, rows)
    const table = context.lower.tabular(positional[0]!, context, environment)
    const key = findColumn(table, positional[1]!.name ?? '')
    if (!key) return fail(work, `the lookup table has no column '${positional[1]!.name ?? ''}'.`)
    const option = (at: number, name: string) => work.named.get(name) ?? positional[at]
    const radius = option(4, 'radius')
    const isSet = (at: number, name: string) => {
      const node = option(at, name)
      return node !== undefined && literalOf(work, node, name) === true
    }
    const place = [reference(longitude), reference(latitude), reference(key)].map((value, i) =>
      convert(value, i < 2 ? 'real' : 'dynamic'),
    )
    const near = radius ? convert(constantOf(work, radius), 'real') : null
    const condition = near
      ? call('<=', [call(`geo_distance_point_to_${shape}`, place, 'real'), near], 'bool')
      : call('geo_point_in_polygon', place, 'bool')
    const shown = isSet(7, 'return_lookup_key')
      ? table.columns
      : table.columns.filter((column) => column !== key)
    return {
      plan: {
        kind: 'join',
        flavor: isSet(5, 'return_unmatched') ? 'left' : 'inner',
        left: rows.relation.plan,
        right: table.plan,
        on: [],
        where: condition,
      },
      columns: [...rows.relation.columns, ...shown],
      order: [...rows.relation.order, ...table.order],
      sorted: 0,
    }
  }
}

function isBool(node: Node): boolean {
  return node.kind === 'BooleanLiteralExpression'
}

export const lookupPlugins: PluginTable = {
  geo_line_lookup: geoLookup('line'),
  geo_polygon_lookup: geoLookup('polygon'),
  ipv4_lookup: lookup(matchV4),
  ipv6_lookup: lookup(matchV6),
}
