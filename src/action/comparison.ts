import type { Api } from '../github/api.js'
import { memoryCache } from '../github/cache.js'
import { GitHubError } from '../github/errors.js'
import { tipOf } from '../github/pulls.js'
import { openSnapshot as fromApi } from '../github/snapshot.js'
import { mergeBase, openRepository, resolveCommit, type Repository as Clone } from '../git/repository.js'
import { openSnapshot as fromClone } from '../git/snapshot.js'
import type { OpenSnapshot } from '../model/open-snapshot.js'
import type { Repository, Subject } from './event.js'
import { isProblem, type Problem, type Runner } from './runner.js'

/** Where a comparison can be read. */
export interface Sources {
  readonly repository: Repository
  /** null without a token. */
  readonly api: Api | null
  readonly runner: Pick<Runner, 'environment' | 'say'>
}

/**
 * Opens the comparison of a change with the commit at which it left its base: from the checkout where that holds enough of the
 * history, else through the API. The policy is that of the base branch as it is now, as far as anybody here knows it.
 */
export async function openComparison(subject: Subject, sources: Sources): Promise<OpenSnapshot | Problem> {
  const { repository, api, runner } = sources
  const clone = await openClone(runner)
  const base = await tip(subject, clone, sources)
  if (isProblem(base)) return base
  const local = isProblem(clone) ? clone : await inClone(clone, base, subject, repository)
  if (!isProblem(local)) return local
  runner.say(`The checkout is not enough: ${local.problem}`)
  if (api === null) return { problem: `${local.problem} ${DEEPER}` }
  try {
    const { head, number, commits } = subject
    const asked = { base, head, number, ...(commits === undefined ? {} : { commits }) }
    return await fromApi(api, asked, memoryCache())
  } catch (error) {
    if (!(error instanceof GitHubError)) throw error
    return { problem: `${local.problem} GitHub did not give it either: ${error.message}. ${DEEPER}` }
  }
}

const DEEPER = 'Set `fetch-depth: 0` at actions/checkout, or give the input github-token a token with `contents: read`.'

async function openClone({ environment }: Pick<Runner, 'environment'>): Promise<Clone | Problem> {
  const { GITHUB_WORKSPACE: workspace, PATH, HOME } = environment
  if (workspace === undefined) return { problem: 'There is no GITHUB_WORKSPACE.' }
  return openRepository(workspace, { PATH, HOME })
}

/** The newest commit of the branch that a change goes to; where nobody can tell, the one that the event names. */
async function tip(subject: Subject, clone: Clone | Problem, { api, runner }: Sources): Promise<string | Problem> {
  const { target, base } = subject
  if (target === null) return base
  if (api !== null) {
    try {
      const found = await tipOf(api, target)
      return found ?? { problem: `The branch ${target} is not there any more.` }
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      runner.say(`GitHub did not say where ${target} is now: ${error.message}`)
    }
  }
  if (isProblem(clone)) return base
  const { remote } = clone
  const known = remote === null ? null : await resolveCommit(clone, `refs/remotes/${remote}/${target}`)
  return known === null || isProblem(known) ? base : known
}

async function inClone(
  clone: Clone,
  base: string,
  { head, number }: Subject,
  { owner, name }: Repository,
): Promise<OpenSnapshot | Problem> {
  for (const commit of [base, head]) {
    const found = await resolveCommit(clone, commit)
    if (isProblem(found)) return { problem: `The checkout does not have the commit ${commit.slice(0, 7)}.` }
  }
  const parted = await mergeBase(clone, base, head)
  if (isProblem(parted)) return parted
  // Where history is cut off, an older commit may be taken for the one at which they parted; not where that is the base itself.
  if (clone.shallow && parted !== base)
    return { problem: 'The checkout is shallow and may lack where the head left its base.' }
  const snapshot = await fromClone({ repository: clone, base, head })
  if (isProblem(snapshot)) return snapshot
  return { ...snapshot, pull: { repository: `${owner}/${name}`, number, base: parted, head } }
}
