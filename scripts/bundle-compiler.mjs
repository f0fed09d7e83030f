/**
 * Bundles the KQL compiler process into one script and takes its start-up snapshot: a step of `npm run build`.
 * Does nothing when the result is newer than what it is made of and was made by this Node.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'packages/server/dist/compile')
const script = join(folder, 'compiler.cjs')
const blob = join(folder, 'compiler.blob')
const madeBy = join(folder, 'compiler.blob.node')
const inputs = [
  join(root, 'packages/kql/dist'),
  folder,
  fileURLToPath(import.meta.url),
  join(root, 'package-lock.json'),
]

function newest(path) {
  const { mtimeMs } = statSync(path)
  if (!statSync(path).isDirectory()) return mtimeMs
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.js'))
    .reduce((time, name) => Math.max(time, statSync(join(path, name)).mtimeMs), 0)
}

const node = `${process.version} ${process.arch} ${process.execPath}`
const made = existsSync(script) ? statSync(script).mtimeMs : 0
const isCurrent =
  inputs.every((path) => newest(path) <= made) && existsSync(madeBy) && readFileSync(madeBy, 'utf8') === node

if (!isCurrent) {
  rmSync(blob, { force: true })
  await build({
    entryPoints: [join(folder, 'process-main.js')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    minifySyntax: true,
    legalComments: 'none',
    // The language service asks for `global` in its scripts, and the adapter for a URL that it then does not use.
    banner: { js: 'globalThis.global = globalThis;' },
    define: { 'import.meta.url': '"file:///"' },
    logLevel: 'error',
  })
  // Without a snapshot (another Node, no space) the script is run as it is, only slower to start.
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--snapshot-blob', blob, '--build-snapshot', script],
    {
      encoding: 'utf8',
    },
  )
  if (status !== 0) {
    rmSync(blob, { force: true })
    process.stderr.write(`the compiler starts without a snapshot: ${stderr.trim().slice(0, 500)}\n`)
  }
  writeFileSync(madeBy, node)
}
