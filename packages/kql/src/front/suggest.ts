/** Guesses what a misspelt name was meant to be. */

import { aggregates } from '../functions/aggregates.js'
import { scalarFamilies } from '../functions/tables.js'
import type { DatabaseSchema } from '../schema.js'
import type { RawDiagnostic } from './bind.js'
import { type Node, walk } from './tree.js'

export const OPERATOR_NAMES = [
  'as',
  'consume',
  'count',
  'distinct',
  'evaluate',
  'extend',
  'facet',
  'find',
  'fork',
  'getschema',
  'invoke',
  'join',
  'limit',
  'lookup',
  'make-series',
  'mv-apply',
  'mv-expand',
  'order',
  'parse',
  'parse-kv',
  'parse-where',
  'partition',
  'project',
  'project-away',
  'project-keep',
  'project-rename',
  'project-reorder',
  'reduce',
  'render',
  'sample',
  'sample-distinct',
  'scan',
  'search',
  'serialize',
  'sort',
  'summarize',
  'take',
  'top',
  'top-hitters',
  'top-nested',
  'union',
  'where',
] as const

/** Letters to change, add, drop or swap to get from one text to the other (optimal string alignment). */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const lower = name.toLowerCase()
  let best: string | undefined
  let least = Math.max(1, Math.floor(name.length / 3)) + 0.5
  for (const candidate of candidates) {
    if (candidate === name || candidate.startsWith('$')) continue
    const d = candidate.toLowerCase() === lower ? 0.1 : distance(lower, candidate.toLowerCase())
    if (d < least) {
      best = candidate
      least = d
    }
  }
  return best
}

function* functionNames(): Generator<string> {
  for (const family of Object.values(scalarFamilies)) yield* Object.keys(family)
  yield* Object.keys(aggregates)
}

function* columnNames(root: Node, schema: DatabaseSchema): Generator<string> {
  for (const node of walk(root)) {
    if (node.type?.kind === 'table') for (const column of node.type.columns) yield column.name
    if (node.kind === 'NameDeclaration' && node.name) yield node.name
  }
  for (const table of schema.tables) yield table.name
}

/** A question with the likeliest name, or what is expected here; undefined if nothing comes near. */
export function suggestionFor(
  diagnostic: RawDiagnostic,
  text: string,
  root: Node,
  schema: DatabaseSchema,
): string | undefined {
  const written = text.slice(diagnostic.start, diagnostic.start + diagnostic.length)
  const ask = (name: string | undefined) => (name ? `did you mean ${name}?` : undefined)
  switch (diagnostic.code) {
    case 'KS176':
      return (
        ask(nearest(written.trim(), OPERATOR_NAMES)) ??
        'an operator such as where, extend, project, summarize or join goes here'
      )
    case 'KS204':
      return ask(
        nearest(written, [
          ...schema.tables.map((t) => t.name),
          ...(schema.functions ?? []).map((f) => f.name),
        ]),
      )
    case 'KS211':
      return ask(nearest(written, functionNames()))
    case 'KS142':
      return ask(nearest(written, columnNames(root, schema)))
    case 'KS141':
      return /^[^=<>!]*[^=<>!~]=[^=~]/.test(written) ? 'to compare, write == instead of =' : undefined
    default:
      return undefined
  }
}
