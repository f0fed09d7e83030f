/**
 * `npm test`: every check, one after the other, and one closing line that counts them. A check that is no
 * test file (lint, types, imports) counts as one.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const counts = { passed: 0, failed: 0, skipped: 0 }

function run(title, command, args) {
  process.stdout.write(`\n== ${title}\n`)
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) process.stdout.write(`${error.message}\n`)
  return status === 0
}

function check(title, command, args) {
  if (run(title, command, args)) counts.passed++
  else counts.failed++
}

check('format and lint', 'npm', ['run', '--silent', 'lint:code'])
check('imports run downwards', 'npm', ['run', '--silent', 'lint:imports'])
check('types of the tests', 'npx', ['--no-install', 'tsc', '-p', 'tsconfig.tests.json'])

if (existsSync(join(root, '../shared/kql-cases'))) {
  check('KQL answers: none wrong, and the committed table is current', 'node', [
    'e2e/conformance/run.mjs',
    '--check',
    '--list',
    'wrong',
  ])
} else {
  process.stdout.write('\n== KQL answers: SKIPPED, the cases (../shared/kql-cases) are not here\n')
  counts.skipped++
}

const folder = mkdtempSync(join(tmpdir(), 'auspex-test-'))
const report = join(folder, 'vitest.json')
const ok = run('tests', 'npx', [
  '--no-install',
  'vitest',
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
])
try {
  const result = JSON.parse(readFileSync(report, 'utf8'))
  counts.passed += result.numPassedTests
  counts.failed += result.numFailedTests
  counts.skipped += result.numPendingTests + result.numTodoTests
  // A file that does not load has no tests to count, and yet it failed.
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  counts.failed += broken.length
  if (!ok && result.numFailedTests + broken.length === 0) counts.failed++
} catch (error) {
  process.stdout.write(`no test report: ${error.message}\n`)
  counts.failed++
}
rmSync(folder, { recursive: true, force: true })

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : ''
process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed${skipped}\n`)
process.exitCode = counts.failed > 0 ? 1 : 0
