/**
 * XML as a dynamic: an element is a slot by its name, attributes are slots with `@` before their names, text beside
 * either is in `#text`; elements of one name become an array; an element without anything is null.
 */
import { SaxesParser } from 'saxes'
import { type NativeFunction, strict } from './native.js'

/** What Kusto takes. */
const MAX_LENGTH = 1 << 20
const MAX_DEPTH = 200

interface Element {
  readonly name: string
  readonly slots: Map<string, unknown[]>
  text: string
}

function elementValue({ slots, text }: Element): unknown {
  const trimmed = text.trim()
  if (slots.size === 0) return trimmed === '' ? null : trimmed
  const entries = [...slots].map(([name, values]): [string, unknown] => [
    name,
    values.length === 1 ? values[0] : values,
  ])
  return Object.fromEntries(trimmed === '' ? entries : [['#text', trimmed], ...entries])
}

function parseXml(text: string): string | null {
  if (text.length > MAX_LENGTH) return null
  const root: Element = { name: '', slots: new Map(), text: '' }
  const open: Element[] = [root]
  const parser = new SaxesParser()
  let failed = false
  parser.on('error', () => {
    failed = true
  })
  parser.on('opentag', ({ name, attributes }) => {
    const slots = Object.entries(attributes).map(([key, value]): [string, unknown[]] => [`@${key}`, [value]])
    open.push({ name, slots: new Map(slots), text: '' })
    if (open.length > MAX_DEPTH) failed = true
  })
  parser.on('closetag', () => {
    const element = open.pop()!
    const { slots } = open.at(-1) ?? root
    slots.set(element.name, [...(slots.get(element.name) ?? []), elementValue(element)])
  })
  const addText = (piece: string) => {
    open.at(-1)!.text += piece
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  try {
    parser.write(text).close()
  } catch {
    return null
  }
  return failed || root.slots.size === 0 ? null : JSON.stringify(elementValue({ ...root, text: '' }))
}

export const xmlNatives: readonly NativeFunction[] = [strict('kql_parse_xml', ['text'], 'json', parseXml)]
