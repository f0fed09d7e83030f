import { expect, test } from 'vitest'
import { type Command, matching, score } from './commands'

const command = (label: string, group = 'Go to', words?: string): Command => ({
  id: label,
  group,
  label,
  icon: 'run',
  run: () => {},
  ...(words && { words }),
})

test('the beginning of the name counts more than the beginnings of words, and these more than letters', () => {
  expect(score('Go to incidents', 'go to')).toBe(4)
  expect(score('Go to incidents', 'inc')).toBe(3)
  expect(score('Go to incidents', 'dents')).toBe(2)
  expect(score('Go to incidents', 'xyz')).toBe(0)
  expect(score('a.b*c', 'b*')).toBe(3)
})

test('groups stay together and the best comes first', () => {
  const commands = [
    command('Overview'),
    command('New rule', 'Do'),
    command('Analytics rules'),
    command('Logs'),
  ]
  expect(matching(commands, 'rule').map(({ label }) => label)).toEqual(['New rule', 'Analytics rules'])
  expect(matching(commands, '').map(({ label }) => label)).toHaveLength(4)
  expect(matching([command('Toggle theme', 'Do', 'dark light')], 'dark')).toHaveLength(1)
})
