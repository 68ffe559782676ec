import type { Rehearsal } from '../model/evidence.js'
import { labelOf, type Revision } from '../model/migration.js'
import type { Review } from '../model/review.js'

/** Rehearsals without those of migrations that databases have already applied: what those do is done. */
export function newRehearsals({
  migrations,
  rehearsals,
}: Pick<Review, 'migrations' | 'rehearsals'>): readonly Rehearsal[] {
  const paths = (some: Review['migrations']): readonly string[] => some.map(({ revision }) => labelOf(revision))
  const fresh = new Set(paths(migrations.filter(({ change }) => change === 'added')))
  const known = new Set(paths(migrations))
  const isNew = (revision: Revision): boolean => fresh.has(labelOf(revision)) || !known.has(labelOf(revision))
  return rehearsals.filter(({ revision }) => isNew(revision))
}
