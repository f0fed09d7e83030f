import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

const content = () => dirname(createRequire(import.meta.url).resolve('@auspex/content/package.json'))

/** What a workspace takes of it: analytics rules, stored functions, expansions of the graph. */
export const contentFolders = () => ({
  rules: join(content(), 'analytics'),
  functions: join(content(), 'functions'),
  exploration: join(content(), 'exploration'),
  tables: join(content(), 'tables', 'sentinel.json'),
})

/** Folders of rule files with their tests beside them. */
export const testedFolders = () => [join(content(), 'analytics'), join(content(), 'hunting')]

/** A real recorded SSH session, for a host that has no audit log to read. */
export const sampleLog = (): string => join(content(), 'samples', 'ssh-session-enriched.log')

/** Folder of the reports that are KQL files. */
export const reportsFolder = (): string => join(content(), 'reports')

/** Folder of the audit rules that `host setup` installs. */
export const auditRulesFolder = (): string => join(content(), 'audit-rules')

/** The built web UI; nothing where it was not built. */
export function webAssets(): { readonly assets?: string } {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@auspex/web/package.json')), 'dist')
  return existsSync(join(folder, 'index.html')) ? { assets: folder } : {}
}
