import type { SequenceItem } from '../lint/lint.js'
import { changesSql, type ChangeSet, type RevisionChange } from '../model/change.js'
import type { Revision } from '../model/migration.js'
import type { Side } from './change-set.js'

/**
 * The migrations in the order in which a database meets them. A pull request meets one that stands at the base: first the
 * base's history, whatever the pull request did to its files, then what it adds. Files on their own meet one at their place
 * in the history.
 */
export function sequenceOf(changes: ChangeSet, base: Side, head: Side, mode: 'pull' | 'files'): readonly SequenceItem[] {
  const fates = new Map<Revision, RevisionChange>()
  for (const change of changes.changes) fates.set(change.kind === 'added' ? change.head : change.base, change)
  const itemOf = (side: Side) => (revision: Revision): SequenceItem => {
    const change = fates.get(revision)
    if (change?.kind === 'added') return { role: 'added', migration: head.migration(revision) }
    const migration = side.migration(revision)
    if (change === undefined || change.kind === 'removed' || !rewritten(change)) return { role: 'applied', migration }
    return { role: 'edited', migration: head.migration(change.head), base: migration }
  }
  if (mode === 'files') return changes.head.revisions.map(itemOf(head))
  const added = changes.head.revisions.filter((revision) => fates.get(revision)?.kind === 'added')
  return [...changes.base.revisions, ...added].map(itemOf(base))
}

/** Whether an edit changed what would be sent to PostgreSQL, as far as anybody can tell. */
function rewritten(change: Extract<RevisionChange, { kind: 'edited' | 'renamed' }>): boolean {
  const edits = change.kind === 'renamed' ? [change.edit] : [change.up, change.down]
  return edits.some(changesSql)
}
