import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { RuleFileError } from '../rules/read.js'
import { type Expansion, parseExpansion } from './read.js'

/** The expansions of a folder's `*.yaml` files, in the order of their names. Throws a {@link RuleFileError}. */
export async function readExpansions(folder: string): Promise<Expansion[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).sort()
  const expansions: Expansion[] = []
  for (const name of names) {
    const file = join(folder, name)
    const { expansion, problems } = parseExpansion(await readFile(file, 'utf8'))
    if (expansion === undefined) throw new RuleFileError(file, problems)
    expansions.push(expansion)
  }
  return expansions
}
