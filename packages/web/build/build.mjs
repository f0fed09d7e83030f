/**
 * Builds the UI into dist/, each file beside its `.br` and `.gz`: a step of `npm run build`. Does nothing when the
 * result is newer than all that it is made of; `--force` builds anyhow.
 */
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import { packFolder } from './pack.mjs'

const folder = fileURLToPath(new URL('..', import.meta.url))
const stamp = join(folder, 'dist/.built')
const inputs = [
  'src',
  'public',
  'build',
  'index.html',
  'vite.config.ts',
  '../../package-lock.json',
  '../kql/dist',
]

function newest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path, { recursive: true })
    .filter((name) => !/\.(map|tsbuildinfo|d\.ts)$/.test(name))
    .reduce((time, name) => Math.max(time, statSync(join(path, name)).mtimeMs), 0)
}

const made = existsSync(stamp) ? statSync(stamp).mtimeMs : 0
if (process.argv.includes('--force') || inputs.some((path) => newest(join(folder, path)) > made)) {
  const started = new Date()
  await build({ root: folder, configFile: join(folder, 'vite.config.ts'), logLevel: 'warn' })
  await packFolder(join(folder, 'dist'))
  writeFileSync(stamp, '')
  // What changes while it is built is newer than the stamp.
  utimesSync(stamp, started, started)
}
