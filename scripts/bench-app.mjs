// Prints what the App takes, beside what is aimed at: deliveries kept, and pull requests brought up to date, without migrations
// and with, and the way of an order to an analyser and back. The App is a process of its own (`npm run build` first) between a
// real PostgreSQL, whose commits are on disk, and the fake GitHub of the tests, which runs in this process. Asserts nothing.
//
//   npm run bench:app [-- intake reviews orders]
import { createHmac, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { register } from 'node:module'
import { cpus } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { serverAccount } from '../dist/sandbox/account.js'
import { findBinaries } from '../dist/sandbox/binaries.js'
import { timesOfOrders } from './bench-orders.mjs'

register('./typescript-hooks.mjs', import.meta.url)
const { SECRET, stage } = await import('../test/support/app-under-test.ts')

const BODY_BYTES = 25_000
/** A server that loses nothing that it has confirmed. */
const DURABLE = { fsync: 'on', synchronous_commit: 'on' }
const [IN_FLIGHT, ONE_BY_ONE] = [16, 12]
/** Four subjects of an installation are served at once: so many installations keep all in flight. */
const [INSTALLATIONS, REPOSITORIES] = [4, 2]
/** How many come at once: at first, when processes have to be started and code to be compiled, and then. */
const HEADS = {
  'without migrations': { 'the first': 80, 'after those': 400 },
  'static review': { 'the first': 40, 'after those': 200 },
}

const share = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN
const ordered = (numbers) => [...numbers].sort((a, b) => a - b)
const ms = (value) => (value < 10_000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(1)} s`)
const row = (what, found, aim) => console.log(`${what.padEnd(62)} ${found.padStart(12)}   ${aim}`)

async function postgres() {
  const account = await serverAccount()
  const [newest] =
    account !== null && 'unavailable' in account ? [] : await findBinaries([], process.env.PATH ?? '', account)
  if (newest === undefined) throw new Error('PostgreSQL is needed, 15 or newer')
  return newest
}

/** Deliveries of one size, signed, each with an id of its own. */
async function benchIntake() {
  const at = await stage(programs, {}, DURABLE)
  try {
    const { url, child } = await at.start({ DBA_ROLE: 'intake' })
    const agent = new Agent({ keepAlive: true, maxSockets: 64 })
    const deliver = openDelivery(url, agent)
    for (let i = 0; i < 200; i++) await deliver()

    const begun = performance.now()
    const used = cpuOf(child)
    const fast = []
    let left = 4_000
    await Promise.all(
      Array.from({ length: 32 }, async () => {
        while (left-- > 0) fast.push(await deliver())
      }),
    )
    const seconds = (performance.now() - begun) / 1000
    row('deliveries of 25 kB kept per second, 32 at a time', (fast.length / seconds).toFixed(0), '≥ 1,000 a core')
    cost('  CPU of the App for each', (cpuOf(child) - used) / fast.length, '≤ 1 ms')
    told(fast, '  ')

    const paced = []
    const start = performance.now()
    for (let i = 0; i < 5_000; i++) {
      const wait = start + i * 2 - performance.now()
      if (wait > 0) await setTimeout(wait)
      paced.push(deliver())
    }
    const answers = await Promise.all(paced)
    row('deliveries sent per second, for ten seconds', (5_000 / ((performance.now() - start) / 1000)).toFixed(0), '500')
    told(answers, '  ')
    agent.destroy()
  } finally {
    await at.stop()
  }
}

function told(answers, indent) {
  const times = ordered(answers.map(({ milliseconds }) => milliseconds))
  row(`${indent}answered within, p50`, ms(share(times, 0.5)), '')
  row(`${indent}answered within, p99`, ms(share(times, 0.99)), '≤ 200 ms')
  row(`${indent}answered within, the longest`, ms(times.at(-1)), '≤ 9 s')
  row(`${indent}not kept`, String(answers.filter(({ status }) => status !== 202).length), '0')
}

function openDelivery(url, agent) {
  const facts = {
    action: 'created',
    installation: { id: 7 },
    repository: { id: 8 },
    check_run: { output: { text: '' } },
  }
  facts.check_run.output.text = 'x'.repeat(BODY_BYTES - JSON.stringify(facts).length)
  const body = Buffer.from(JSON.stringify(facts))
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`
  return () =>
    new Promise((done, failed) => {
      const begun = performance.now()
      const asked = request(url, {
        method: 'POST',
        agent,
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          'x-github-event': 'check_run',
          'x-github-delivery': randomUUID(),
          'x-hub-signature-256': signature,
        },
      })
      asked.on('error', failed)
      asked.on('response', (response) => {
        response.resume()
        response.on('end', () => done({ status: response.statusCode, milliseconds: performance.now() - begun }))
      })
      asked.end(body)
    })
}

