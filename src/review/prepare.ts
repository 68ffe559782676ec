import { clued, gathered } from '../frameworks/gather.js'
import { detectProjects, unreadPaths } from '../frameworks/index.js'
import { entriesOf, type FileEntries } from '../model/file-set.js'
import type { Project } from '../model/migration.js'
import type { OpenSnapshot, Side } from '../model/open-snapshot.js'
import type { PolicyChange } from '../model/policy-change.js'
import type { FileSet, PullRequest } from '../model/pull-request.js'
import type { Settings } from '../model/settings.js'
import { policyChange } from './policy-change.js'
import { CONFIG_PATH } from './policy.js'

/** A comparison with its policy and the texts that the frameworks asked for. */
export interface Prepared {
  readonly pull: PullRequest
  readonly base: FileEntries
  readonly head: FileEntries
  readonly complete: OpenSnapshot['complete']
  readonly settings: Settings
  /** What the pull request makes of the policy. */
  readonly policy: PolicyChange
}

/**
 * Loads what the frameworks ask for, on both sides; every door reviews what comes out of here. `owner` is whose repository it is, where
 * that is known, `path` where the policy is kept.
 */
export async function prepareReview(
  snapshot: OpenSnapshot,
  settings: Settings,
  owner: string | null = null,
  path = CONFIG_PATH,
): Promise<Prepared> {
  const clues = { base: await clued(snapshot.base), head: await clued(snapshot.head) }
  const projects = [clues.base, clues.head].flatMap((files) => detectProjects(files, settings.migrations))
  return {
    pull: snapshot.pull,
    base: await load(snapshot.base, clues.base, projects, settings),
    head: await load(snapshot.head, clues.head, projects, settings),
    complete: snapshot.complete,
    settings,
    policy: await policyChange(snapshot, owner, { path, statistics: settings.tables.statistics }),
  }
}

async function load(
  side: Side,
  clues: FileSet,
  projects: readonly Project[],
  { baseline }: Settings,
): Promise<FileEntries> {
  const besides = [...unreadPaths(side, projects), ...(baseline === null ? [] : [baseline])]
  return entriesOf(await gathered(side, clues, projects, besides))
}
