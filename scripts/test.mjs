// Runs every test and ends with one line that counts them. Extra arguments go to jest.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const run = (command, args, env = process.env) => spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1

const folder = mkdtempSync(join(tmpdir(), 'dba-test-'))
try {
  const types = run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'])
  const built = run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  const report = join(folder, 'jest.json')
  const jest = run(process.execPath, [
    '--experimental-vm-modules',
    '--no-warnings',
    'node_modules/jest/bin/jest.js',
    '--json',
    '--outputFile',
    report,
    ...process.argv.slice(2),
  ])
  const { numPassedTests, numFailedTests, numFailedTestSuites, numRuntimeErrorTestSuites } = JSON.parse(
    readFileSync(report, 'utf8'),
  )
  if (types !== 0) console.log('types: the project does not type-check')
  // A suite that could not start has no failed test of its own, yet nothing in it passed.
  const failed = numFailedTests + numRuntimeErrorTestSuites
  console.log(`tests: ${numPassedTests} passed, ${failed} failed`)
  process.exitCode = types || built || jest || (numFailedTestSuites > 0 ? 1 : 0)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
