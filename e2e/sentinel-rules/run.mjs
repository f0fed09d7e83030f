// Entry of `npm run conformance:rules`; bundled first, as e2e/conformance/run.mjs is.
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const bundle = new URL('../../node_modules/.cache/sentinel-rules/main.mjs', import.meta.url)
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
