import { describe, expect, it } from 'vitest'
import type { DatabaseSchema } from '../schema.js'
import { bind } from './bind.js'
import { child, nodes, token, walk } from './tree.js'

/** The constructors behind the adapter are numbered anew in each version of the package; this notices. */
const schema: DatabaseSchema = {
  name: 'db',
  tables: [
    {
      name: 'T',
      columns: (
        [
          'bool',
          'datetime',
          'dynamic',
          'int',
          'long',
          'real',
          'string',
          'guid',
          'decimal',
          'timespan',
        ] as const
      ).map((type) => ({ name: `c_${type}`, type })),
    },
  ],
  functions: [{ name: 'F', parameters: '(x:long=3, s:string="q")', body: 'T | where c_long > x' }],
}

describe('the language service', () => {
  it('knows tables and columns with the types they were given', () => {
    const { result, diagnostics, hasSemantics } = bind('T', schema)
    expect(diagnostics).toEqual([])
    expect(hasSemantics).toBe(true)
    expect(result).toEqual({
      kind: 'table',
      open: false,
      columns: schema.tables[0]!.columns.map(({ name, type }) => ({ name, type })),
    })
  })

  it('binds a stored function at its call, defaults included', () => {
    const { root, diagnostics } = bind('F(5)', schema)
    expect(diagnostics).toEqual([])
    const call = [...walk(root)].find(({ kind }) => kind === 'FunctionCallExpression')!
    expect(call.parameters.map(({ name, type }) => [name, type])).toEqual([
      ['x', 'long'],
      ['s', 'string'],
    ])
    expect(call.parameters[0]!.defaultValue?.literal).toBe('3')
    expect(call.body?.()?.kind).toBe('FunctionBody')
  })

  it('gives operators, tokens and literals by their names', () => {
    const { root } = bind('T | where c_string has "a\\tb" | take 5', schema)
    const has = [...walk(root)].find(({ kind }) => kind === 'HasExpression')!
    expect(token(has, 'Operator')).toBe('has')
    expect(child(has, 'Left').symbol).toEqual({ kind: 'Column', name: 'c_string' })
    expect(child(has, 'Right').literal).toBe('a\tb')
    expect(nodes(root, 'Statements')).toHaveLength(1)
  })

  it('says what is wrong and where', () => {
    expect(bind('T | where nope == 1', schema).diagnostics).toMatchObject([
      { code: 'KS142', severity: 'error', start: 10, length: 4 },
    ])
  })
})
