import { expect, test } from 'vitest'
import { fromLine, lineReader, toLine } from './protocol.js'

test('64-bit integers and maps come through, text that looks like a mark does not become one', () => {
  const options = {
    schema: { name: 'd', tables: [] },
    now: 2n ** 62n,
    answers: new Map([['k', ['a', null]]]),
  }
  const request = { id: 1, text: 'print d = dynamic({"$long":"5"})\n', options }
  const line = toLine(request)
  expect(line.indexOf('\n')).toBe(line.length - 1)
  expect(fromLine(line)).toEqual(request)
})

test('lines are put together wherever they were cut', () => {
  const lines: string[] = []
  const read = lineReader((line) => lines.push(line))
  for (const piece of ['a', 'b\nc', '', 'd', '\n\ne\n', 'f']) read(piece)
  expect(lines).toEqual(['ab', 'cd', '', 'e'])
})
