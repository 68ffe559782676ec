import { sideOf, type OpenSnapshot, type Side } from '../../src/model/open-snapshot.js'
import { treeEntry } from '../../src/model/tree-entry.js'
import type { Review } from '../../src/model/review.js'
import { analyse } from '../../src/review/analyse.js'
import { policyOn } from '../../src/review/policy.js'
import { prepareReview } from '../../src/review/prepare.js'
import { review } from '../../src/review/review.js'
import { providerOf } from '../../src/sandbox/choose.js'
import { loadParsers } from '../../src/sql/parse.js'
import type { FakeRepository } from '../support/github/index.js'

/** What is compared. */
export interface Question {
  readonly repository: FakeRepository
  /** null for a group of a merge queue. */
  readonly number: number | null
  readonly target: string
  /** The commit that the target is at. */
  readonly base: string
  readonly head: string
}

/** What a review on its own says, and what is typed to agree to it. */
export interface Truth {
  readonly verdict: Review['verdict']
  readonly code: string | null
}

/**
 * Says what is true of two commits, by a review that has neither a GitHub nor a queue nor a database: the files come from the
 * objects of the fake, and nothing else of the App has a part in it.
 */
export interface Oracle {
  truth(question: Question): Promise<Truth>
  /** How many reviews it has made. */
  reviews(): number
}

export async function oracle(programs: string): Promise<Oracle> {
  await loadParsers()
  const known = new Map<string, Promise<Truth>>()
  return {
    reviews: () => known.size,
    truth(question) {
      const { repository, number, target, base, head } = question
      const key = [repository.id, number, target, base, head].join(' ')
      const found = known.get(key) ?? ask(question, programs)
      known.set(key, found)
      return found
    },
  }
}

async function ask(question: Question, programs: string): Promise<Truth> {
  const { repository, number, target } = question
  const snapshot = snapshotOf(question)
  const policy = await policyOn(snapshot.policy)
  if ('problem' in policy) return { verdict: 'block', code: null }
  const { settings } = policy
  const prepared = await prepareReview(snapshot, settings)
  const isBroken = await breaksPolicy(snapshot)
  const { verdict, approval } = await review(
    {
      ...prepared,
      today: new Date().toISOString().slice(0, 10),
      ...(number === null
        ? {}
        : { circumstances: { repository: repository.id, target, consents: [], issues: 0, ignores: [], clashes: [] } }),
    },
    {
      analyse: (input) => Promise.resolve(analyse(input)),
      sandbox: providerOf(settings.rehearsal.sandbox, { folders: [programs], path: programs }),
      signal: AbortSignal.timeout(120_000),
      progress: () => undefined,
    },
  )
  return { verdict: isBroken ? 'block' : verdict, code: approval.code }
}

async function breaksPolicy({ head }: OpenSnapshot): Promise<boolean> {
  return 'problem' in (await policyOn(head))
}

function snapshotOf({ repository, number, base, head }: Question): OpenSnapshot {
  const parted = repository.objects.mergeBase(base, head)?.sha ?? base
  return {
    pull: { repository: repository.fullName, number, base: parted, head },
    policy: sideAt(repository, base),
    base: sideAt(repository, parted),
    head: sideAt(repository, head),
    complete: true,
  }
}

function sideAt({ objects }: FakeRepository, commit: string): Side {
  const files = objects.files(objects.commit(commit)?.tree ?? '')
  const entries = [...files].map(([path, { mode, sha }]) => treeEntry(Buffer.from(path), mode, sha))
  return sideOf(entries, (asked) =>
    Promise.resolve(new Map(asked.map(({ path, object }) => [path, objects.blob(object ?? '') ?? Buffer.alloc(0)]))),
  )
}
