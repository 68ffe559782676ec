// Lets everything go wrong around two processes of the App for some minutes, and asks whether anything was lost, doubled or wrongly
// green: `npm run test:chaos -- --seed N --minutes M`. The seed decides what people, GitHub and the machines do; without one it is drawn.
// `--outcome FILE` writes all that happened, with the App's log, as JSON.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { seed: { type: 'string' }, minutes: { type: 'string', default: '10' }, outcome: { type: 'string' } },
})
const seed = Number(values.seed ?? Math.ceil(Math.random() * 1_000_000))
const minutes = Number(values.minutes)
if (!Number.isSafeInteger(seed) || seed < 1 || !(minutes > 0)) {
  console.error('test:chaos: --seed is a whole number from 1 on, --minutes a number greater than 0')
  process.exit(2)
}

const folder = mkdtempSync(join(tmpdir(), 'dba-chaos-'))
try {
  const outcome = values.outcome === undefined ? join(folder, 'outcome.json') : resolve(values.outcome)
  const status = run(['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']) || chaos(outcome)
  process.exitCode = status
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function chaos(outcome) {
  console.log(`chaos: seed ${seed}, ${minutes} minutes`)
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js', '--maxWorkers=1']
  const status = run([...jest, '--silent=false', 'test/chaos/chaos.test.ts'], {
    ...process.env,
    DBA_CHAOS_SEED: String(seed),
    DBA_CHAOS_MINUTES: String(minutes),
    DBA_CHAOS_OUTCOME: outcome,
  })
  const found = read(outcome)
  if (found !== null) report(found)
  console.log(`chaos: again with npm run test:chaos -- --seed ${seed} --minutes ${minutes}`)
  return status || (found === null ? 1 : 0)
}

function report({ figures, lost, unanswered, wrongGreen, duplicates, inProgress, violations, restless, badExits }) {
  for (const { fault, what, shown } of read('test/chaos/rows.json'))
    console.log(`  ${fault.padEnd(4)}${what}: ${shown}`)
  for (const [name, value] of Object.entries(figures))
    console.log(`  ${name}: ${Math.round(value).toLocaleString('en-US')}`)
  const found = {
    lost,
    unanswered,
    'wrong green': wrongGreen,
    duplicates,
    'in progress': inProgress,
    violations,
    restless,
    'bad exits': badExits,
  }
  for (const [name, items] of Object.entries(found)) for (const item of items) console.log(`  ${name}: ${item}`)
  const counts = Object.entries(found).map(([name, items]) => `${name} ${items.length}`)
  console.log(`chaos: ${counts.join(', ')}`)
}

/** What the run wrote; null when it did not come so far. */
function read(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

function run(args, env = process.env) {
  return spawnSync(process.execPath, args, { stdio: 'inherit', env }).status ?? 1
}
