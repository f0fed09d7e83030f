import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LinuxAuditLogReader } from '../reader.js'
import { encodeText } from '../text.js'
import { type TypedLine, TypedLines, typedLines } from './lines.js'

const keys = (text: string) => Buffer.from(text, 'utf8')
const texts = (text: string) => typedLines(keys(text)).map((line) => line.text)
const one = (text: string): TypedLine => {
  const lines = typedLines(keys(text))
  expect(lines).toHaveLength(1)
  return lines[0]!
}

function inputsOf(name: string): { comm: string; data: Uint8Array }[] {
  const reader = new LinuxAuditLogReader({ computer: 'host' })
  reader.push(readFileSync(fileURLToPath(new URL(`../../../../content/samples/${name}`, import.meta.url))))
  const { batch } = reader.take()!
  const cell = (column: string, row: number) => batch.columns.get(column)![row] as string
  return Array.from({ length: batch.rowCount }, (_, row) => row)
    .filter((row) => cell('RecordType_s', row) === 'TTY')
    .map((row) => ({ comm: cell('comm_s', row), data: encodeText(cell('data_s', row)) }))
}

describe('typedLines', () => {
  it.each(['ssh-session-enriched.log', 'ssh-session-raw.log'])('gives what the shells of %s got', (name) => {
    const shells = inputsOf(name).filter((input) => input.comm === 'bash')
    expect(shells.map((input) => typedLines(input.data).map((line) => line.text))).toEqual([
      ['id', 'cat /etc/shadow | head -1', 'apt-get --version | head -1', 'tcpdump --version', 'exit'],
      ['netstat -tlpn', 'l -la //tmp', 'vmstat 1 1', 'sudo su -', 'lsof -p $$ | head -3', 'exit'],
      [
        'whoami',
        'sudo id',
        'curl http://127.0.0.1:9/ ; echo done',
        'touch x y; mv x z; rm y z',
        "python3 -c 'import os; print(os.getuid())'",
        'exit',
      ],
    ])
    for (const input of shells) {
      for (const line of typedLines(input.data)) expect(line).toMatchObject({ end: 'return', doubts: [] })
    }
  })

  it.each([
    ['abc\x7f\x7fx\r', 'ax'],
    ['one two three\x17\x17four\r', 'one four'],
    ['rm -rf /\x15ls\r', 'ls'],
    ['world\x01hello \x05!\r', 'hello world!'],
    ['ac\x02b\r', 'abc'],
    ['abcd\x1b[D\x1b[D\x0b\x01\x19\r', 'cdab'],
    ['abcd\x1bOD\x1b[3~\r', 'abc'],
    ['ab\x1b[Hx\x1b[Fy\r', 'xaby'],
    ['ab\x1b[1~x\x1b[4~y\r', 'xaby'],
    ['ab\x1b[7~x\x1b[8~y\r', 'xaby'],
    ['ab\x04\x02\x04\r', 'a'],
    ['foo bar\x1bb\x1bd\r', 'foo '],
    ['foo bar\x1b\x7fx\r', 'foo x'],
    ['a b c\x1b[1;5D\x1b[1;5Dx\r', 'a xb c'],
    ['ba\x14\r', 'ab'],
    ['a\x16\x03b\r', 'a\x03b'],
    ['héé\x7f漢\x7f😀\r', 'hé😀'],
    ['\x1b[200~echo 1\recho 2\x1b[201~ ;:\r', 'echo 1\necho 2 ;:'],
    ['\x1b[24;80Rls\x1b[?62;22c\x1b]11;rgb:0/0/0\x07 -l\r', 'ls -l'],
    ['\x1b[I\x1b[Ols\r', 'ls'],
  ])('replays %j', (input, text) => {
    expect(one(input)).toEqual({
      text,
      end: 'return',
      doubts: [],
      holes: [],
      cooked: false,
      from: 0,
      to: Buffer.byteLength(input),
    })
  })

  it('says how a line ended', () => {
    expect(typedLines(keys('rm -rf /\x03\x04ls'))).toMatchObject([
      { text: 'rm -rf /', end: 'interrupt', doubts: [], from: 0, to: 9 },
      { text: '', end: 'end-of-file', doubts: [], from: 9, to: 10 },
      { text: 'ls', end: 'none', doubts: [], from: 10, to: 12 },
    ])
    expect(typedLines(keys('yes\nls\r')).map(({ cooked }) => cooked)).toEqual([true, false])
  })

  it('knows the history that was typed, and says where it does not', () => {
    expect(texts('ls\rid\r\x1b[A\x1b[A -l\r\x10\x10\x0e\r')).toEqual(['ls', 'id', 'ls -l', 'ls -l'])
    expect(one('\x1b[A\r').doubts).toEqual(['history'])
    expect(texts('cat /etc/x\rvi \x1b.\r')).toEqual(['cat /etc/x', 'vi /etc/x'])
    expect(one('cat /et\tpas\t\r')).toMatchObject({
      text: 'cat /etpas',
      doubts: ['completion'],
      holes: [7, 10],
    })
    expect(one('cat /et\t\x7f\x7fx\r')).toMatchObject({ text: 'cat /etx', holes: [7] })
    expect(one('\x12ssh\r')).toMatchObject({ text: 'ssh', doubts: ['search'], holes: [0, 3] })
    expect(texts('ls a\rls b\rid\r\x12ls\r\x12l\x12\r\x12ls\x1b[D!\r\x12zz\x07id\r')).toEqual([
      'ls a',
      'ls b',
      'id',
      'ls b',
      'ls b',
      'ls !b',
      'id',
    ])
    expect(one('\x1b[A -l\r')).toMatchObject({ text: ' -l', doubts: ['history'], holes: [0] })
    expect(one('a\x18\x05\r').doubts).toEqual(['editor'])
    expect(one('a\x1b[99;99z\r').doubts).toEqual(['unknown-key'])
  })

  it('does not depend on where the input was cut', () => {
    const piece = fc.constantFrom(
      'a',
      ' ',
      'é',
      '漢',
      '\r',
      '\x7f',
      '\x17',
      '\x1b[A',
      '\x1b[D',
      '\x1b[200~',
      '\x1b[201~',
      '\x1bb',
      '\x1bOC',
      '\x1b[3~',
      '\x04',
      '\x03',
      '\x16',
      '\t',
    )
    fc.assert(
      fc.property(fc.array(piece), fc.array(fc.nat(20)), (pieces, cuts) => {
        const input = keys(pieces.join(''))
        const lines = new TypedLines()
        const cut: TypedLine[] = []
        let at = 0
        for (const size of cuts) {
          cut.push(...lines.push(input.subarray(at, at + size)))
          at += size
        }
        cut.push(...lines.push(input.subarray(at)), ...lines.end())
        expect(cut).toEqual(typedLines(input))
      }),
      { numRuns: 300, seed: 11 },
    )
  })

  it('takes any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (data) => {
        for (const line of typedLines(data)) expect(typeof line.text).toBe('string')
      }),
      { numRuns: 300, seed: 12 },
    )
  })
})
