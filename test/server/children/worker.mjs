// A worker in a process of its own. Says what it does; each write to GitHub is a row of `public.writes`, made after the fence.
import { openDatabase } from '../../../dist/server/database.js'
import { startQueue } from '../../../dist/server/queue.js'
import { shutdown, endOn } from '../../../dist/server/shutdown.js'
import { sweep } from '../../../dist/server/sweep.js'

const {
  url,
  holder,
  timing,
  work,
  concurrency = 4,
  grace = 20_000,
  writes = 3,
  sweepEvery = 500,
} = JSON.parse(process.argv[2])
const say = (line) => process.stdout.write(`${line}\n`)
const log = { info() {}, warn() {}, error() {}, with: () => log }
const database = openDatabase({ url, name: holder, connections: 10 })
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const queue = startQueue({
  database,
  log,
  holder,
  concurrency,
  random: Math.random,
  now: () => performance.now(),
  timing,
  onTurn: (lease, turn) => say(`turn ${lease.subject} ${turn}`),
  onFenced: () => say('fenced'),
  work: {
    async bringUpToDate(hold) {
      say(`begun ${hold.lease.subject}`)
      for (let write = 0; write < writes; write++) {
        await Promise.race([
          sleep(work),
          new Promise((_resolve, reject) => hold.signal.addEventListener('abort', () => reject(hold.signal.reason))),
        ])
        await hold.fence()
        await database.query('INSERT INTO public.writes (subject, epoch, holder) VALUES ($1, $2, $3)', [
          hold.lease.subject,
          hold.lease.epoch,
          holder,
        ])
      }
    },
    async giveUp(hold, error) {
      say(`gave up ${hold.lease.subject} ${error}`)
    },
    judge: () => ({ kind: 'retry' }),
  },
})
const timer = setInterval(() => sweep(database).catch(() => undefined), sweepEvery)
const down = shutdown(
  [
    { name: 'queue', milliseconds: grace + 6_000, end: () => queue.stop(grace) },
    { name: 'sweep', milliseconds: 100, end: async () => clearInterval(timer) },
    { name: 'database', milliseconds: 2_000, end: () => database.close() },
  ],
  log,
)
endOn(process, down, log, (code) => process.exit(code))
say('ready')
