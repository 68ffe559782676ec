import { markedFinding } from '../../src/report/inline.js'
import type { CheckRun, FakeGitHub, FakePull, FakeRepository } from '../support/github/index.js'
import type { Ledger } from './ledger.js'
import { contextAt, type Verdicts } from './verdicts.js'

/** What was found when everything was quiet again: each list names what should not be. */
export interface Judgement {
  /** Heads of open pull requests and groups without a completed run of ours that says what is right. */
  readonly lost: readonly string[]
  /** Commands that nobody answered. */
  readonly unanswered: readonly string[]
  /** A success that was right at no moment in which it can have been found out. */
  readonly wrongGreen: readonly string[]
  /** What stands there twice: comments, answers, remarks, annotations. */
  readonly duplicates: readonly string[]
  /** Check runs that nobody completed, whatever commit they are of. */
  readonly inProgress: readonly string[]
  /** What a correct program never asks GitHub. */
  readonly violations: readonly string[]
}

export async function judge(github: FakeGitHub, ledger: Ledger, verdicts: Verdicts): Promise<Judgement> {
  const { repositories } = ledger
  return {
    lost: await lostIn(ledger, verdicts),
    unanswered: unansweredIn(ledger),
    wrongGreen: (await Promise.all(repositories.map((repository) => wrongGreens(repository, verdicts)))).flat(),
    duplicates: repositories.flatMap(duplicatesIn),
    inProgress: repositories.flatMap((repository) =>
      ours(repository)
        .filter(({ status }) => status !== 'completed')
        .map((run) => `${repository.fullName} ${run.headSha.slice(0, 7)}: run ${run.id} is ${run.status}`),
    ),
    violations: [...github.violations.map((each) => JSON.stringify(each)), ...github.mistakes],
  }
}

const NAME = 'dba'

/** The check runs of the App under test: nobody else writes any here. */
export function ours(repository: FakeRepository): readonly CheckRun[] {
  return repository.checks.runs.filter(({ name }) => name === NAME)
}

/** What the newest run of ours on a commit says; '' where there is none, or it is not completed. */
export function newestOn(repository: FakeRepository, head: string): string {
  const run = repository.checkRuns(head, NAME).at(-1)
  return run?.status === 'completed' ? (run.conclusion ?? '') : ''
}

/** Heads that somebody waits for: of open pull requests, and of groups that were not taken apart. */
export function heads(
  ledger: Ledger,
): readonly { readonly repository: FakeRepository; readonly head: string; readonly what: string }[] {
  const pulls = ledger
    .lives()
    .flatMap(({ repository, pull }) =>
      pull.open ? [{ repository, head: pull.sha, what: `${repository.fullName}#${pull.number}` }] : [],
    )
  const groups = ledger
    .groups()
    .flatMap(({ repository, group, gone }) =>
      gone
        ? []
        : [{ repository, head: group.headSha, what: `${repository.fullName} group ${group.headSha.slice(0, 7)}` }],
    )
  return [...pulls, ...groups]
}

async function lostIn(ledger: Ledger, verdicts: Verdicts): Promise<readonly string[]> {
  const lost: string[] = []
  for (const { repository, head, what } of heads(ledger)) {
    const right = await verdicts.rightAt(repository, head, ledger.now())
    const says = newestOn(repository, head)
    if (right?.has(says) === true) continue
    const run = repository.checkRuns(head, NAME).at(-1)
    lost.push(
      `${what} at ${head.slice(0, 7)} says ${says || 'nothing'} and not ${[...(right ?? [])].join(' or ')}: ${run?.output.title ?? ''}`,
    )
  }
  return lost
}

function unansweredIn(ledger: Ledger): readonly string[] {
  return ledger.words().flatMap(({ pull, comment, touched }) => {
    if (touched || !pull.open || !comment.body.startsWith('/dba')) return []
    const reactions = comment.reactions.map(({ content }) => content)
    if (reactions.includes('+1') || reactions.includes('confused')) return []
    return [
      `${pull.repository.fullName}#${pull.number} ${comment.author.login}: ${comment.body} (${reactions.join(' ')})`,
    ]
  })
}