const SHOP = {
  'main.go': 'package main\n',
  '.github/dba.yml': 'rehearsal: { required: false, sandbox: none }\n',
  'migrations/000001_users.up.sql':
    'CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, email text);\n',
  'migrations/000001_users.down.sql': 'DROP TABLE users;\n',
}

/** A change of each kind, the `i`th of its repository. */
const CHANGES = {
  'without migrations': (i) => ({ 'main.go': `package main // ${i}\n` }),
  'static review': (i) => ({
    [`migrations/${String(i + 2).padStart(6, '0')}_t${i}.up.sql`]: `SET lock_timeout = '2s';\nCREATE TABLE t${i} (id bigint PRIMARY KEY);\n`,
    [`migrations/${String(i + 2).padStart(6, '0')}_t${i}.down.sql`]: `SET lock_timeout = '2s';\nDROP TABLE t${i};\n`,
  }),
}
const AIMS = {
  'without migrations': { rate: { 0: '≥ 50', 50: '≥ 20' }, p50: '≤ 3 s', p99: '≤ 15 s', requests: '≤ 8', cpu: '' },
  'static review': { rate: { 0: '≥ 50', 50: '' }, p50: '≤ 15 s', p99: '≤ 2 min', requests: '≤ 15', cpu: '≤ 20 ms' },
}

async function benchReviews(latency) {
  const at = await stage(programs, { latency, checkAnswers: false }, DURABLE)
  try {
    const { lines, child } = await at.start({ DBA_CONCURRENCY: String(IN_FLIGHT), LOG_LEVEL: 'warn' })
    for (const kind of Object.keys(CHANGES)) {
      console.log(`\n${kind}, GitHub answers after ${latency} ms`)
      await oneByOne(at, kind, latency)
      for (const [when, count] of Object.entries(HEADS[kind]))
        await allAtOnce(at, { kind, when, count }, latency, child)
    }
    const { violations } = at.github
    if (violations.length > 0)
      console.log(`${violations.length} requests that GitHub would refuse: ${violations[0].message}`)
    const complaints = lines.filter((line) => /"level":"(error|warn)"/.test(line))
    if (complaints.length > 0) console.log(`${complaints.length} complaints, the first: ${complaints[0]}`)
  } finally {
    await at.stop()
  }
}

/** Nobody waits for anybody: how long one takes, and what it asks. */
async function oneByOne({ github }, kind, latency) {
  const repository = github.repository(`acme/calm-${kind.length}-${latency}`, { files: SHOP })
  const [began, ended, asked] = [[], [], []]
  for (let i = 0; i < ONE_BY_ONE; i++) {
    const [before, now] = [github.requests.length, Date.now()]
    const pull = repository.openPull({ files: CHANGES[kind](i) })
    const run = await completed(github, repository, pull)
    await github.quiet({ milliseconds: 200 + 4 * latency })
    began.push(atOf(run, 'in_progress') - now)
    ended.push(atOf(run, 'completed') - now)
    asked.push(github.requests.slice(before).filter((exchange) => isOfReview(exchange)).length)
  }
  const aims = AIMS[kind]
  const [starts, ends] = [ordered(began.filter((each) => !Number.isNaN(each))), ordered(ended)]
  if (starts.length > 0) row('  from event to in_progress, p95', ms(share(starts, 0.95)), '≤ 5 s')
  row('  from event to completed check, p50', ms(share(ends, 0.5)), aims.p50)
  row(`  from event to completed check, p99 (the longest of ${ONE_BY_ONE})`, ms(share(ends, 0.99)), aims.p99)
  row('  requests, the first of a repository', String(asked[0]), '')
  row('  requests, each of the others, at most', String(Math.max(...asked.slice(1))), aims.requests)
}

