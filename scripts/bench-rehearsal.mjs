// Prints what up, down and up again of one migration on a history of 300 takes: with the history replayed and with its state
// kept, on PGlite and on a local server, beside the same SQL sent to the same server with nobody looking on. Needs a build
// (`npm run build`). Each figure is the least of several runs, each run a process of its own.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serverAccount } from '../dist/sandbox/account.js'
import { findBinaries } from '../dist/sandbox/binaries.js'
import { loadParsers } from '../dist/sql/parse.js'
import { planOf, sentOf } from './rehearsal-plan.mjs'

const HISTORY = 300
const RUNS = 3
const worker = fileURLToPath(new URL('bench-rehearsal-run.mjs', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'dba-bench-'))

const ms = (value) => `${value.toFixed(0)} ms`.padStart(8)
const times = (a, b) => `${(a / b).toFixed(2)} times`

function run(args) {
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%M', process.execPath, worker, ...args], {
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(stderr)
  return { ...JSON.parse(stdout), megabytes: Number(stderr.trim().split('\n').at(-1)) / 1024 }
}
function best(args, before = () => {}) {
  const all = Array.from({ length: RUNS }, () => {
    before()
    return run(args)
  })
  return all.reduce((least, each) => (each.total < least.total ? each : least))
}

try {
  await loadParsers({ majors: [18], second: false })
  const plan = join(folder, 'plan.json')
  const sent = join(folder, 'sent.json')
  writeFileSync(plan, JSON.stringify(planOf(HISTORY)))
  writeFileSync(sent, JSON.stringify(sentOf(planOf(HISTORY))))
  const account = await serverAccount()
  const [server] = account !== null && 'unavailable' in account ? [] : await findBinaries([], process.env.PATH, account)
  if (server === undefined) console.log('local: not measured: no PostgreSQL server was found on this machine')
  for (const sandbox of server === undefined ? ['pglite'] : ['pglite', 'local']) {
    const cache = join(folder, sandbox)
    const forget = () => rmSync(join(cache, 'baselines'), { recursive: true, force: true })
    run(['alone', sandbox, cache, sent])
    const alone = best(['alone', sandbox, cache, sent])
    console.log(
      `${sandbox}, PostgreSQL ${alone.version}: one migration on a history of ${HISTORY}, ${alone.count} statements`,
    )
    console.log(
      `  the SQL alone            ${ms(alone.total)}   to start ${ms(alone.start)}, to run ${ms(alone.total - alone.start)}`,
    )
    for (const rows of [0, 5]) {
      const of = ['rehearse', sandbox, cache, plan, String(rows)]
      const cold = best(of, forget)
      const kept = best(of)
      const told = rows === 0 ? 'empty tables' : `${rows} rows a table`
      const line = (what, { total, megabytes }) =>
        console.log(
          `  ${`${told}, ${what}`.padEnd(30)}${ms(total)}   ${times(total, alone.total)} the SQL alone; largest process ${megabytes.toFixed(0)} MB`,
        )
      line('replayed', cold)
      line('kept', kept)
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
