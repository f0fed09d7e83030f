/**
 * The cases of a folder: docs.jsonl (examples of Microsoft's KQL reference) and kusto-loco.jsonl (tests of that
 * project), one JSON object a line; and which of them can be held against an engine.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DocsCase {
  readonly source: 'docs'
  readonly id: string
  readonly page: string
  readonly group: string
  readonly query: string
  /** What the page's "Run the query" link holds, where that is another text. */
  readonly link_query?: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Names and types as Microsoft's binder says; null where the binder does not know. */
  readonly official_columns: readonly (readonly [name: string, type: string])[] | null
  readonly header_differs?: boolean
  /** What the binder says against the page's text, each beginning with its code. */
  readonly errors?: readonly string[]
  readonly ordered: boolean
  readonly order_by: string
  readonly sort_keys?: readonly string[]
  readonly usable: boolean
}

export interface LocoCase {
  readonly source: 'kusto-loco'
  readonly id: string
  readonly query: string
  readonly view: View
  readonly sep?: string
  readonly checks: readonly Check[]
  readonly columns?: readonly string[]
  readonly types?: readonly string[]
  readonly rows?: readonly (readonly string[])[]
  readonly ordered: boolean
  readonly sort_keys?: readonly string[]
  readonly skip?: string
  readonly nonstandard?: readonly string[]
  readonly culture?: boolean
}

export type View =
  | 'table'
  | 'last_row'
  | 'last_row_squashed'
  | 'rows'
  | 'rows_squashed'
  | 'row_count'
  | 'column_count'
  | 'error'

export interface Check {
  readonly op:
    | 'equals'
    | 'not_equals'
    | 'contains'
    | 'not_contains'
    | 'contains_any'
    | 'starts_with'
    | 'between'
    | 'not_null'
  readonly value: string | number | readonly (string | number)[] | null
}

export type Case = DocsCase | LocoCase

const FILES = { docs: 'docs.jsonl', 'kusto-loco': 'kusto-loco.jsonl' } as const

/** A folder may hold either file or both. */
export function readCases(folder: string): Case[] {
  return Object.entries(FILES).flatMap(([source, file]) => {
    const path = join(folder, file)
    if (!existsSync(path)) return []
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => ({ ...JSON.parse(line), source }) as Case)
  })
}

/** Self-contained, whole and of the language: what an engine can be held to. */
export function isUsable(candidate: Case): boolean {
  if (candidate.source === 'docs') return candidate.usable
  return !candidate.skip && !candidate.culture && !candidate.nonstandard?.length
}

/** The page of the reference, or the test class. */
export function pageOf(candidate: Case): string {
  return candidate.source === 'docs' ? candidate.page : (candidate.id.split('.')[0] ?? candidate.id)
}

/** The headline is the language itself; the others are counted on lines of their own. */
export type Area = 'language' | 'geo' | 'graph' | 'plugins'

export function areaOf(candidate: Case): Area {
  const group = candidate.source === 'docs' ? candidate.group : ''
  if (group === 'Geospatial' || /\bgeo_\w+\s*\(/.test(candidate.query)) return 'geo'
  if (group === 'Graph' || /\|\s*(?:make-graph|graph-)|\bgraph\s*\(/.test(candidate.query)) return 'graph'
  if (group === 'Plugins' || /\|\s*evaluate\b/.test(candidate.query)) return 'plugins'
  return 'language'
}
