import { describe, expect, it } from 'vitest'
import { compile, type DatabaseSchema, formatDiagnostics, KqlError } from './index.js'

const schema: DatabaseSchema = {
  name: 'db',
  tables: [
    {
      name: 'LinuxAuditLog_CL',
      columns: [
        { name: 'Computer', type: 'string' },
        { name: 'pid', type: 'long' },
      ],
    },
  ],
}

function errorsOf(text: string): string {
  try {
    compile(text, { schema, now: 0n })
  } catch (error) {
    if (error instanceof KqlError) return formatDiagnostics(text, error.diagnostics)
    throw error
  }
  return ''
}

describe('errors', () => {
  it('show the place, what was expected, and what was meant', () => {
    expect(errorsOf('LinuxAuditLog_CL | wehre pid > 1')).toBe(
      [
        'error KS176 at line 1, column 20: Query operator expected.',
        '1 | LinuxAuditLog_CL | wehre pid > 1',
        '                       ^^^^^',
        '  did you mean where?',
      ].join('\n'),
    )
  })

  it.each([
    ['LinuxAuditLog_CL | where computer == "x"', 'did you mean Computer?'],
    ['LinuxAuditLogs_CL | take 1', 'did you mean LinuxAuditLog_CL?'],
    ['LinuxAuditLog_CL | extend n = strlne(Computer)', 'did you mean strlen?'],
    ['LinuxAuditLog_CL | where Computer = "x"', 'to compare, write == instead of ='],
  ])('suggest: %s', (text, suggestion) => {
    expect(errorsOf(text)).toContain(suggestion)
  })

  it('come all at once, in order', () => {
    const text = 'LinuxAuditLog_CL\n| where nope == 1\n| extend x = alsonope'
    const lines = errorsOf(text).split('\n')
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([
      expect.stringContaining("line 2, column 9: The name 'nope'"),
      expect.stringContaining("line 3, column 14: The name 'alsonope'"),
    ])
  })

  it('name what is not supported and its page, and point at the call in a function', () => {
    const text = 'let f = (x:long) { LinuxAuditLog_CL | reduce by Computer };\nf(1)'
    expect(errorsOf(text)).toMatch(
      /AUX100 at line 2, column 1: The operator 'reduce'.*\n.*\n.*\n {2}see https:.*reduce-operator/,
    )
  })

  it('refuse management commands and queries without a result', () => {
    expect(errorsOf('.show tables')).toContain('AUX003')
    expect(errorsOf('let x = 1;')).not.toBe('')
  })
})
