import { describe, expect, it } from 'vitest'
import { MASK } from '../secrets/mask.js'
import { readerOf } from './readers.js'
import { looksLikePassword, visibleKeystrokes } from './visible.js'

const shown = (text: string, reader: string) =>
  visibleKeystrokes(Buffer.from(text, 'utf8'), reader).replaceAll(MASK, '•')

describe('visibleKeystrokes', () => {
  it('gives the lines that a shell got, with their secrets masked', () => {
    expect(shown('lsx\b -la\rmysql -pabc\rid', 'bash')).toBe('ls -la\nmysql -p•\nid')
    expect(shown('1+1\rimport os\r', 'python3.11')).toBe('1+1\nimport os')
    expect(shown('ls -la', '')).toBe('ls -la')
  })

  it('hides what is typed into anything else', () => {
    expect(shown('secret\rid\r', 'sudo')).toBe('(10 keys read by sudo)')
    expect(shown('x', 'ssh')).toBe('(1 key read by ssh)')
    expect(shown(':wq\r', 'vi')).toBe('(4 keys read by vi)')
    expect(shown('abc\r', 'some-program')).toBe('(4 keys read by some-program)')
  })

  it('hides answers to read, and what is typed after read -s whatever it looks like', () => {
    expect(shown('read x\ryes\nls\r', 'bash')).toBe('read x\n•\nls')
    expect(shown('. ./setup\rsecret\n', 'bash')).toBe('. ./setup\n•')
    expect(shown('sleep 9\rtyped ahead\n', 'bash')).toBe('sleep 9\ntyped ahead')
    expect(shown("read -s -p 'Token: ' T\rabc\r", 'sh')).toBe("read -s -p 'Token: ' T\n•")
    expect(shown('ls\n', 'dash')).toBe('ls')
  })

  it('hides a word that looks like a password', () => {
    expect(shown('Quiet-Lake-7\r', 'bash')).toBe('•')
  })
})

describe('looksLikePassword', () => {
  it.each(['Quiet-Lake-7', 'hunter2!', 'P4ssword', 'correct.horse9X', 'abc@def#', 'Zz-1234567'])(
    '%s',
    (text) => {
      expect(looksLikePassword(text)).toBe(true)
    },
  )
  it.each([
    'ls',
    'netstat',
    'exit',
    './run.sh',
    '/tmp/.b',
    'python3.11',
    'apt-get',
    'x=1',
    'll',
    'g++',
    'history',
    '!!',
    'id;ls',
    '7z',
    'uptimee',
    '$HOME',
    'startx',
    'Xorg',
    'VBoxManage',
    'ssh-keygen',
    'mkfs.ext4',
    'R',
    '',
    'i3-msg',
    '~alice',
    '%sudo1',
  ])('not %s', (text) => {
    expect(looksLikePassword(text)).toBe(false)
  })
})

describe('readerOf', () => {
  it('knows shells with a dash, interpreters with a version, and leaves the rest hidden', () => {
    expect(['-bash', 'bash', 'python3.12', 'tmux: server', 'sudo', 'vi', 'x'].map(readerOf)).toEqual([
      'shell',
      'shell',
      'interpreter',
      'relay',
      'prompt',
      'other',
      'other',
    ])
  })
})
