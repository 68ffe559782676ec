import type { Delivery, FakeGitHub, Fault, FaultPlan, WebhookManners } from '../support/github/index.js'
import { dice as diceOf, type Dice } from './dice.js'

/** What may go wrong between the App and GitHub. */
export interface Weather {
  /** Something goes wrong from now on; says what. */
  strike(dice: Dice): string
  /** How webhooks go astray: lost, doubled, and in another order. */
  manners(): WebhookManners
  /** Takes out of GitHub's own log what was lost without a trace. */
  forget(): void
  /** Everything is well again. */
  clear(): void
  /** Commits of which each try fails. */
  readonly poisoned: readonly string[]
  /** How many requests were struck, and how many webhooks were lost. */
  struck(): number
  lost(): number
}

const COMPARE = 'GET /repos/{owner}/{repo}/compare/{basehead}'
const CREATE_CHECK = 'POST /repos/{owner}/{repo}/check-runs'
const UPDATE_CHECK = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}'
const COMMENT = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments'
const EDIT = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}'
const REMARKS = 'POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews'
const PULL = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const REACT = 'POST /repos/{owner}/{repo}/issues/comments/{comment_id}/reactions'
const WRITES = [CREATE_CHECK, UPDATE_CHECK, COMMENT, EDIT, REMARKS, REACT]

/** What is done to requests, by the row of the table of faults that it is. `hard`: takes longer than a short run has. */
const KINDS: Readonly<Record<string, (dice: Dice, head: string) => FaultPlan>> = {
  'R22 every third answer is 502': (dice) => ({ before: 502, every: 3, times: dice.whole(4, 12) }),
  'R22 a part of the answers is 503': (dice) => ({ before: 503, chance: 0.2, seed: dice.whole(1, 1e6), times: 12 }),
  'R23 written, and then 502': (dice) => ({ after: 502, route: dice.one(WRITES) ?? COMMENT, times: dice.whole(1, 3) }),
  'R23 written, and then cut off': (dice) => ({
    cut: 'after',
    route: dice.one(WRITES) ?? COMMENT,
    times: dice.whole(1, 3),
  }),
  'R24 the limit is reached': (dice) => ({ limit: 'primary', reset: dice.whole(1, 4), times: 1 }),
  'R25 too fast, come later': (dice) => ({
    limit: 'secondary',
    retryAfter: dice.whole(1, 4),
    status: 429,
    times: dice.whole(1, 3),
  }),
  'R27 HTML': (dice) => ({ garbage: 'html', chance: 0.3, seed: dice.whole(1, 1e6), times: dice.whole(2, 6) }),
  'R27 half of the JSON': (dice) => ({
    garbage: 'half',
    chance: 0.3,
    seed: dice.whole(1, 1e6),
    times: dice.whole(2, 6),
  }),
  'R27 another shape': (dice) => ({ garbage: 'other', chance: 0.2, seed: dice.whole(1, 1e6), times: dice.whole(1, 4) }),
  // Six tries of three requests each, and what others take of it.
  'R36 a head that cannot be judged': (_, head) => ({
    before: 500,
    route: COMPARE,
    times: 24,
    when: ({ path }) => path.includes(head),
  }),
  'R28 not there yet': (dice) => ({ before: 404, route: PULL, times: dice.whole(1, 2) }),
  'R42 no comment can be written': (dice) => ({ before: 500, route: COMMENT, times: dice.whole(1, 4) }),
  'R43 the answer to an update is lost': (dice) => ({ cut: 'after', route: UPDATE_CHECK, times: dice.whole(1, 3) }),
  slow: (dice) => ({ slow: dice.whole(100, 800), chance: 0.5, seed: dice.whole(1, 1e6), times: 20 }),
  'lists without their rest': (dice) => ({ page: 'truncated', route: /^GET/, times: dice.whole(1, 2) }),
}
const HARD: typeof KINDS = {
  'R26 no answer': (dice) => ({ hang: 'before', chance: 0.1, seed: dice.whole(1, 1e6), times: dice.whole(1, 3) }),
  'R26 half an answer': () => ({ hang: 'midway', times: 1 }),
  'R25 too fast, without a word on when': () => ({ limit: 'secondary', times: 1 }),
}

/** Which part of the webhooks is lost, and which part of those is in no log either. */
const LOST = 0.08
const WITHOUT_A_TRACE = 0.3

export function weather(
  github: FakeGitHub,
  {
    seed,
    hard,
    heads,
  }: {
    readonly seed: number
    readonly hard: boolean
    /** Commits that somebody waits for. */
    readonly heads: () => readonly string[]
  },
): Weather {
  const faults: Fault[] = []
  const kinds = { ...KINDS, ...(hard ? HARD : {}) }
  const astray = diceOf(seed)
  const traceless = new Set<Delivery>()
  const poisoned: string[] = []
  let lost = 0
  return {
    poisoned,
    strike(dice) {
      const name = dice.one(Object.keys(kinds)) ?? 'slow'
      const head = dice.one(heads()) ?? 'none'
      const plan = kinds[name]?.(dice, head)
      if (plan !== undefined) faults.push(github.fault(plan))
      if (!name.startsWith('R36')) return name
      poisoned.push(head)
      return `${name}: ${head.slice(0, 7)}`
    },
    manners: () => ({
      concurrency: 6,
      copies: 2,
      shuffle: seed,
      timeout: 3_000,
      lose(delivery) {
        if (!astray.chance(LOST)) return false
        lost++
        // Only what shows in the pull request itself can be found without the log.
        const shows = delivery.event === 'pull_request' && ['opened', 'synchronize'].includes(delivery.action ?? '')
        if (shows && astray.chance(WITHOUT_A_TRACE)) traceless.add(delivery)
        return true
      },
    }),
    forget() {
      if (traceless.size === 0) return
      const { log } = github.webhooks
      log.splice(0, log.length, ...log.filter((delivery) => !traceless.has(delivery)))
    },
    clear() {
      for (const fault of faults) fault.remove()
    },
    struck: () => faults.reduce((sum, { hits }) => sum + hits, 0),
    lost: () => lost,
  }
}
