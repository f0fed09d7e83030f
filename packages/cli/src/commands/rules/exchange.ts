/** Rules in and out: Azure-Sentinel's YAML and ARM's JSON. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type AnalyticsRule, fromArm, parseRule, toArm, writeRule } from '@auspex/detect'
import type { Desk } from '../../desk.js'
import { CliError, type Effects, type ExitCode } from '../../effects.js'
import { readRuleFiles } from './files.js'

/** 1 when a rule could not be taken; the others are. */
export async function importRules(desk: Desk, paths: readonly string[], effects: Effects): Promise<ExitCode> {
  let exit: ExitCode = 0
  const complain = (text: string) => {
    effects.err.write(`${text}\n`)
    exit = 1
  }
  const take = async (yaml: string) => {
    const { displayName, id } = await desk.rules.save(yaml)
    effects.out.write(`${displayName} (${id})\n`)
  }
  for (const { file, text } of await readRuleFiles(paths)) {
    if (/^\s*[[{]/.test(text)) {
      const { rules, problems } = fromArm(text)
      for (const problem of problems) complain(`${file}: ${problem}`)
      for (const rule of rules) await take(writeRule(rule))
      continue
    }
    // Several rules can stand in one file, as `rules export` prints them.
    for (const one of text.split(/^---\s*$/m).filter((part) => part.trim() !== '')) {
      const { rule, problems } = parseRule(one)
      for (const { severity, line, column, message } of problems) {
        const place = `${file}:${line}:${column}: ${severity}: ${message}`
        if (severity === 'error') complain(place)
        else effects.err.write(`${place}\n`)
      }
      if (rule !== undefined) await take(one)
    }
  }
  return exit
}

async function chosen(desk: Desk, names: readonly string[]): Promise<AnalyticsRule[]> {
  const ids =
    names.length > 0 ? names : (await desk.rules.list()).rules.filter((r) => r.enabled).map(({ id }) => id)
  const rules: AnalyticsRule[] = []
  for (const id of ids) {
    const { rule } = parseRule(await desk.rules.text(id))
    if (rule !== undefined) rules.push(rule)
  }
  return rules
}

export async function exportRules(
  desk: Desk,
  names: readonly string[],
  { as, to }: { readonly as: 'yaml' | 'arm'; readonly to?: string },
  effects: Effects,
): Promise<ExitCode> {
  const rules = await chosen(desk, names)
  if (rules.length === 0) throw new CliError('no rule is on: name one')
  if (as === 'arm') {
    const text = `${JSON.stringify(toArm(rules), undefined, 2)}\n`
    if (to === undefined) effects.out.write(text)
    else await writeFile(to, text)
  } else if (to === undefined) {
    const texts = await Promise.all(rules.map(({ id }) => desk.rules.text(id)))
    effects.out.write(texts.map((text) => text.replace(/\n*$/, '\n')).join('---\n'))
  } else {
    await mkdir(to, { recursive: true })
    for (const { id } of rules) await writeFile(join(to, `${id}.yaml`), await desk.rules.text(id))
  }
  if (to !== undefined) effects.out.write(`${rules.length} rule${rules.length === 1 ? '' : 's'} in ${to}\n`)
  return 0
}
