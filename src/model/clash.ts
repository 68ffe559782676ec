import type { ChangeSet } from './change.js'
import type { History, Revision } from './migration.js'

/** Revisions of a history by id; a repeatable one has no version and is left out, unless it is part of a file, where it has an id as others have. */
export function claims({ revisions }: History): ReadonlyMap<string, readonly Revision[]> {
  const byId = new Map<string, Revision[]>()
  for (const revision of revisions) {
    if (!revision.repeatable || revision.within !== undefined)
      byId.set(revision.id, [...(byId.get(revision.id) ?? []), revision])
  }
  return byId
}

/**
 * The renumberings that undo a clash: the base branch holds one version twice, which no runner can have applied, and the pull
 * request gives one of the files another version while another keeps it.
 */
export function repairs({ base, head, changes }: ChangeSet): readonly { base: Revision; head: Revision }[] {
  const before = claims(base)
  const after = claims(head)
  const undoes = (old: Revision, now: Revision): boolean =>
    (before.get(old.id)?.length ?? 0) > 1 && after.has(old.id) && old.id !== now.id && after.get(now.id)?.length === 1
  const added = changes.flatMap((change) => (change.kind === 'added' ? [change.head] : []))
  return changes.flatMap((change) => {
    if (change.kind === 'renamed') return undoes(change.base, change.head) ? [change] : []
    if (change.kind !== 'removed') return []
    const now = added.find((revision) => revision.title === change.base.title && undoes(change.base, revision))
    return now === undefined ? [] : [{ base: change.base, head: now }]
  })
}