/** All have been told before the first is judged: how many a second. */
async function allAtOnce({ github }, { kind, when, count }, latency, child) {
  const repositories = Array.from({ length: INSTALLATIONS * REPOSITORIES }, (_, i) =>
    github.repository(`busy-${i % INSTALLATIONS}/${kind.length}-${latency}-${i}`, { files: SHOP }),
  )
  github.webhooks.pause()
  const pulls = Array.from({ length: count }, (_, i) => {
    const repository = repositories[i % repositories.length]
    return { repository, pull: repository.openPull({ files: CHANGES[kind](when.length * 1_000 + i) }) }
  })
  const [used, main] = [cpuOf(child), mainOf(child)]
  const now = Date.now()
  github.webhooks.behave({ concurrency: 16 })
  github.webhooks.resume()
  const runs = []
  for (const { repository, pull } of pulls) runs.push(await completed(github, repository, pull))
  const ends = ordered(runs.map((run) => atOf(run, 'completed') - now))
  const rate = count / (ends.at(-1) / 1000)
  console.log(`  ${when}, ${count} in ${repositories.length} repositories at once, ${IN_FLIGHT} in flight`)
  row('    heads judged per second', rate.toFixed(1), AIMS[kind].rate[latency])
  row('    from event to completed check, p99', ms(share(ends, 0.99)), AIMS[kind].p99)
  await github.quiet()
  cost('    CPU of the App and its children a head', (cpuOf(child) - used) / count, AIMS[kind].cpu)
  cost('    of that in the process itself', (mainOf(child) - main) / count, '')
}

/**
 * Milliseconds that a process and its children have computed, those that have ended and those that have not: what others do on
 * the machine is not in it. Linux only.
 */
function cpuOf({ pid }) {
  const [own, ended] = computedBy(pid)
  const living = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(name) === pid)
    .map((name) => cpuOf({ pid: Number(name) }))
  return [own, ended, ...living.filter((each) => !Number.isNaN(each))].reduce((sum, each) => sum + each, 0)
}

/** Without its children. */
function mainOf({ pid }) {
  return computedBy(pid)[0]
}

/** By itself, and by its children that have ended. */
function computedBy(pid) {
  try {
    // utime, stime, cutime and cstime, in hundredths of a second.
    const [user, system, ...ended] = statOf(pid)
      .slice(11, 15)
      .map((ticks) => Number(ticks) * 10)
    return [user + system, ended[0] + ended[1]]
  } catch {
    return [NaN, NaN]
  }
}

function parentOf(pid) {
  try {
    return Number(statOf(pid)[1])
  } catch {
    return NaN
  }
}

/** What the system tells of a process after its name. */
function statOf(pid) {
  return readFileSync(`/proc/${pid}/stat`, 'latin1')
    .replace(/^.*\) /, '')
    .split(' ')
}

function cost(what, milliseconds, aim) {
  row(what, Number.isNaN(milliseconds) ? 'not known' : `${milliseconds.toFixed(1)} ms`, aim)
}

async function completed(github, repository, pull) {
  const newest = () => repository.checkRuns(pull.sha, 'dba').at(-1)
  await github.until(`#${pull.number} is judged`, () => newest()?.status === 'completed', { seconds: 300 })
  return newest()
}

function atOf({ history }, status) {
  return history.find((each) => each.status === status)?.at ?? NaN
}

/** Loops that look for what was missed ask as well, of the App and of whole repositories. */
function isOfReview({ path }) {
  return /^\/repos\/[^/]+\/[^/]+\/(?!pulls$)/.test(path) || /\/access_tokens$|\/graphql$/.test(path)
}

/** What a broker and an analyser add to what one process takes. */
async function benchOrders() {
  const at = await stage(programs, {}, DURABLE)
  try {
    for (const kilobytes of [10, 1_000]) {
      const times = await timesOfOrders(at.databaseUrl, kilobytes * 1_000)
      row(`an order of ${kilobytes} kB to an analyser and back, p50`, `${share(times, 0.5).toFixed(1)} ms`, '')
      row('  p99', `${share(times, 0.99).toFixed(1)} ms`, '')
    }
  } finally {
    await at.stop()
  }
}

const { folder: programs, version } = await postgres()
const parts = process.argv.slice(2)
const wanted = (part) => parts.length === 0 || parts.includes(part)
console.log(
  `Node ${process.version}, PostgreSQL ${version}, ${cpus().length} cores, GitHub and load in a process beside\n`,
)
row('', 'found', 'aim')
if (wanted('intake')) await benchIntake()
if (wanted('reviews')) for (const latency of [0, 50]) await benchReviews(latency)
if (wanted('orders')) await benchOrders()
