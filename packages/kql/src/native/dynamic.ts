/** What dynamic values look like: the paths in one, the schema of many. */
import { type NativeFunction, native, strict } from './native.js'

/** `["['a']", "['a'][0]"]`: an array counts as one step, whichever element. */
function treePath(json: string): string | null {
  const paths = new Set<string>()
  const visit = (value: unknown, path: string): void => {
    if (path !== '') paths.add(path)
    if (Array.isArray(value)) for (const element of value) visit(element, `${path}[0]`)
    else if (value !== null && typeof value === 'object') {
      for (const [key, inner] of Object.entries(value)) visit(inner, `${path}['${key}']`)
    }
  }
  const value = JSON.parse(json) as unknown
  if (value === null || typeof value !== 'object') return null
  visit(value, '')
  return JSON.stringify([...paths])
}

/** All forms that a value takes, in the order in which they are met. */
interface Schema {
  readonly forms: ('bag' | string)[]
  readonly slots: Map<string, Schema>
}

const INDEXER = '`indexer`'
const newSchema = (): Schema => ({ forms: [], slots: new Map() })

function learn(schema: Schema, value: unknown, text: string): void {
  if (value === null || value === undefined) return
  const form = typeof value === 'object' ? 'bag' : formOf(value, text)
  if (!schema.forms.includes(form)) schema.forms.push(form)
  if (typeof value !== 'object') return
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((element) => [INDEXER, element])
    : Object.entries(value)
  for (const [key, inner] of entries) {
    const slot = schema.slots.get(key) ?? newSchema()
    schema.slots.set(key, slot)
    learn(slot, inner, typeof inner === 'object' ? '' : String(inner))
  }
}

function formOf(value: unknown, text: string): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return /^-?\d+$/.test(text) ? 'long' : 'double'
  return 'string'
}

function written({ forms, slots }: Schema): unknown {
  const parts = forms.map((form) =>
    form === 'bag' ? Object.fromEntries([...slots].map(([key, slot]) => [key, written(slot)])) : form,
  )
  return parts.length === 1 ? parts[0] : parts
}

/** Numbers with a point stay apart from those without one, which JSON.parse would not tell. */
const POINTED = /(?<=[:[,\s]|^)(-?\d+\.0+)(?=[\],}\s]|$)/g

function buildSchema(values: readonly (string | null)[] | null): string {
  const schema = newSchema()
  for (const json of values ?? []) {
    if (json === null) continue
    learn(schema, JSON.parse(json.includes('.0') ? withoutWholeReals(json) : json), json)
  }
  return JSON.stringify(written(schema))
}

/** 3.0 as 3.5, whose form is the same; texts are left alone. */
function withoutWholeReals(json: string): string {
  return json
    .split(/("(?:[^"\\]|\\.)*")/)
    .map((piece, i) => (i % 2 === 1 ? piece : piece.replace(POINTED, '0.5')))
    .join('')
}

export const dynamicNatives: readonly NativeFunction[] = [
  strict('kql_tree_path', ['json'], 'json', treePath),
  native('kql_build_schema', ['json[]'], 'json', buildSchema),
]
