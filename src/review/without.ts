import type { Note } from '../model/note.js'
import type { OpenSnapshot } from '../model/open-snapshot.js'
import type { PullRequest } from '../model/pull-request.js'
import type { Parts } from './conclude.js'
import { NO_POLICY_CHANGE, type PolicyChange } from '../model/policy-change.js'

/** The parts of a review of a pull request that does not matter to migrations; where its files are not all known, that is no pass. */
export function untouched({ pull, complete }: Pick<OpenSnapshot, 'pull' | 'complete'>, changed: PolicyChange): Parts {
  const missing = complete === true ? [] : [withheld(`the list of files is not complete: ${complete.incomplete}`)]
  return { ...NOTHING, pull, findings: changed.findings, notes: [...missing, ...changed.notes] }
}

/** Those of a pull request that could not be looked at. */
export function unseen(pull: PullRequest, problem: string, changed: PolicyChange = NO_POLICY_CHANGE): Parts {
  return { ...NOTHING, pull, findings: changed.findings, notes: [withheld(problem), ...changed.notes] }
}

const NOTHING = { projects: [], migrations: [], rehearsals: [] }

/** Why a review cannot be a pass. */
export function withheld(message: string): Note {
  return { message, at: null, bearing: 'withholds' }
}
