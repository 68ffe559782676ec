// Prints figures, as ratios side by side in one run: reading and judging against the parser alone, a whole review against what
// the embedded PostgreSQL takes for the same SQL. Needs a build (`npm run build`). Times are the least of several runs.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { loadModule, parseSync } from 'libpg-query'
import { DEFAULTS } from '../dist/config/schema.js'
import { analyse } from '../dist/review/analyse.js'
import { analyseApart } from '../dist/review/analyst.js'
import { review } from '../dist/review/review.js'
import { rules } from '../dist/rules/index.js'
import { providerOf } from '../dist/sandbox/choose.js'
import { sourceText } from '../dist/source/source-text.js'
import { loadParsers } from '../dist/sql/parse.js'
import { readScript } from '../dist/sql/script.js'
import { alembicHistory, readingTimes } from './bench-alembic.mjs'
import { history, writeHistory } from './generate-history.mjs'

const settings = { ...DEFAULTS, rehearsal: { ...DEFAULTS.rehearsal, sandbox: 'pglite', seconds: 600 } }
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
/** The least time of each of two, run by turns, so that both meet the machine in the same state. */
const bestInTurn = (times, one, other) => {
  const both = Array.from({ length: times }, () => [best(1, one), best(1, other)])
  return [0, 1].map((index) => Math.min(...both.map((pair) => pair[index])))
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

  const reading = { postgres: 18, thorough: false }
  const readAll = () =>
    files.forEach((text, path) => readScript(sourceText(path, text), reading, { transaction: 'none' }))
  const input = { base: new Map(), head: entries(files), settings, today, mode: 'files' }
  const parser = best(10, () => texts.forEach((text) => parseSync(text)))
  const read = best(10, readAll)
  const off = Object.fromEntries(rules.map(({ meta }) => [meta.id, 'off']))
  const [unjudged, linted] = bestInTurn(
    20,
    () => analyse({ ...input, settings: { ...settings, rules: off } }),
    () => analyse(input),
  )
  const replayed = best(5, () => analyse({ ...input, base: entries(files), mode: 'pull' }))
  console.log(`parser alone, warm       ${ms(parser)}   libpg-query's parseSync over every file`)
  console.log(
    `reading, warm            ${ms(read)}   ratio ${ratio(read, parser)}   every file as history: statements with their operations`,
  )
  console.log(
    `replay, warm             ${ms(replayed)}   ratio ${ratio(replayed, parser)}   nothing changed: every up file read and applied to the catalog`,
  )
  console.log(
    `lint, warm               ${ms(linted)}   ratio ${ratio(linted, parser)}   everything changed: a second parser, and all rules on up and down`,
  )
  console.log(
    `  of it the rules        ${ms(linted - unjudged)}   ratio ${ratio(linted - unjudged, parser)}   against the same with every rule off`,
  )

  const python = readingTimes(alembicHistory(1000), 5)
  console.log(
    `Alembic, warm            ${ms(python.reading)}   ratio ${ratio(python.reading, python.parser)}   1000 revisions into SQL with its operations, against the Python parser alone (${ms(python.parser)})`,
  )

  writeHistory(folder, 1000)
  const alone = join(folder, 'parse.mjs')
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
  console.log()
  console.log('whole review of one new migration on a history of n migrations, with the embedded PostgreSQL')
  console.log(
    '  PostgreSQL alone: a fresh process that boots the same template and is sent the same statements directly',
  )
  console.log('  the rest: reading, rules, watching (probes, locks, three schema dumps) and talking to the sandbox')
  for (const count of [10, 100, 1000]) {
    const total = await least(
      3,
      () => reviewOf(count),
      (each) => each,
    )
    const raw = await least(
      3,
      () => bare(count),
      (each) => each.total,
    )
    const alone = `PostgreSQL alone ${ms(raw.total)} (boot ${ms(raw.boot)}, SQL ${ms(raw.sql)})`
    const share = `the rest ${((100 * (total - raw.total)) / total).toFixed(0)} %`
    console.log(
      `n = ${String(count).padStart(4)}  review ${ms(total)}   ${alone}   ratio ${ratio(total, raw.total)}   ${share}`,
    )
  }

  async function least(times, work, size) {
    let best = await work()
    for (let i = 1; i < times; i++) {
      const next = await work()
      if (size(next) < size(best)) best = next
    }
    return best
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

  // What the review sends on the migrations' behalf, in the transactions that their tool would open: the history, then the
  // new migration up, down and up again. A process of its own with the sandbox's flags, and nobody between it and the SQL.
  function bare(count) {
    const texts = [...history(count + 1)]
    const ups = texts.filter(([path]) => path.endsWith('.up.sql')).map(([, text]) => sentFor(text))
    const down = sentFor(texts.at(-1)[1])
    const file = join(folder, 'statements.json')
    writeFileSync(file, JSON.stringify([...ups, down, ups.at(-1)].flat()))
    const child = new URL('bench-postgres.mjs', import.meta.url).pathname
    const start = performance.now()
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--liftoff-only', child, file], {
      encoding: 'utf8',
    })
    const total = performance.now() - start
    if (status !== 0) throw new Error(stderr)
    return { total, ...JSON.parse(stdout) }
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}

/** The statements of a file as golang-migrate's one query runs them: several are one transaction. */
function sentFor(text) {
  const bytes = Buffer.from(text)
  const statements = parseSync(text).stmts.map(({ stmt_location = 0, stmt_len }) =>
    bytes.subarray(stmt_location, stmt_len ? stmt_location + stmt_len : undefined).toString(),
  )
  return statements.length === 1 ? statements : ['BEGIN', ...statements, 'COMMIT']
}
