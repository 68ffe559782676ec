import { setTimeout } from 'node:timers/promises'
import { Client } from 'pg'
import { stage } from '../support/app-under-test.js'
import { repositoriesOf } from './cast.js'
import { dice } from './dice.js'
import { heads, judge, newestOn, ours, recoveries, type Judgement } from './judge.js'
import { ledger } from './ledger.js'
import { machines } from './machines.js'
import { oracle } from './oracle.js'
import { people } from './people.js'
import { planOf, type Pace } from './plan.js'
import { verdicts } from './verdicts.js'
import { weather } from './weather.js'

export interface ChaosOptions {
  readonly seed: number
  /** How long things go wrong, in milliseconds. */
  readonly milliseconds: number
  readonly pace: Pace
  /** Whether GitHub may also do what takes the App a minute to get over. */
  readonly hard: boolean
  readonly longestStop: number
  /** How long it may take until all is well again, in milliseconds. */
  readonly patience: number
  /** The folder of PostgreSQL's programs. */
  readonly programs: string
  /** Told what happens. */
  readonly say: (line: string) => void
}

/** What came of it. */
export interface Outcome extends Judgement {
  readonly figures: Readonly<Record<string, number>>
  /** What was still to be done when patience had run out: nothing, where all came to rest. */
  readonly restless: readonly string[]
  /** Exit codes of processes that were asked to end, other than 0. */
  readonly badExits: readonly string[]
  readonly log: readonly string[]
}

/** Lets everything go wrong for a while, as the seed has it, puts it right, waits until all is quiet, and looks at what is there. */
export async function chaos(options: ChaosOptions): Promise<Outcome> {
  const { seed, milliseconds, programs, say } = options
  const at = await stage(programs, { seed })
  try {
    const { github } = at
    const repositories = repositoriesOf(github)
    const book = ledger(repositories, Date.now)
    const world = people(repositories, book)
    const waiting = (): readonly string[] => heads(book).map(({ head }) => head)
    const storm = weather(github, { seed, hard: options.hard, heads: waiting })
    const asked = await oracle(programs)
    const right = verdicts(book, asked)
    const { longestStop } = options
    const plant = await machines(at, { environment: { PATH: programs }, manners: storm.manners, longestStop })

    const begun = performance.now()
    const tell = (line: string): void =>
      say(`${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${line}`)
    let disasters = Promise.resolve()
    const counts = { people: 0, weather: 0, machines: 0 }
    for (const step of planOf(seed, milliseconds, options.pace)) {
      await setTimeout(Math.max(0, step.at - (performance.now() - begun)))
      counts[step.who]++
      await hurry(at.databaseUrl, storm.poisoned)
      if (step.who === 'people') {
        plant.balance(step.dice)
        tell(world.act(step.dice))
        storm.forget()
      } else if (step.who === 'weather') tell(`GitHub: ${storm.strike(step.dice)}`)
      // One thing at a time happens to the machines; people do not wait for it.
      else disasters = disasters.then(async () => tell(await plant.strike(step.dice)))
    }
    await disasters

    tell('all is put right')
    storm.clear()
    github.webhooks.behave({ concurrency: 4 })
    await plant.heal()
    await plant.renew()
    plant.balance(dice(seed))
    const healed = performance.now()
    await rest(at.databaseUrl, options.patience)
    const givenUp = repeat(book)
    const restless = await rest(at.databaseUrl, options.patience)
    const quiet = performance.now() - healed
    tell(`all is quiet after ${(quiet / 1000).toFixed(1)} s`)

    const judgement = await judge(github, book, right)
    const times = await recoveries(book, right)
    return {
      ...judgement,
      restless,
      badExits: plant.exits.filter(({ code }) => code !== 0).map(({ code }) => `exit code ${code}`),
      figures: {
        ...counts,
        'pull requests': book.lives().length,
        'open at the end': heads(book).length,
        groups: book.groups().length,
        comments: book.words().length,
        'requests to GitHub': github.requests.length,
        'requests struck': storm.struck(),
        'webhooks sent': github.webhooks.log.length,
        'webhooks lost': storm.lost(),
        'check runs': repositories.flatMap(ours).length,
        'reviews by the oracle': asked.reviews(),
        'given up': plant.lines().filter((line) => line.includes('"message":"given up"')).length,
        'given up, and asked again': givenUp,
        'slowest end, ms': Math.max(0, ...plant.exits.map(({ milliseconds: took }) => took)),
        'right after, p50 ms': percentile(times, 0.5),
        'right after, p99 ms': percentile(times, 0.99),
        'quiet after, ms': quiet,
      },
      log: plant.lines(),
    }
  } finally {
    await at.stop()
  }
}

/** What failed too often ends in a failing run with a button, which somebody presses. Returns how many there were. */
function repeat(book: ReturnType<typeof ledger>): number {
  let count = 0
  for (const { repository, head } of heads(book)) {
    const run = repository.checkRuns(head, 'dba').at(-1)
    if (newestOn(repository, head) !== 'failure' || run?.output.title !== 'The review could not be made') continue
    repository.rerun(run, 'carl')
    count++
  }
  return count
}

/**
 * What fails each time waits longer and longer between its tries, longer than a run lasts: time passes quicker for it. Nothing is
 * done while the database is away.
 */
async function hurry(url: string, poisoned: readonly string[]): Promise<void> {
  if (poisoned.length === 0) return
  const client = new Client({ connectionString: url })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query(
      `UPDATE dba.subjects SET next_at = pg_catalog.clock_timestamp()
       WHERE head = ANY($1) AND attempts > 0 AND lease_holder IS NULL AND dead_at IS NULL`,
      [poisoned],
    )
  } catch {
    // It is tried again at the next step.
  } finally {
    await client.end().catch(() => undefined)
  }
}

const OPEN_WORK = `
  SELECT 'delivery ' || delivery || ' ' || event AS what FROM dba.inbox WHERE state = 'pending'
  UNION ALL
  SELECT 'repository ' || repository_id || ' ' || subject || coalesce(': ' || error, '') FROM dba.subjects
  WHERE (wanted_epoch > done_epoch AND dead_at IS NULL) OR lease_holder IS NOT NULL
  UNION ALL
  SELECT 'repository ' || repository_id || ' comment ' || comment_id FROM dba.commands WHERE state = 'pending'`

/** Waits until nothing is left to do, for two seconds on end; returns what was left when patience ran out. */
async function rest(url: string, patience: number): Promise<readonly string[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let open: readonly string[] = []
    const end = performance.now() + patience
    for (let quiet = 0; quiet < 4 && performance.now() < end;) {
      await setTimeout(500)
      open = (await client.query<{ what: string }>(OPEN_WORK)).rows.map(({ what }) => what)
      quiet = open.length === 0 ? quiet + 1 : 0
    }
    return open
  } finally {
    await client.end()
  }
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}
