// Prints figures, as ratios side by side in one run: reading and judging against the parser alone, a whole review against the
// same SQL sent to the same embedded PostgreSQL by nobody but itself.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadModule, parseSync } from 'libpg-query'
import { analyse } from '../dist/review/analyse.js'
import { analyseApart } from '../dist/review/analyst.js'
import { review } from '../dist/review/review.js'
import { providerOf } from '../dist/sandbox/choose.js'
import { loadParsers } from '../dist/sql/parse.js'
import { history, writeHistory } from './generate-history.mjs'

const settings = {
  postgres: 18,
  migrations: [],
  rules: {},
  tables: { large: [], small: [] },
  rehearsal: { required: true, sandbox: 'pglite', seconds: 600 },
}
const today = '2026-01-15'
const entries = (files) => new Map([['go.mod', null], ...[...files].map(([path, text]) => [path, { text }])])
const best = (times, work) => {
  const all = Array.from({ length: times }, () => {
    const start = performance.now()
    work()
    return performance.now() - start
  })
  return Math.min(...all)
}
const spawn = (args) => {
  const start = performance.now()
  const { status, stderr } = spawnSync(
    '/usr/bin/env',
    ['bash', '-c', 'exec 3>&1; "$@" >/dev/null', '-', process.execPath, ...args],
    { encoding: 'utf8' },
  )
  if (status !== 0 && status !== 1) throw new Error(stderr)
  return performance.now() - start
}
const ms = (value) => `${value.toFixed(0)} ms`
const ratio = (a, b) => (a / b).toFixed(2)

const folder = mkdtempSync(join(tmpdir(), 'dba-bench-'))
try {
  await loadModule()
  await loadParsers({ majors: [18], second: true })
  const files = history(1000)
  const texts = [...files.values()]
  console.log(`history: 1000 migrations, ${files.size} files, ${texts.join('').length} bytes`)

  const parser = best(5, () => texts.forEach((text) => parseSync(text)))
  const input = { base: new Map(), head: entries(files), settings, today, mode: 'files' }
  const warm = best(5, () => analyse(input))
  const replayed = best(5, () => analyse({ ...input, base: entries(files), mode: 'pull' }))
  console.log(`parser alone, warm       ${ms(parser)}`)
  console.log(`lint of all, warm        ${ms(warm)}   ratio ${ratio(warm, parser)}`)
  console.log(`replay of all, warm      ${ms(replayed)}   ratio ${ratio(replayed, parser)}`)

  writeHistory(folder, 1000)
  const alone = join(folder, 'parse.mjs')
  const { writeFileSync } = await import('node:fs')
  const library = resolve('node_modules/libpg-query/wasm/index.js')
  writeFileSync(
    alone,
    `import { readdirSync, readFileSync } from 'node:fs'\nimport { loadModule, parseSync } from ${JSON.stringify(library)}\nawait loadModule()\nconst folder = ${JSON.stringify(join(folder, 'migrations'))}\nfor (const name of readdirSync(folder)) parseSync(readFileSync(folder + '/' + name, 'utf8'))\n`,
  )
  const coldParser = Math.min(spawn([alone]), spawn([alone]), spawn([alone]))
  const lintArgs = [resolve('bin/dba.js'), 'lint', join(folder, 'migrations')]
  const cwd = process.cwd()
  process.chdir(folder)
  const coldLint = Math.min(spawn(lintArgs), spawn(lintArgs), spawn(lintArgs))
  process.chdir(cwd)
  console.log(`parser alone, cold       ${ms(coldParser)}`)
  console.log(`dba lint, cold           ${ms(coldLint)}   ratio ${ratio(coldLint, coldParser)}`)
  const { stderr } = spawnSync('/usr/bin/time', ['-f', '%M', process.execPath, ...lintArgs], {
    cwd: folder,
    encoding: 'utf8',
  })
  const peak = Number(stderr?.trim().split('\n').at(-1))
  console.log(
    `dba lint, peak memory    ${Number.isFinite(peak) ? `${(peak / 1024).toFixed(0)} MB` : 'not measured: no /usr/bin/time'}`,
  )

  const means = {
    analyse: analyseApart,
    sandbox: providerOf('pglite'),
    signal: new AbortController().signal,
    progress: () => {},
  }
  await reviewOf(10)
  console.log('whole review of one new migration on a history of n, with the embedded PostgreSQL')
  for (const count of [10, 100, 1000]) {
    const total = await reviewOf(count)
    const raw = await bare(count)
    console.log(
      `n = ${String(count).padStart(4)}  review ${ms(total)}   PostgreSQL alone ${ms(raw)}   ratio ${ratio(total, raw)}   share that is not PostgreSQL ${(100 * (1 - raw / total)).toFixed(0)} %`,
    )
  }

  async function reviewOf(count) {
    const all = history(count + 1)
    const before = history(count)
    const start = performance.now()
    const pull = { repository: 'bench', number: null, base: 'base', head: 'head' }
    const result = await review(
      { pull, base: entries(before), head: entries(all), complete: true, settings, today },
      means,
    )
    const [rehearsal] = result.rehearsals
    if (rehearsal?.verdict !== 'reversible')
      throw new Error(`the rehearsal says ${rehearsal?.verdict}: ${rehearsal?.reason}`)
    return performance.now() - start
  }

  // The same statements, one by one, in a sandbox opened for them: boot and SQL, and nothing else.
  async function bare(count) {
    const { signal } = means
    const ups = [...history(count + 1)]
      .filter(([path]) => path.endsWith('.up.sql'))
      .map(([, text]) => statementsOf(text))
    const down = statementsOf(history(count + 1).get([...history(count + 1).keys()].at(-1)))
    const start = performance.now()
    const sandbox = await means.sandbox.open({ postgres: 18 }, signal)
    if ('unavailable' in sandbox) throw new Error(sandbox.unavailable)
    const session = await sandbox.session()
    const send = async (statements) => {
      for (const sql of statements) {
        const outcome = await session.run(sql, signal)
        if (outcome.kind !== 'done') throw new Error(`${sql}: ${JSON.stringify(outcome)}`)
      }
    }
    for (const statements of ups) await send(statements)
    await send(down)
    await send(ups.at(-1))
    const took = performance.now() - start
    await sandbox[Symbol.asyncDispose]()
    return took
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function statementsOf(text) {
  const bytes = Buffer.from(text)
  return parseSync(text).stmts.map(({ stmt_location = 0, stmt_len }) =>
    bytes.subarray(stmt_location, stmt_len ? stmt_location + stmt_len : undefined).toString(),
  )
}
