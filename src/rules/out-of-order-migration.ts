import { repairs } from '../model/clash.js'
import type { Revision } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'out-of-order-migration',
    code: 'A7',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A new migration sorts before one that is already on the base branch',
    why:
      'Databases are already past that version. Depending on the tool the migration is skipped without a word, so that production ' +
      'never gets it while every fresh database does, or the whole run is refused. It happens when two branches are written at the ' +
      'same time and the later number is merged first.',
    instead: 'Rebase and give the migration a version after the newest one on the base branch.',
    messages: {
      late: 'New migration {{path}} sorts before {{newest}}, which is already applied: {{reaction}}',
    },
  },
  check: {
    history(changes, { conventions }) {
      const { lateVersion, reactions } = conventions
      if (lateVersion !== 'skipped' && lateVersion !== 'refused') return
      const repaired = new Set(repairs(changes).map(({ head }) => head))
      const isNew = new Set(changes.changes.flatMap((change) => (change.kind === 'added' ? [change.head.path] : [])))
      const moved = new Set(changes.changes.flatMap((change) => (change.kind === 'renamed' ? [change.head.path] : [])))
      const order = changes.head.revisions.filter(({ repeatable }) => !repeatable)
      const places = new Map(order.map((revision, place) => [revision, place]))
      const rankOf = (revision: Revision): number => revision.rank ?? places.get(revision) ?? 0
      const newest = order
        .filter(({ path }) => !isNew.has(path) && !moved.has(path))
        .reduce<Revision | null>((last, each) => (last === null || rankOf(each) >= rankOf(last) ? each : last), null)
      if (newest === null) return
      return (
        order
          .filter((revision) => rankOf(revision) <= rankOf(newest))
          .filter((revision) => isNew.has(revision.path) && revision.id !== newest.id && !repaired.has(revision))
          // Databases that are past it never run it.
          .filter(({ baseline }) => baseline !== true)
          .map(({ path }) => ({
            message: 'late',
            at: startOf(path),
            related: [startOf(newest.path)],
            data: { path, newest: newest.path, reaction: reactions.late },
          }))
      )
    },
  },
})
