import { compile } from '@auspex/kql'
import { expect, test } from 'vitest'
import { FunctionFileError, readFunctions } from './read.js'

test('functions are read with their parameters, and can be called', () => {
  const functions = readFunctions(
    `// Ours.
.create-or-alter function with (docstring = 'It\\'s (one)', folder = "x") One(a:string = "}", n:long = 1) {
  // a } in a comment
  T | where s == a or s == @"\\" or n == 1 // {
}

.create function ifnotexists Two() { One("x") | count }
`,
    'f.kql',
  )
  expect(functions.map(({ name, parameters, docstring }) => [name, parameters, docstring])).toEqual([
    ['One', '(a:string = "}", n:long = 1)', "It's (one)"],
    ['Two', '()', undefined],
  ])
  const tables = [{ name: 'T', columns: [{ name: 's', type: 'string' as const }] }]
  const compiled = compile('Two()', { schema: { name: 'test', tables, functions }, now: 0n })
  expect(compiled.tables).toEqual(['T'])
})

test.each([
  ['T | count', /^f\.kql:1:1: expected \.create-or-alter function/],
  ['.create function A( { 1 }', /^f\.kql:1:19: the \( of the parameters is not closed/],
  ['.create function A()\n{ "x }', /^f\.kql:2:3: the text is not closed/],
  ['.create function A() 1', /^f\.kql:1:22: expected \{ of the body/],
])('%j is refused with its place', (text, message) => {
  expect(() => readFunctions(text, 'f.kql')).toThrow(FunctionFileError)
  expect(() => readFunctions(text, 'f.kql')).toThrow(message)
})
