/** Published Sentinel rules and hunting queries of a folder: what is asked of each is that its query compiles and runs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { parse } from 'yaml'

export interface Rule {
  /** The path below the folder. */
  readonly file: string
  readonly name: string
  readonly query: string
}

export function readRules(folder: string): Rule[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .flatMap((path) => {
      const content = parse(readFileSync(path, 'utf8')) as { name?: unknown; query?: unknown } | null
      if (typeof content?.query !== 'string') return []
      return [{ file: relative(folder, path), name: String(content.name ?? ''), query: content.query }]
    })
}
