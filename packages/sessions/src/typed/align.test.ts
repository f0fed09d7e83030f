import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { align, OPAQUE_SCORE, type StartedProgram, type TypedCommand } from './align.js'
import { expectationsOf, ShellKnowledge } from './expect.js'

function typed(...lines: string[]): TypedCommand[] {
  const knowledge = new ShellKnowledge()
  const commands: TypedCommand[] = []
  for (const line of lines) {
    const base = commands.length
    for (const expectation of expectationsOf(line, knowledge)) {
      if (expectation.loopFrom !== undefined) expectation.loopFrom += base
      commands.push({ expectation, from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY })
    }
    knowledge.learn(line)
  }
  return commands
}

const ran = (...lines: string[]): StartedProgram[] =>
  lines.map((line, time) => ({
    time,
    arguments: line.split(' '),
    executable: `/usr/bin/${line.split(' ')[0]}`,
  }))

const pairs = (commands: TypedCommand[], programs: StartedProgram[]) =>
  align(commands, programs).map(({ typed: i, started }) => [
    commands[i]!.expectation.name ?? '?',
    programs[started]!.arguments.join(' '),
  ])

describe('align', () => {
  it('ties commands to programs in their order, over what was not typed and what did not run', () => {
    expect(
      pairs(typed('ls', 'lsx -l', 'cat a | wc -l'), ran('id -u', 'ls', 'cat a', 'wc -l', 'clear_console -q')),
    ).toEqual([
      ['ls', 'ls'],
      ['cat', 'cat a'],
      ['wc', 'wc -l'],
    ])
  })

  it('knows variables, globs, aliases, interpreters and commands of another name', () => {
    expect(
      pairs(
        typed('rm *.txt', 'lsof -p $$', 'ls -la', './run x', 'k get pods'),
        ran('rm a.txt b.txt', 'lsof -p 77', 'ls --color=auto -la', '/bin/sh ./run x', 'kubectl get pods'),
      ),
    ).toEqual([
      ['rm', 'rm a.txt b.txt'],
      ['lsof', 'lsof -p 77'],
      ['ls', 'ls --color=auto -la'],
      ['run', '/bin/sh ./run x'],
      ['k', 'kubectl get pods'],
    ])
  })

  it('goes through a loop as often as it ran', () => {
    const programs = ran('gzip a', 'stat a.gz', 'gzip b', 'stat b.gz', 'gzip c', 'stat c.gz', 'date')
    expect(pairs(typed('for f in a b c; do gzip $f; stat $f.gz; done', 'date'), programs)).toHaveLength(7)
  })

  it('gives a function what runs while it may, and no more', () => {
    const commands = typed('f() { du -s $1; }', 'f x', 'date')
    const found = align(commands, ran('du -s x', 'date'))
    expect(found.map(({ score }) => score)).toEqual([0.9, 1])
    const unknown = align(typed('. ./setup', 'date'), ran('du -s x', 'date'))
    expect(unknown.map(({ score }) => score)).toEqual([OPAQUE_SCORE, 1])
  })

  it('does not take one call for another', () => {
    expect(pairs(typed('ls /etc'), ran('ls /root'))).toEqual([])
    expect(pairs(typed('systemctl status a'), ran('systemctl stop b'))).toEqual([])
  })

  it('keeps to the span of time in which a line can have been entered', () => {
    const [first, second] = typed('ls', 'ls')
    const commands = [
      { ...first!, to: 5 },
      { ...second!, from: 5 },
    ]
    const program = { time: 9, arguments: ['ls'], executable: '/usr/bin/ls' }
    expect(align(commands, [program])).toEqual([{ typed: 1, started: 0, score: 1 }])
  })

  it('aligns what is too large for one table in pieces', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => `cmd${i}`)
    expect(align(typed(...lines), ran(...lines))).toHaveLength(3000)
  })

  it('never pairs a program twice, nor out of order', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'for i in 1 2; do a; b; done', 'cd /', 'b | c', 'a && c')
    const program = fc.constantFrom('a', 'b', 'c', 'd')
    fc.assert(
      fc.property(
        fc.array(word, { maxLength: 12 }),
        fc.array(program, { maxLength: 20 }),
        (lines, programs) => {
          const found = align(typed(...lines), ran(...programs))
          for (const [i, pair] of found.entries()) {
            if (i > 0) expect(pair.started).toBeGreaterThan(found[i - 1]!.started)
          }
        },
      ),
      { numRuns: 500, seed: 3 },
    )
  })
})
