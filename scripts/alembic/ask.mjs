import { randomBytes } from 'node:crypto'
import { appendFile, chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PORT } from '../../dist/native/errand.js'
import { launch } from '../../dist/native/launch.js'
import { as } from './environment.mjs'

/** What a revision may need besides Python to be imported. */
const KINDS = /\.(?:py|ini|toml|cfg|sql|json|ya?ml|txt|csv)$/
const PROGRAMS = ['offline.py', 'online.py', 'repository.py', 'stubs.py', 'conventions.py']
/** For one direction of a revision, and the most memory of the process. */
const LIMITS = { seconds: 20, bytes: 4 * 2 ** 30 }

/** The tree as a checkout for the account, and a folder that it may write to; `dispose` removes both. */
export async function checkedOut(side, account) {
  const folder = await mkdtemp(join(tmpdir(), 'dba-eval-'))
  const [tree, own, programs] = ['tree', 'own', 'programs'].map((name) => join(folder, name))
  for (const each of [tree, own, programs]) await mkdir(each)
  await chmod(folder, 0o755)
  if (account !== null) await chown(own, account.uid, account.gid)
  for (const name of PROGRAMS) await cp(fileURLToPath(new URL(name, import.meta.url)), join(programs, name))
  const wanted = side.paths.filter((path) => KINDS.test(path))
  const files = await side.load(wanted)
  for (const path of wanted) {
    const source = files.read(path)
    if (source === undefined) continue
    await mkdir(dirname(join(tree, path)), { recursive: true })
    await writeFile(join(tree, path), source.text)
  }
  return { folder, tree, own, programs, dispose: () => rm(folder, { recursive: true, force: true }) }
}

/**
 * What real Alembic sends for each of these files, by path. It is asked twice, with other seeds of Python's hashes: what then
 * comes in another order is `unordered`, since a set has none; a text that is another the second time has that `again`.
 */
export async function asked(real, checkout, scripts, files) {
  const { answers, facts } = await once(real, checkout, scripts, files, '0')
  const { answers: others } = await once(real, checkout, scripts, files, '1')
  for (const [file, answer] of answers) {
    for (const name of ['upgrade', 'downgrade']) answer[name] = settled(answer[name], others.get(file)[name])
  }
  return { answers, facts }
}

function settled(one, other) {
  const [texts, others] = [one, other].map(({ sent = [] }) => sent.map(({ sql }) => sql))
  const [sorted, otherwise] = [texts, others].map((each) => JSON.stringify([...each].sort()))
  if (JSON.stringify(texts) === JSON.stringify(others)) return one
  if (sorted === otherwise) return { ...one, unordered: true }
  if (texts.length !== others.length) return one
  return { ...one, sent: one.sent.map((each, at) => (each.sql === others[at] ? each : { ...each, again: others[at] })) }
}

/** One that ends the process costs what is known of it and nothing of the others. */
async function once(real, checkout, scripts, files, seed) {
  const answers = new Map()
  let facts = {}
  let left = files
  while (left.length > 0) {
    const told = await run(real, checkout, { program: 'offline.py', scripts, files: left, sandbox: null, seed })
    facts = { ...told.facts, ...facts }
    for (const answer of told.answers) answers.set(answer.file, answer)
    if (told.endedAt === null) break
    const failed = { failed: ENDED, sent: [] }
    answers.set(told.endedAt, { file: told.endedAt, upgrade: failed, downgrade: failed })
    left = left.filter((file) => !answers.has(file))
  }
  return { answers, facts }
}
const ENDED = { kind: 'time', type: 'Ended', message: 'its process was ended, at it or before' }

/**
 * What becomes of the upgrades in these files on a sandbox, in the order in which Alembic runs them, up to where it ends. After
 * each it waits until `seen` is done with the answer.
 */
export async function upgraded(real, checkout, scripts, files, address, seen) {
  const password = address.password ?? randomBytes(24).toString('hex')
  const told = await run(real, checkout, {
    program: 'online.py',
    scripts,
    files,
    sandbox: { address, password },
    seed: '0',
    seen,
  })
  const known = new Set(told.answers.map(({ file }) => file))
  const unknown = files.filter((file) => !known.has(file)).map((file) => ({ file, failed: ENDED }))
  return { facts: told.facts, answers: [...told.answers, ...unknown] }
}

/**
 * Runs one of the programs: cut off from the network, as the account, with an empty environment and limits on time and
 * memory. `endedAt` is the file at which it ended early; throws when it did not get so far.
 */
async function run(real, checkout, { program, scripts, files, sandbox, seed, seen }) {
  const { python, account, variables } = real
  const { folder, tree, own, programs } = checkout
  const [errand, out] = [join(folder, 'errand.json'), join(own, `${randomBytes(6).toString('hex')}.jsonl`)]
  await writeFile(errand, JSON.stringify({ tree, scripts, files, seconds: LIMITS.seconds, out }), { mode: 0o644 })
  const limited = ['prlimit', `--as=${LIMITS.bytes}`, '--core=0', '--nproc=256', `--fsize=${2 ** 30}`]
  const stop = new AbortController()
  const running = launch(
    {
      command: () => as(account, [...limited, python, '-I', '-B', join(programs, program), errand]),
      folder: own,
      environment: {
        ...variables,
        ...{ PATH: '/usr/bin:/bin', HOME: own, TMPDIR: own, LANG: 'C.UTF-8', PYTHONHASHSEED: seed },
        ...(sandbox === null ? {} : variablesOf(sandbox)),
      },
      config: null,
      sandbox,
      contained: true,
    },
    AbortSignal.any([stop.signal, AbortSignal.timeout((60 + files.length * LIMITS.seconds) * 1000)]),
  )
  try {
    if (seen !== undefined) await takeTurns(out, running, seen)
  } catch (error) {
    stop.abort()
    await running
    throw error
  }
  const { output } = await running
  const text = await readFile(out, 'utf8').catch(() => '')
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)]))
  const answers = lines.filter((line) => 'file' in line)
  const facts = Object.assign({}, ...lines.filter((line) => !('file' in line) && !('begun' in line)))
  const known = new Set(answers.map(({ file }) => file))
  const begun = lines.filter((line) => 'begun' in line).at(-1)?.begun
  if (begun === undefined) throw new Error(`Alembic could not be asked: ${output.trim()}`)
  return { answers, facts, endedAt: known.has(begun) ? null : begun }
}

/** Shows each answer as it comes, and lets the program go on after it. */
async function takeTurns(out, running, seen) {
  let isOver = false
  const over = running.finally(() => (isOver = true)).catch(() => undefined)
  for (let taken = 0, last = false; !last;) {
    last = isOver
    const lines = (await readFile(out, 'utf8').catch(() => '')).split('\n').slice(0, -1)
    for (const line of lines.slice(taken)) {
      const answer = JSON.parse(line)
      if (!('file' in answer)) continue
      await seen(answer)
      await appendFile(`${out}.turns`, '.')
    }
    taken = lines.length
    await Promise.race([over, setTimeout(5)])
  }
}

function variablesOf({ address: { user, database }, password }) {
  const timeout = `-c statement_timeout=${LIMITS.seconds}s`
  return {
    ...{ PGHOST: '127.0.0.1', PGPORT: PORT, PGUSER: user, PGPASSWORD: password, PGDATABASE: database },
    ...{ PGSSLMODE: 'disable', PGOPTIONS: timeout },
  }
}
