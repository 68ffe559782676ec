// Runs every test and ends with one line that counts them. Extra arguments go to jest. A few suites that fail are run once more,
// alone: one that passes then leans on the machine being idle, which is said by name above the count, and is to be mended.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** More than these are no matter of luck. */
const FEW = 3

const folder = mkdtempSync(join(tmpdir(), 'dba-test-'))
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit' }).status ?? 1

/** What jest says of a run: what passed, what failed, and in which suites. */
function tested(name, args) {
  const file = join(folder, `${name}.json`)
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js']
  const status = run(process.execPath, [...jest, '--json', '--outputFile', file, ...args])
  const report = JSON.parse(readFileSync(file, 'utf8'))
  return {
    status,
    passed: report.numPassedTests,
    // A suite that could not start has no failed test of its own, yet nothing in it passed.
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    suites: report.testResults.filter((suite) => suite.status === 'failed'),
  }
}

try {
  const types = run(process.execPath, ['node_modules/typescript/bin/tsc', '--noEmit'])
  const built = run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'])
  const all = tested('all', process.argv.slice(2))
  const { suites } = all
  let { status, passed, failed } = all
  if (suites.length > 0 && suites.length <= FEW) {
    const paths = suites.map(({ name }) => relative(process.cwd(), name))
    console.log(`\nonce more, alone: ${paths.join(', ')}\n`)
    const again = tested('again', ['--runInBand', '--runTestsByPath', ...paths])
    const before = suites.flatMap(({ assertionResults }) => assertionResults)
    passed += again.passed - before.filter((test) => test.status === 'passed').length
    failed = again.failed
    status = again.status
    for (const path of paths) {
      if (again.suites.every(({ name }) => relative(process.cwd(), name) !== path))
        console.log(`unsteady: ${path} failed beside others and passed alone`)
    }
  }
  if (types !== 0) console.log('types: the project does not type-check')
  console.log(`tests: ${passed} passed, ${failed} failed`)
  process.exitCode = types || built || status
} finally {
  rmSync(folder, { recursive: true, force: true })
}
