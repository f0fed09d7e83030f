import { describe, expect, it } from 'vitest'
import { expandHistory } from './history.js'

describe('expandHistory', () => {
  const before = ['cat /etc/hosts', 'ls -la /tmp', 'systemctl restart nginx']
  it.each([
    ['!!', 'systemctl restart nginx'],
    ['sudo !!', 'sudo systemctl restart nginx'],
    ['vi !$', 'vi nginx'],
    ['!ls | wc', 'ls -la /tmp | wc'],
    ['!-3', 'cat /etc/hosts'],
    ['!?hosts?', 'cat /etc/hosts'],
    ['echo !cat:1', 'echo /etc/hosts'],
    ['^nginx^apache2^', 'systemctl restart apache2'],
  ])('%s', (text, expanded) => {
    expect(expandHistory(text, before)).toEqual({ text: expanded, changed: true, unknown: false })
  })

  it('leaves what is none, and says what it can not know', () => {
    for (const text of ['cat > x <<EOF\n#!/bin/sh\nEOF', "echo '!!'", 'a != b', 'echo \\!x', 'ls'])
      expect(expandHistory(text, before).changed).toBe(false)
    expect(expandHistory('!77', before)).toMatchObject({ unknown: true })
    expect(expandHistory('!!', [])).toMatchObject({ unknown: true })
  })
})
