// Entry of `npm run conformance`. Node 20 can not run TypeScript, so the runner is bundled first; packages
// stay outside the bundle: what is measured is the built @auspex/kql.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const bundle = new URL('../../node_modules/.cache/conformance.mjs', import.meta.url)
await build({
  entryPoints: [fileURLToPath(new URL('main.ts', import.meta.url))],
  outfile: fileURLToPath(bundle),
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  sourcemap: 'inline',
  logLevel: 'warning',
})
const { main } = await import(bundle.href)
process.exitCode = await main({
  arguments: process.argv.slice(2),
  root: fileURLToPath(new URL('../..', import.meta.url)),
  print: (text) => process.stdout.write(`${text}\n`),
})
