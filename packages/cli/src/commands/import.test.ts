import { expect, test } from 'vitest'
import { computerOf } from './import.js'

test.each([
  ['/var/log/audit/audit.log', 'here'],
  ['/var/log/audit/audit.log.3', 'here'],
  ['/var/log/audit/../audit/audit.log', 'here'],
  ['/evidence/web-1.log', 'web-1'],
  ['/evidence/web-1.log.2', 'web-1'],
  ['/evidence/audit', 'audit'],
  ['/evidence/.log', '.log'],
])('records of %s without a node are of %s', (file, computer) => {
  expect(computerOf(file, 'here')).toBe(computer)
})
