import { expect, test } from 'vitest'
import { operatorsOf, withoutLiterals } from './operators.js'

test('operators after a pipe and at the head of a pipeline, aliases under one name', () => {
  const query = 'let T = datatable(x:long)[1];\nT | mvexpand x | order by x | project-away y | limit 1'
  expect(operatorsOf(query)).toEqual(['datatable', 'let', 'mv-expand', 'project-away', 'sort', 'take'])
  expect(operatorsOf('range x from 1 to 3 step 1')).toEqual(['range'])
  expect(operatorsOf('print range(1, 3)')).toEqual(['print'])
  expect(operatorsOf('let U = union A, B; U | union (print 1)')).toEqual(['let', 'print', 'union'])
})

test('what stands in strings and comments is no operator', () => {
  expect(operatorsOf(`print 'a | where b', "| take 1", @'\\' // | count`)).toEqual(['print'])
  expect(withoutLiterals(`print a = 'x\\'y', b = @"c:\\" // z`)).toBe('print a = "", b = ""')
})
