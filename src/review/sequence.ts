import type { Mode, SequenceItem } from '../lint/lint.js'
import { changesSql, type ChangeSet, type RevisionChange } from '../model/change.js'
import type { Revision } from '../model/migration.js'
import type { Note } from '../model/note.js'
import { startOf } from '../source/span.js'
import type { Side } from './change-set.js'

/**
 * The migrations in the order in which a database meets them. A pull request meets one that stands at the base: first the
 * base's history, whatever the pull request did to its files, then what it adds. Files on their own meet one at their place
 * in the history.
 */
export function sequenceOf(changes: ChangeSet, base: Side, head: Side, mode: Mode): readonly SequenceItem[] {
  const fates = new Map<Revision, RevisionChange>()
  for (const change of changes.changes) {
    if (change.kind !== 'added') fates.set(change.base, change)
    if (change.kind !== 'removed') fates.set(change.head, change)
  }
  const isNew = (revision: Revision): boolean => {
    const change = fates.get(revision)
    return change?.kind === 'added' || (change?.kind === 'edited' && change.head.repeatable && rewritten(change))
  }
  const asAdded = (revision: Revision): SequenceItem => ({ role: 'added', migration: head.migration(revision) })
  const asApplied =
    (side: Side) =>
    (revision: Revision): SequenceItem => {
      const migration = side.migration(revision)
      const change = fates.get(revision)
      if (change === undefined || change.kind === 'added' || change.kind === 'removed')
        return { role: 'applied', migration }
      // A repeatable migration is there to be edited: databases have run the old text and will run the new one as well.
      if (change.head.repeatable || !rewritten(change)) return { role: 'applied', migration }
      return { role: 'edited', migration: head.migration(change.head), base: base.migration(change.base) }
    }
  const { revisions } = changes.head
  const isReplaced = replacedIn(changes.head)
  if (mode === 'files')
    return revisions
      .filter((revision) => isNew(revision) || !isReplaced(revision))
      .map((revision) => (isNew(revision) ? asAdded(revision) : asApplied(head)(revision)))
  const added = revisions.filter(isNew)
  const { newest, replaces } = newBaseline(changes, added)
  const first = replaces === undefined ? newest : undefined
  // What the pull request deletes can only have stood before its new baseline.
  const paths = new Set(revisions.map(({ path }) => path))
  const isGone = ({ path }: Revision): boolean => first !== undefined && !paths.has(path)
  const wasReplaced = replacedIn(changes.base)
  const applied = changes.base.revisions.filter(
    (revision) => (replaces !== undefined || !isReplaced(revision)) && !wasReplaced(revision) && !isGone(revision),
  )
  return [
    ...(first === undefined ? [] : [asAdded(first)]),
    ...applied.map(asApplied(base)),
    ...added.filter((revision) => revision !== newest).map(asAdded),
  ]
}

/** The baseline with which a sequence cannot begin, as databases that never run it have to run what it replaces and is new as well. */
export function leftOut(changes: ChangeSet, sequence: readonly SequenceItem[]): readonly Note[] {
  const added = changes.changes.flatMap((change) => (change.kind === 'added' ? [change.head] : []))
  const { newest, replaces } = newBaseline(changes, added)
  if (newest === undefined || replaces === undefined) return []
  if (sequence.some(({ migration }) => migration.revision.path === newest.path)) return []
  const message = `${newest.path} is not reviewed: databases that begin with it never run ${replaces.path}, which is new as well`
  return [{ message, at: startOf(newest.path), bearing: 'withholds' }]
}

/** The newest baseline of a history where it is new, and a new revision that it stands for. */
function newBaseline(
  { head }: ChangeSet,
  added: readonly Revision[],
): { readonly newest: Revision | undefined; readonly replaces: Revision | undefined } {
  const isReplaced = replacedIn(head)
  const newest = added.findLast((revision) => revision.baseline === true && !isReplaced(revision))
  const replaces = newest && added.find((revision) => revision.baseline !== true && isReplaced(revision))
  return { newest, replaces }
}

/** Whether a revision is one that a database which begins with the history's newest baseline never runs. */
function replacedIn({ revisions }: ChangeSet['head']): (revision: Pick<Revision, 'path'>) => boolean {
  const before = revisions.slice(
    0,
    Math.max(
      0,
      revisions.findLastIndex(({ baseline }) => baseline === true),
    ),
  )
  const paths = new Set(before.map(({ path }) => path))
  return ({ path }) => paths.has(path)
}

/** Whether an edit changed what would be sent to PostgreSQL, as far as anybody can tell. */
function rewritten(change: Extract<RevisionChange, { kind: 'edited' | 'renamed' }>): boolean {
  const edits = change.kind === 'renamed' ? [change.edit] : [change.up, change.down]
  return edits.some(changesSql)
}
