import type { Rehearsal } from '../model/evidence.js'
import type { Revision } from '../model/migration.js'
import type { Review } from '../model/review.js'

/** Rehearsals without those of migrations that databases have already applied: what those do is done. */
export function newRehearsals({
  migrations,
  rehearsals,
}: Pick<Review, 'migrations' | 'rehearsals'>): readonly Rehearsal[] {
  const paths = (some: Review['migrations']): readonly string[] => some.map(({ revision }) => revision.path)
  const fresh = new Set(paths(migrations.filter(({ change }) => change === 'added')))
  const known = new Set(paths(migrations))
  const isNew = ({ path }: Revision): boolean => fresh.has(path) || !known.has(path)
  return rehearsals.filter(({ revision }) => isNew(revision))
}