/** How long before it is written something may have been found out, in milliseconds. */
const WORK = 120_000

/**
 * Successes that were right at no moment of the two minutes before they were written: whoever writes one has read the pull request
 * before, and what people do meanwhile cannot be known.
 */
async function wrongGreens(repository: FakeRepository, verdicts: Verdicts): Promise<readonly string[]> {
  const wrong: string[] = []
  for (const run of ours(repository)) {
    for (const { conclusion, at } of run.history) {
      if (conclusion !== 'success') continue
      const moments = verdicts.momentsOf(repository, run.headSha, at - WORK, at)
      let isRight = false
      for (const moment of moments) {
        isRight ||= (await verdicts.rightAt(repository, run.headSha, moment))?.has('success') === true
      }
      if (!isRight) wrong.push(`${repository.fullName} ${run.headSha.slice(0, 7)}: ${run.output.title ?? ''}`)
    }
  }
  return wrong
}

function duplicatesIn(repository: FakeRepository): readonly string[] {
  return [...repository.pulls.values()]
    .flatMap((pull) => [
      ...twice(marksIn(repository, pull)).map((mark) => `${repository.fullName}#${pull.number}: ${mark}`),
      ...twice(remarksIn(pull)).map((remark) => `${repository.fullName}#${pull.number}: remark ${remark}`),
    ])
    .concat(
      ours(repository).flatMap((run) =>
        twice(run.output.annotations.map((each) => JSON.stringify(each))).map(
          (each) => `run ${run.id}: annotation ${each}`,
        ),
      ),
    )
}

/** Every comment of ours begins with what it is about, unseen. */
function marksIn(repository: FakeRepository, pull: FakePull): readonly string[] {
  return repository
    .comments(pull)
    .filter(({ app }) => app !== null)
    .map(({ body }) => body.split('\n', 1)[0] ?? '')
}

function remarksIn(pull: FakePull): readonly string[] {
  return pull.threads.flatMap(({ resolvedBy, comments: [first] }) =>
    first === undefined || resolvedBy !== null || first.commit !== pull.sha
      ? []
      : [markedFinding(first.body) ?? first.body],
  )
}

function twice(items: readonly string[]): readonly string[] {
  return [...new Set(items.filter((item, index) => items.indexOf(item) !== index))]
}

/** How long it took until a head said what is right, for each state of a pull request that lasted so long; in milliseconds. */
export async function recoveries(ledger: Ledger, verdicts: Verdicts): Promise<readonly number[]> {
  const found: number[] = []
  for (const life of ledger.lives()) {
    for (const [index, { at, open, head }] of life.contexts.entries()) {
      if (!open) continue
      const until = life.contexts[index + 1]?.at ?? ledger.now()
      const when = await rightSince(life.repository, head, at, until, verdicts)
      if (when !== null && contextAt(life, when)?.head === head) found.push(when - at)
    }
  }
  return found.sort((a, b) => a - b)
}

/** The first moment in a stretch at which the newest run of ours was completed and right. */
async function rightSince(
  repository: FakeRepository,
  head: string,
  from: number,
  until: number,
  verdicts: Verdicts,
): Promise<number | null> {
  const changes = repository
    .checkRuns(head, NAME)
    .flatMap((run) => run.history.map(({ conclusion, at }) => ({ id: run.id, conclusion, at })))
    .sort((a, b) => a.at - b.at)
  const moments = [from, ...changes.map(({ at }) => at).filter((at) => at > from && at < until)]
  for (const moment of moments) {
    const past = changes.filter(({ at }) => at <= moment)
    const newest = Math.max(...past.map(({ id }) => id))
    const says = past.findLast(({ id }) => id === newest)?.conclusion
    if (says && (await verdicts.rightAt(repository, head, moment))?.has(says) === true) return moment
  }
  return null
}
