/** bag_unpack: the slots of a bag as columns. */
import { call, empty, reference, string } from '../../plan/build.js'
import type { Column, Definition, Plan } from '../../plan/plan.js'
import type { KqlType } from '../../values.js'
import { convert } from '../convert.js'
import { compute, type Relation } from '../relation.js'
import { knownType } from '../types.js'
import { argument, columnOf, fail, inputOf, literalOf, type PluginTable, type PluginWork } from './plugin.js'

interface Slot {
  readonly name: string
  readonly type: KqlType
}

type Conflict = 'error' | 'keep_source' | 'replace_source'

function bagUnpack(work: PluginWork): Relation {
  const rows = { relation: inputOf(work) }
  const bag = columnOf(work, work.positional[0]!, rows, 'bag')
  const prefixNode = argument(work, 1, 'OutputColumnPrefix')
  const prefix = prefixNode ? String(literalOf(work, prefixNode, 'OutputColumnPrefix')) : ''
  const conflictNode = argument(work, 2, 'columnsConflict')
  const conflict = (conflictNode ? literalOf(work, conflictNode, 'columnsConflict') : 'error') as Conflict
  if (!['error', 'keep_source', 'replace_source'].includes(conflict)) {
    fail(work, `columnsConflict is error, replace_source or keep_source, not '${conflict}'.`)
  }
  const ignored = ignoredSlots(work)
  const { relation } = rows
  // By name: another column may hold the same value.
  const source = relation.columns.filter((column) => column.name !== work.positional[0]!.name)
  const definitions: Definition[] = []
  const unpacked = (name: string, type: KqlType): Column => {
    const column = work.context.column(name, type)
    const value =
      name.startsWith(prefix) && !ignored.has(name.slice(prefix.length))
        ? convert(call('$get', [reference(bag), string(name.slice(prefix.length))], 'dynamic'), type)
        : empty(type)
    definitions.push({ column, value })
    return column
  }
  if (work.schema) {
    const columns = work.schema.map(({ name, type }) => {
      const own = source.find((column) => column.name === name)
      return own && conflict !== 'replace_source' ? own : unpacked(name, knownType(type))
    })
    return { ...compute(relation, definitions), columns }
  }
  const slots = discoverSlots(work, relation, bag)
    .filter(({ name }) => !ignored.has(name))
    .map(({ name, type }) => ({ name: prefix + name, type }))
  if (source.length + slots.length === 0) {
    fail(work, 'no row has anything to unpack, and the table has no other column.')
  }
  const taken = slots.filter(({ name }) => source.some((column) => column.name === name))
  if (conflict === 'error' && taken.length > 0) {
    fail(
      work,
      `the table has a column '${taken[0]!.name}' already. Give OutputColumnPrefix, or columnsConflict='replace_source' or 'keep_source'.`,
    )
  }
  const kept = source.filter((column) => !taken.some(({ name }) => name === column.name))
  const columns = slots.map(({ name, type }) =>
    conflict === 'keep_source'
      ? (source.find((column) => column.name === name) ?? unpacked(name, type))
      : unpacked(name, type),
  )
  return { ...compute(relation, definitions), columns: [...kept, ...columns] }
}

function ignoredSlots(work: PluginWork): ReadonlySet<string> {
  const node = argument(work, 3, 'ignoredProperties')
  const value = node ? literalOf(work, node, 'ignoredProperties') : null
  const names = typeof value === 'string' ? (JSON.parse(value) as unknown) : []
  return new Set(Array.isArray(names) ? names.map(String) : [String(names)])
}

/** The slots that the bags have, by name; of the type all their values have, else dynamic. Nulls do not count. */
function discoverSlots(work: PluginWork, relation: Relation, bag: Column): Slot[] {
  const { context } = work
  const slot = context.column('slot', 'dynamic')
  const answer = context.column('answer', 'dynamic')
  const plan: Plan = {
    kind: 'aggregate',
    input: {
      kind: 'expand',
      input: relation.plan,
      expansions: [{ column: slot, value: call('$slots', [reference(bag)], 'dynamic'), bagAsPairs: false }],
      index: context.column('index', 'long'),
      limit: null,
    },
    keys: [{ column: answer, value: reference(slot) }],
    aggregates: [],
  }
  const types = new Map<string, KqlType>()
  const hint = 'evaluate bag_unpack(…) : (*, Name:type, …)'
  for (const text of context.discover(work.node, 'bag_unpack', hint, { plan, column: answer })) {
    if (text === null) continue
    const [name, type] = JSON.parse(text) as [string, KqlType]
    types.set(name, types.has(name) && types.get(name) !== type ? 'dynamic' : type)
  }
  return [...types]
    .map(([name, type]) => ({ name, type }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

export const bagUnpackPlugins: PluginTable = { bag_unpack: bagUnpack }
