/** Lines that set the audit system up. */
import { COMMAND_LINE_ONLY, CONTROLS } from '../options.js'
import type { Control } from '../rules.js'
import type { Check, CheckContext, Report } from './check.js'

const SMALL_BACKLOG = 8192

type Look = (control: Control, context: CheckContext) => Omit<Report, 'at'> | undefined

function controlCheck(
  name: string,
  severity: Check['severity'],
  option: string | undefined,
  look: Look,
): Check {
  return {
    name,
    severity,
    *run(context) {
      for (const statement of context.file.statements) {
        if (statement.kind !== 'control' || (option !== undefined && statement.option !== option)) continue
        const report = look(statement, context)
        if (report !== undefined) yield { at: statement.at, ...report }
      }
    },
  }
}

export const CONTROL_CHECKS: readonly Check[] = [
  controlCheck('errors-hidden', 'warning', '-i', () => ({
    message: 'rules that do not load are left out without a word, and the exit code says that all is well',
    advice: 'write -c: it goes on as well, and fails at the end',
  })),
  controlCheck('locked-early', 'error', '-e', ({ value, at }, { file }) => {
    const later = file.statements.find((statement) => statement.at.line > at.line)
    if (value !== '2' || later === undefined) return undefined
    return {
      message: `from here on the rules are locked, so line ${later.at.line} and what follows fails`,
      advice: 'put -e 2 last',
    }
  }),
  controlCheck('auditing-off', 'error', '-e', ({ value }) =>
    value === '0'
      ? {
          message: 'this turns auditing off',
          advice: 'write -e 1, or -e 2 to lock the rules until the next boot',
        }
      : undefined,
  ),
  controlCheck('backlog-small', 'warning', '-b', ({ value }) =>
    Number(value) < SMALL_BACKLOG
      ? {
          message: `a queue of ${value} records overflows when a few programs start at once`,
          advice: `write -b ${SMALL_BACKLOG} or more (8 KiB each at most)`,
        }
      : undefined,
  ),
  controlCheck('number-large', 'error', '-b', ({ value }) =>
    Number(value) > 0xffff_ffff
      ? { message: `${value} does not fit in 32 bits`, advice: `write -b ${SMALL_BACKLOG}` }
      : undefined,
  ),
  controlCheck('panic', 'warning', '-f', ({ value }) =>
    value === '2'
      ? {
          message: 'the machine stops when a record is lost, so whoever can make many records can stop it',
          advice: 'write -f 1 unless the rules of your trade ask for 2',
        }
      : undefined,
  ),
  controlCheck('rate-limit', 'warning', '-r', ({ value }) =>
    value !== '0'
      ? {
          message: `records beyond ${value} a second are dropped`,
          advice: 'write -r 0, and narrow the rules that are noisy',
        }
      : undefined,
  ),
  controlCheck('command-line-only', 'warning', undefined, ({ option }) =>
    COMMAND_LINE_ONLY.has(option)
      ? {
          message: `${option} ${CONTROLS[option]!.does}; in a rules file that has no use`,
          advice: 'remove the line',
        }
      : undefined,
  ),
]
