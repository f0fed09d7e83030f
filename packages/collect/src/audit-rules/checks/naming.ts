/** Keys: what a rule found, in the words of ATT&CK. */

import { TECHNIQUES } from '@auspex/attack'
import { techniquesOf } from '../keys.js'
import { type Check, ruleCheck } from './check.js'

const missing = ruleCheck('key-missing', 'info', (rule) => {
  if (rule.action !== 'always' || rule.list !== 'exit' || rule.keys.length > 0) return undefined
  return {
    at: rule.at,
    message: 'events of this rule have no key',
    advice: 'add -k TECHNIQUE_Name, as T1548.003_Sudo',
  }
})

const withoutTechnique = ruleCheck('key-technique-missing', 'info', (rule) => {
  const key = rule.keys[0]
  if (rule.action !== 'always' || key === undefined) return undefined
  if (rule.keys.some(({ text }) => techniquesOf(text).length > 0)) return undefined
  return {
    at: key.at,
    message: `the key ${key.text} names no technique of ATT&CK`,
    advice: 'begin it with the id of the technique, as T1548.003_Sudo',
  }
})

const retired: Check = {
  name: 'key-technique-retired',
  severity: 'warning',
  *run({ rules }) {
    for (const { keys } of rules) {
      for (const { text, at } of keys) {
        for (const { written, current, state } of techniquesOf(text)) {
          if (state !== 'revoked' && state !== 'deprecated') continue
          const names = current.map((id) => `${id} (${TECHNIQUES.get(id)!.name})`).join(', ')
          yield {
            at,
            message: `ATT&CK ${state === 'revoked' ? 'renumbered' : 'gave up'} ${written}`,
            advice:
              names === ''
                ? 'choose the technique that fits'
                : state === 'revoked'
                  ? `write ${names}`
                  : `nearest is ${names}`,
          }
        }
      }
    }
  },
}

const unknown: Check = {
  name: 'key-technique-unknown',
  severity: 'warning',
  *run({ rules }) {
    for (const { keys } of rules) {
      for (const { text, at } of keys) {
        for (const { written, state } of techniquesOf(text)) {
          if (state === 'unknown')
            yield { at, message: `ATT&CK has no technique ${written}`, advice: 'see attack.mitre.org' }
        }
        const typo = /^T(T\d{4})/.exec(text)
        if (typo !== null)
          yield { at, message: `${text} begins with one T too many`, advice: `write ${typo[1]}` }
      }
    }
  },
}

export const NAMING_CHECKS: readonly Check[] = [missing, withoutTechnique, retired, unknown]
