// Entry of `npm run conformance`. Node 20 can not run TypeScript, so the runner is bundled first; packages
// stay outside the bundle: what is measured is the built @auspex/kql.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const bundles = new URL('../../node_modules/.cache/conformance/', import.meta.url)
await build({
  entryPoints: ['main.ts', 'auspex.ts'].map((file) => fileURLToPath(new URL(file, import.meta.url))),
  outdir: fileURLToPath(bundles),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  sourcemap: 'inline',
  logLevel: 'warning',
})
const { main } = await import(new URL('main.mjs', bundles).href)
const { openAuspex } = await import(new URL('auspex.mjs', bundles).href)
process.exitCode = await main({
  arguments: process.argv.slice(2),
  root: fileURLToPath(new URL('../..', import.meta.url)),
  print: (text) => process.stdout.write(`${text}\n`),
  openEngine: openAuspex,
})
