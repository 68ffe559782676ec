import { pathsOf } from '../../dist/model/migration.js'
import { unsentGaps } from '../../dist/rehearsal/script-run.js'
import { historiesIn } from '../histories.mjs'

/**
 * One plan for each project that has a labelled revision: its whole history, with the role `rehearse` for the labelled
 * revisions that were understood. `notUnderstood` says of the others why not; of a path that is no revision, too.
 */
export async function plansOf(tree, labels, postgres) {
  const plans = []
  const notUnderstood = new Map([...labels.keys()].map((path) => [path, 'it is in no history that was found']))
  for (const { project, revisions, migration } of await historiesIn(tree, postgres)) {
    if (!revisions.some((revision) => pathsOf(revision).some((path) => labels.has(path)))) continue
    const plan = revisions.map((revision) => {
      const labelled = labels.has(revision.path)
      const { up, down } = migration(revision, labelled)
      const hole = labelled ? (holeIn('up', up) ?? holeIn('down', down)) : null
      if (hole !== null) notUnderstood.set(revision.path, hole)
      else notUnderstood.delete(revision.path)
      const role = labelled && hole === null ? 'rehearse' : 'replay'
      return { revision, up, down, role, bookkeeping: project.conventions.bookkeeping }
    })
    if (plan.some(({ role }) => role === 'rehearse')) plans.push(plan)
  }
  return { plans, notUnderstood }
}

/** Why a script cannot be run whole; null when it can. That there is no down, or none by intent, is understood. */
function holeIn(direction, script) {
  if (script.kind === 'script') {
    const [gap] = unsentGaps(script)
    return gap === undefined ? null : `${direction}: ${gap.message}`
  }
  if (script.kind === 'refused') return `${direction}: ${script.reason}`
  return direction === 'up' ? `up: the script is ${script.kind}` : null
}
