import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseShellLine } from './parse.js'
import { assignment, knownText, type ShellWord } from './words.js'

const shown = (word: ShellWord) => word.pieces.map((piece) => piece.text ?? '…').join('')

/** The commands of a line: words parted by blanks, `…` for what the line does not say; `?` may be passed over,
 * `*` in a loop, `f` in a function; pipelines parted by `;`, their commands by `|`. */
function outline(text: string): string {
  let result = ''
  let before: number | undefined
  for (const command of parseShellLine(text).commands) {
    if (before !== undefined) result += command.pipeline === before ? ' | ' : ' ; '
    before = command.pipeline
    const flags = `${command.conditional ? '?' : ''}${command.repeated ? '*' : ''}${command.defined ? 'f' : ''}`
    result += [
      ...(flags === '' ? [] : [flags]),
      ...command.assignments.map((word) => `${assignment(word)!.name}=`),
      ...command.words.map(shown),
      ...command.redirections.map(({ operator, target }) => operator + (target ? shown(target) : '')),
    ].join(' ')
  }
  return result
}

describe('parseShellLine', () => {
  it.each([
    ['netstat -tlpn', 'netstat -tlpn'],
    ['cat /etc/shadow | head -1', 'cat /etc/shadow | head -1'],
    ['curl http://127.0.0.1:9/ ; echo done', 'curl http://127.0.0.1:9/ ; echo done'],
    ['touch x y; mv x z; rm y z', 'touch x y ; mv x z ; rm y z'],
    ["python3 -c 'import os; print(os.getuid())'", 'python3 -c import os; print(os.getuid())'],
    ['lsof -p $$ | head -3', 'lsof -p … | head -3'],
    ['cd /var/log && ls -lt | head -5', 'cd /var/log ; ? ls -lt | ? head -5'],
    ['make || exit 1; ls', 'make ; ? exit 1 ; ls'],
    ['for i in 1 2 3; do echo $i; done', '* echo …'],
    ['for f in *.gz; do zcat "$f" | wc -l; done; date', '* zcat … | * wc -l ; date'],
    ['if [ -f x ]; then rm x; else touch x; fi; ls', '[ -f x ] ; ? rm x ; ? touch x ; ls'],
    ['a && if b; then c; fi; d', 'a ; ? b ; ? c ; d'],
    ['while true; do sleep 1; done', '* true ; * sleep 1'],
    ['case $x in a|b) ls;; *) id;; esac; pwd', '? ls ; ? id ; pwd'],
    ['f() { rm -rf "$1"; }; f x', 'f rm -rf … ; f x'],
    ['function g { ls; }; g', 'f ls ; g'],
    ['echo $(date +%s) `whoami`', 'date +%s ; whoami ; echo … …'],
    ['ls $(cat a | sort) | wc', 'cat a | sort ; ls … | wc'],
    ['diff <(ls a) <(ls b)', 'ls a ; ls b ; diff … …'],
    ['FOO=bar BAZ="a b" make -j2', 'FOO= BAZ= make -j2'],
    ['A=1', 'A='],
    ['a=(1 2 3); ls', '1 2 3 ; a= ; ls'],
    ['> /var/log/app.log; rm x', '>/var/log/app.log ; rm x'],
    ['bash -i >& /dev/tcp/127.0.0.1/4444 0>&1', 'bash -i >&/dev/tcp/127.0.0.1/4444 >&1'],
    ["find / -name 'a b' 2>/dev/null", 'find / -name a b >/dev/null'],
    ['sleep 100 & strace -p $! & kill %1', 'sleep 100 ; strace -p … ; kill %1'],
    ['(cd /tmp && ls); { id; pwd; }', 'cd /tmp ; ? ls ; id ; pwd'],
    ['! grep -q x y && time ls', 'grep -q x y ; ? ls'],
    ['echo a\\ b"c d"$\'\\x41\\n\'e', 'echo a bc dA\ne'],
    ['ls ~ ~bob/x a{1,2} [ab]c', 'ls … …/x a… …c'],
    ['ls # a comment; rm', 'ls'],
    ['cat <<EOF\nrm -rf /\nEOF\nls', 'cat <<EOF ; ls'],
    ['cat <<< "x $y"', 'cat <<<x …'],
    ['echo one\necho two', 'echo one ; echo two'],
    ['ls |\nwc', 'ls | wc'],
    [`echo $((1+2)) $\{x:-y} $1 $`, 'echo … … … $'],
    ['[[ -n $x && $y == z* ]] && ls', '[[ -n … ; ? … == z… ]] ; ? ls'],
  ])('%s', (text, expected) => {
    expect(outline(text)).toBe(expected)
    expect(parseShellLine(text).complete).toBe(true)
  })

  it.each([
    'for i in 1 2; do',
    "echo 'a",
    'echo "a',
    'ls |',
    'ls &&',
    'a \\',
    'cat <<EOF\nx',
    'if true; then ls',
    'echo $(ls',
    'echo ${x',
    'f() {',
    '(ls',
  ])('wants more after %j', (text) => {
    expect(parseShellLine(text).complete).toBe(false)
  })

  it('names the functions that are defined', () => {
    expect(parseShellLine('f() { ls; }; function g { id; }').functions).toEqual(['f', 'g'])
  })

  it('gives each word its place', () => {
    const text = 'FOO=1 ls -l "a b"|wc'
    const places = parseShellLine(text).commands.flatMap(({ assignments, words }) =>
      [...assignments, ...words].map(({ from, to }) => text.slice(from, to)),
    )
    expect(places).toEqual(['FOO=1', 'ls', '-l', '"a b"', 'wc'])
  })

  it('ends on any text, with places inside of it and in time', () => {
    const piece = fc.constantFrom(
      ...[
        'a',
        ' ',
        '$(',
        ')',
        '(',
        '{',
        '}',
        '`',
        '"',
        "'",
        '\\',
        '|',
        '&&',
        ';',
        ';;',
        '\n',
        '<<E',
        '<(',
        '$',
        '${',
        'case x in ',
        'esac',
        'for i in',
        'do ',
        'done',
        'if ',
        'fi',
        '#',
        '=',
        '[',
        '*',
        '~',
        'f()',
      ],
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('')
        for (const { words } of parseShellLine(text).commands) {
          for (const word of words) {
            expect(word.to).toBeLessThanOrEqual(text.length)
            expect(knownText(word).length).toBeLessThanOrEqual(text.length * 2)
          }
        }
      }),
      { numRuns: 1000, seed: 9 },
    )
    expect(parseShellLine('$('.repeat(8000)).complete).toBe(false)
    expect(parseShellLine('a;'.repeat(8000)).commands.length).toBeLessThanOrEqual(2000)
  })
})
