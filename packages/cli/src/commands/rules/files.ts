import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isRuleFile, type SourceFile } from '@auspex/detect'
import { CliError } from '../../effects.js'

/** Files as they are named; of folders, every rule file in them and below. */
export async function readRuleFiles(paths: readonly string[]): Promise<SourceFile[]> {
  const files: SourceFile[] = []
  for (const path of paths) {
    try {
      const names = (await stat(path)).isDirectory()
        ? (await readdir(path, { recursive: true }))
            .filter(isRuleFile)
            .sort()
            .map((name) => join(path, name))
        : [path]
      for (const file of names) files.push({ file, text: await readFile(file, 'utf8') })
    } catch (error) {
      throw new CliError(`${path} can not be read: ${(error as Error).message}`, 2)
    }
  }
  return files
}
