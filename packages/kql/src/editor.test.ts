import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { completions, diagnostics, format, hover, signature, tokens } from './editor.js'
import type { DatabaseSchema } from './schema.js'

const schema: DatabaseSchema = {
  name: 'db',
  tables: [
    {
      name: 'Syslog',
      columns: [
        { name: 'TimeGenerated', type: 'datetime' },
        { name: 'Computer', type: 'string', docstring: 'The host' },
        { name: 'ProcessID', type: 'int' },
      ],
    },
  ],
  functions: [{ name: 'Logins', parameters: '(host:string)', body: 'Syslog | where Computer == host' }],
}

/** The text without its mark, and where the mark stood. */
const at = (marked: string): [string, number] => [marked.replace('¦', ''), marked.indexOf('¦')]
const offered = (marked: string) => completions(...at(marked), schema).items
const labels = (marked: string) => offered(marked).map(({ match }) => match)

describe('completions', () => {
  it('offer tables and stored functions at the start', () => {
    expect(labels('¦')).toEqual(expect.arrayContaining(['Syslog', 'Logins', 'let']))
  })

  it('offer the operators that are supported, each with its page', () => {
    const items = offered('Syslog | ¦')
    const where = items.find(({ match }) => match === 'where')
    expect(where).toMatchObject({ kind: 'operator', before: 'where ' })
    expect(where?.documentation).toBe('https://learn.microsoft.com/kusto/query/where-operator')
    expect(items.map(({ match }) => match)).not.toContain('fork')
  })

  it('offer columns before functions, and no function that is refused', () => {
    const items = offered('Syslog | where ¦')
    expect(items[0]).toMatchObject({ kind: 'column', match: 'Computer' })
    const names = items.map(({ match }) => match)
    expect(names).toContain('strcat')
    expect(names).not.toContain('extent_id')
  })

  it('offer aggregates in summarize and plugins after evaluate', () => {
    expect(offered('Syslog | summarize ¦').find(({ match }) => match === 'dcount')?.kind).toBe('aggregate')
    const plugins = offered('Syslog | evaluate ¦')
    expect(plugins.find(({ match }) => match === 'bag_unpack')?.kind).toBe('plugin')
    expect(plugins.map(({ match }) => match)).not.toContain('http_request')
  })

  it('say which letters they replace', () => {
    const [text, position] = at('Syslog | where Comp¦')
    expect(completions(text, position, schema)).toMatchObject({ start: 15, length: 4 })
  })
})

describe('hover', () => {
  it('shows the type and the description of a column', () => {
    expect(hover(...at('Syslog | where Comp¦uter == "a"'), schema)).toEqual({
      start: 15,
      length: 8,
      title: 'Computer: string',
      text: 'The host',
    })
  })

  it('shows a function with its page', () => {
    const shown = hover(...at('Syslog | extend x = str¦cat(Computer, "x")'), schema)
    expect(shown?.title).toBe('strcat(arg, ...): string')
    expect(shown?.documentation).toBe('https://learn.microsoft.com/kusto/query/strcat-function')
  })

  it('shows operators, and why one is refused', () => {
    expect(hover(...at('Syslog | mv-exp¦and x'), schema)).toMatchObject({
      title: 'mv-expand',
      documentation: 'https://learn.microsoft.com/kusto/query/mv-expand-operator',
    })
    expect(hover(...at('Syslog | fo¦rk (count)'), schema)?.text).toMatch(/^Not supported here: it /)
  })

  it('shows nothing on a number', () => {
    expect(hover(...at('Syslog | where ProcessID > 1¦0'), schema)).toBeNull()
  })
})

describe('signature', () => {
  it('names the parameters and the argument at hand', () => {
    const shown = signature(...at('Syslog | extend x = substring(Computer, 1¦)'), schema)
    expect(shown).toMatchObject({ name: 'substring', argument: 1 })
    expect(shown?.overloads[0]?.label).toMatch(/^substring\(/)
  })

  it('is there while the bracket is open', () => {
    expect(signature(...at('Syslog | where strcat(Computer, ¦'), schema)).toMatchObject({
      name: 'strcat',
      argument: 1,
    })
    expect(signature(...at('Syslog | where strcat(Computer, "x") == ¦"y"'), schema)).toBeNull()
  })

  it('is that of the innermost call, stored functions included', () => {
    expect(signature(...at('print bin(now(1h¦), 1h)'), schema)?.name).toBe('now')
    expect(signature(...at('Logins(¦)'), schema)?.overloads[0]?.label).toBe('Logins(host: string)')
  })
})

describe('the rest', () => {
  it('diagnostics are those of the compiler', () => {
    const found = diagnostics('Syslog | where Compuer == "a"', { schema, now: 0n })
    expect(found).toMatchObject([
      { code: 'KS142', line: 1, column: 16, suggestion: 'did you mean Computer?' },
    ])
    expect(diagnostics('Syslog | take 5', { schema, now: 0n })).toEqual([])
    expect(diagnostics('  ', { schema, now: 0n })).toEqual([])
  })

  it('a text is laid out an operator a line', () => {
    expect(format('Syslog|where ProcessID>1|summarize count() by Computer', schema)).toBe(
      'Syslog\n| where ProcessID > 1\n| summarize count() by Computer',
    )
  })

  it('tokens cover what is no blank, in order', () => {
    const text = 'Syslog // all\n| where Computer == "a" and ProcessID > 1'
    const found = tokens(text, schema)
    const of = (piece: string) => found.find(({ start }) => start === text.indexOf(piece))?.kind
    expect(['Syslog', '// all', 'where', 'Computer', '"a"', '1'].map(of)).toEqual([
      'table',
      'comment',
      'queryOperator',
      'column',
      'string',
      'literal',
    ])
    let end = 0
    for (const { start, length } of found) {
      expect(text.slice(end, start).trim()).toBe('')
      end = start + length
    }
  })

  it('no text and no place makes them throw', () => {
    const piece = fc.constantFrom(
      ...[
        'Syslog',
        ' | ',
        'where ',
        'Computer',
        ' == ',
        '"a',
        '"',
        '(',
        ')',
        'strcat(',
        ',',
        'let x = ',
        ';',
        '\n',
      ],
      ...[
        'summarize ',
        'by ',
        'evaluate ',
        'fork ',
        '{',
        '[',
        '|',
        '$left',
        '//',
        'mv-expand ',
        '1h',
        '.',
        ' ',
      ],
    )
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.integer({ min: -2, max: 80 }),
        (pieces, position) => {
          const text = pieces.join('')
          completions(text, position, schema)
          hover(text, position, schema)
          signature(text, position, schema)
          diagnostics(text, { schema, now: 0n })
          format(text, schema)
          tokens(text, schema)
        },
      ),
      { numRuns: 60 },
    )
  })
})
