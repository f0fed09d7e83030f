/** evaluate: calls a plugin. What each plugin does is in `lower/plugins/`. */
import { child, type Node, nodes, optional } from '../../front/tree.js'
import { empty } from '../../plan/build.js'
import type { Definition } from '../../plan/plan.js'
import type { PluginWork } from '../plugins/plugin.js'
import { plugins } from '../plugins/plugins.js'
import { refusedPlugins } from '../plugins/refused.js'
import { compute, findColumn, type Relation } from '../relation.js'
import { boundColumns, knownType } from '../types.js'
import type { OperatorTable, OperatorWork } from './operator.js'

/** Plugins whose columns follow from the schema that the query gives; the others compute theirs first. */
const SHAPED_BY_SCHEMA = new Set(['bag_unpack', 'pivot'])

function evaluate({ node, input, context, environment }: OperatorWork): Relation {
  const call = child(node, 'FunctionCall')
  const name = child(call, 'Name').name ?? ''
  const plugin = plugins[name]
  const page = `${name.replaceAll('_', '-')}-plugin`
  if (!plugin) return context.unsupported(node, `The plugin ${name}()`, page, refusedPlugins[name])
  const named = new Map<string, Node>()
  const positional: Node[] = []
  for (const argument of nodes(child(call, 'ArgumentList'), 'Expressions')) {
    const given = argument.kind === 'SimpleNamedExpression' ? child(argument, 'Name').name : null
    if (given === null || name === 'sequence_detect') positional.push(argument)
    else named.set(given, child(argument, 'Expression'))
  }
  const schema = optional(node, 'Schema') ? boundColumns(node) : null
  const work: PluginWork = { node, name, positional, named, schema, context, environment, input }
  const relation = plugin(work)
  return schema && !SHAPED_BY_SCHEMA.has(name) ? shaped(relation, work) : relation
}

/** The columns of a schema, found by name; what the relation does not have is empty. */
function shaped(relation: Relation, { schema, context }: PluginWork): Relation {
  const definitions: Definition[] = []
  const columns = schema!.map(({ name, type }) => {
    const own = findColumn(relation, name)
    if (own) return own
    const column = context.column(name, knownType(type))
    definitions.push({ column, value: empty(column.type) })
    return column
  })
  return { ...compute(relation, definitions), columns }
}

export const evaluateOperators: OperatorTable = { EvaluateOperator: evaluate }
