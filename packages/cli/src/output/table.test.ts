import { expect, test } from 'vitest'
import { displayWidth, printable, renderTable } from './table.js'

test('columns are as wide as they need, numbers stand to the right', () => {
  expect(
    renderTable(
      ['No.', 'Who'],
      [
        ['1', 'alice'],
        ['12', 'bob'],
      ],
      { columns: undefined, right: new Set([0]) },
    ),
  ).toBe('No.  Who\n───  ─────\n  1  alice\n 12  bob\n')
})

test('a narrow terminal cuts the widest column', () => {
  const text = renderTable(['A', 'B'], [['x', 'y'.repeat(50)]], { columns: 20 })
  for (const line of text.trimEnd().split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(20)
  expect(text).toContain('…')
})

test('control characters of a log never reach the terminal, in cells or in headers', () => {
  const evil = '\u001b]0;PWN\u0007\u009b2J\n\u202e'
  expect(printable(evil)).toBe('\\u001b]0;PWN\\u0007\\u009b2J\\n\\u202e')
  expect(renderTable([evil], [[evil]], { columns: undefined })).not.toMatch(/[\u001b\u0007\u009b\u202e]/)
})

test('East Asian characters take two cells', () => {
  expect(displayWidth('漢字a')).toBe(5)
})
