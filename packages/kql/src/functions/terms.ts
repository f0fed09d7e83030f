/**
 * The string operators: equality without case, substrings, and terms.
 *
 * A term is a maximal run of letters and digits. `has` finds its needle where no letter or digit stands next to an end
 * of it that is a letter or digit itself, so `has "/etc/passwd"` needs a boundary at its right end only.
 */
import type { ScalarFunction, ScalarFunctionTable, Sql, TemplateContext } from './function.js'

const BOUNDARY_BEFORE = '(?:^|[^\\p{L}\\p{N}])'
const BOUNDARY_AFTER = '(?:$|[^\\p{L}\\p{N}])'
const ALPHANUMERIC = /[\p{L}\p{N}]/u

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

interface TermShape {
  readonly caseSensitive: boolean
  /** Must a term begin where the needle begins, end where it ends? */
  readonly begins: boolean
  readonly ends: boolean
}

function termPattern(needle: string, { begins, ends }: TermShape): string {
  const characters = [...needle]
  const before = begins && ALPHANUMERIC.test(characters[0] ?? '') ? BOUNDARY_BEFORE : ''
  const after = ends && ALPHANUMERIC.test(characters.at(-1) ?? '') ? BOUNDARY_AFTER : ''
  return `${before}${escapeRegex(needle)}${after}`
}

function flags({ caseSensitive }: TermShape): string {
  return caseSensitive ? '(?s)' : '(?is)'
}

function hasTerm(shape: TermShape): (args: readonly Sql[], context: TemplateContext) => string {
  return ([text, needle], { quote }) => {
    if (typeof needle!.constant === 'string') {
      if (needle!.constant === '') return 'true'
      const matches = `regexp_matches(${text!.bare}, ${quote(flags(shape) + termPattern(needle!.constant, shape))})`
      // Most texts do not hold the needle at all, and that is seen at half the cost.
      return isCheap(text!) ? `(${holds(text!, needle!.constant, shape, quote)} AND ${matches})` : matches
    }
    const pattern = `kql_term_pattern(${needle!.bare}, ${shape.begins}, ${shape.ends})`
    return `regexp_matches(${text!.bare}, '${flags(shape)}' || ${pattern})`
  }
}

/** A column may be looked at twice. */
function isCheap({ bare }: Sql): boolean {
  return /^[\w".]+$/.test(bare)
}

function holds(
  text: Sql,
  needle: string,
  { caseSensitive }: TermShape,
  quote: (text: string) => string,
): string {
  return caseSensitive
    ? `contains(${text.bare}, ${quote(needle)})`
    : `contains(lower(${text.bare}), ${quote(needle.toLowerCase())})`
}

function term(doc: string, shape: TermShape): ScalarFunction {
  return { doc, parameters: ['string', 'string'], returns: 'bool', duckdb: hasTerm(shape) }
}

const WHOLE: TermShape = { caseSensitive: false, begins: true, ends: true }

/** has_any and has_all over literals are one regular expression each or several. */
function hasList(joiner: 'AND' | 'OR'): (args: readonly Sql[], context: TemplateContext) => string {
  return ([text, ...needles], context) => {
    if (needles.length === 0) return joiner === 'OR' ? 'false' : 'true'
    const constants = needles.map((needle) => needle.constant)
    if (joiner === 'OR' && constants.every((needle) => typeof needle === 'string' && needle !== '')) {
      const patterns = constants.map((needle) => termPattern(String(needle), WHOLE))
      return `regexp_matches(${text!.bare}, ${context.quote(flags(WHOLE) + patterns.join('|'))})`
    }
    return `(${needles.map((needle) => hasTerm(WHOLE)([text!, needle], context)).join(` ${joiner} `)})`
  }
}

function ignoringCase(template: string): ScalarFunction['duckdb'] {
  return ([text, needle], { quote }) => {
    const folded =
      typeof needle!.constant === 'string' ? quote(needle!.constant.toLowerCase()) : `lower(${needle!.bare})`
    return template.replace('$0', () => `lower(${text!.bare})`).replace('$1', () => folded)
  }
}

function substring(doc: string, duckdb: ScalarFunction['duckdb']): ScalarFunction {
  return { doc, parameters: ['string', 'string'], returns: 'bool', duckdb }
}

function inIgnoringCase([value, ...list]: readonly Sql[], { quote }: TemplateContext): string {
  if (list.length === 0) return 'false'
  const items = list.map((item) =>
    typeof item.constant === 'string' ? quote(item.constant.toLowerCase()) : `lower(${item.bare})`,
  )
  return `lower(${value!.bare}) IN (${items.join(', ')})`
}

export const termFunctions: ScalarFunctionTable = {
  '=~': {
    doc: 'equals-operator',
    parameters: ['string', 'string'],
    returns: 'bool',
    binds: 4,
    duckdb: ignoringCase('$0 = $1'),
  },
  'in~': { doc: 'in-operator', parameters: ['...string'], returns: 'bool', binds: 4, duckdb: inIgnoringCase },
  contains: substring('contains-operator', ignoringCase('contains($0, $1)')),
  contains_cs: substring('contains-cs-operator', 'contains($0, $1)'),
  startswith: substring('startswith-operator', ignoringCase('starts_with($0, $1)')),
  startswith_cs: substring('startswith-cs-operator', 'starts_with($0, $1)'),
  endswith: substring('endswith-operator', ignoringCase('ends_with($0, $1)')),
  endswith_cs: substring('endswith-cs-operator', 'ends_with($0, $1)'),
  has: term('has-operator', WHOLE),
  has_cs: term('has-cs-operator', { ...WHOLE, caseSensitive: true }),
  hasprefix: term('hasprefix-operator', { caseSensitive: false, begins: true, ends: false }),
  hasprefix_cs: term('hasprefix-cs-operator', { caseSensitive: true, begins: true, ends: false }),
  hassuffix: term('hassuffix-operator', { caseSensitive: false, begins: false, ends: true }),
  hassuffix_cs: term('hassuffix-cs-operator', { caseSensitive: true, begins: false, ends: true }),
  has_any: { doc: 'has-any-operator', parameters: ['...string'], returns: 'bool', duckdb: hasList('OR') },
  has_all: { doc: 'has-all-operator', parameters: ['...string'], returns: 'bool', duckdb: hasList('AND') },
  'matches regex': {
    doc: 'matches-regex-operator',
    parameters: ['string', 'string'],
    returns: 'bool',
    duckdb: 'regexp_matches($0, $1)',
  },
  // The same against an array that is only known at run time.
  'in-dynamic': {
    doc: 'in-cs-operator',
    nullable: 'never',
    duckdb: ([value, array], { json }) =>
      `coalesce(list_contains(kql_strings(${array!.bare}), ${value!.type === 'string' ? value!.bare : `json_extract_string(${json(value!)}, '$')`}), false)`,
  },
  'in~-dynamic': {
    doc: 'in-operator',
    nullable: 'never',
    duckdb: 'coalesce(list_contains(list_transform(kql_strings($1), lambda s: lower(s)), lower($0)), false)',
  },
  'has_any-dynamic': {
    doc: 'has-any-operator',
    nullable: 'never',
    duckdb: 'kql_has_any($0, kql_strings($1))',
  },
  'has_all-dynamic': {
    doc: 'has-all-operator',
    nullable: 'never',
    duckdb: 'kql_has_all($0, kql_strings($1))',
  },
}
