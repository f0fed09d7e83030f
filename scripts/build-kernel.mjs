/**
 * Compiles packages/auditd/kernel (AssemblyScript) into packages/auditd/src/plain/kernel-code.ts.
 *
 *     node scripts/build-kernel.mjs           writes it
 *     node scripts/build-kernel.mjs --check   exits 1 if it is not what the source gives
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'

const place = (relative) => fileURLToPath(new URL(`../packages/auditd/${relative}`, import.meta.url))
const target = place('src/plain/kernel-code.ts')

let binary
const { error, stderr } = await asc.main(
  [
    'kernel.ts',
    '--outFile',
    'kernel.wasm',
    '-O3',
    '--enable',
    'simd',
    '--runtime',
    'stub',
    '--noAssert',
    '--initialMemory',
    '512',
  ],
  {
    readFile: (name) =>
      existsSync(place(`kernel/${name}`)) ? readFileSync(place(`kernel/${name}`), 'utf8') : null,
    writeFile: (_name, data) => {
      binary = data
    },
    listFiles: () => [],
  },
)
if (error) {
  process.stderr.write(`${stderr.toString()}${error.message}\n`)
  process.exit(1)
}
const lines = Buffer.from(binary)
  .toString('base64')
  .match(/.{1,100}/g)
const text = `/** Made of kernel/*.ts by scripts/build-kernel.mjs: WebAssembly, in base64. */
export const KERNEL_CODE =
${lines.map((line) => `  '${line}'`).join(' +\n')}
`
if (!process.argv.includes('--check')) writeFileSync(target, text)
else if (readFileSync(target, 'utf8') !== text) {
  process.stderr.write(
    'kernel-code.ts is not made of kernel/*.ts as they are: run node scripts/build-kernel.mjs\n',
  )
  process.exit(1)
}
