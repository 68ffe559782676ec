import { labelOf, type Revision } from '../model/migration.js'
import { repairs } from '../model/clash.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

/** Beyond this many, deletions are one act: somebody squashes the history. */
const FEW = 5

export default rule({
  meta: {
    id: 'deleted-applied-migration',
    code: 'A5',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration that is on the base branch is deleted',
    why:
      'Databases that ran it still have it in their books: tools that walk a graph cannot find the revision and stop, tools that ' +
      'hash report an applied migration that is missing. A database built from nothing gets a schema without it. A file whose ' +
      'version clashed with another on the base branch, and which only takes a new version, is not meant.',
    instead: 'Keep the file, and undo what it did in a new migration.',
    messages: {
      deleted:
        'Applied migration {{path}} is deleted: databases that ran it keep its changes, fresh ones never get them, and {{reaction}}',
      many: '{{count}} applied migrations are deleted, {{path}} first: nothing proves that what remains builds the same schema',
    },
  },
  check: {
    history(changes, { conventions }) {
      const repaired = new Set(repairs(changes).map(({ base }) => base))
      const gone = changes.changes.flatMap((change): readonly Revision[] =>
        change.kind === 'removed' && !repaired.has(change.base) ? [change.base] : [],
      )
      const [first, ...rest] = gone
      if (first === undefined) return
      const places = rest.map(({ path }) => startOf(path))
      if (gone.length > FEW) {
        return {
          message: 'many',
          at: startOf(first.path),
          related: places,
          data: { count: gone.length, path: labelOf(first) },
        }
      }
      return gone.map((revision) => ({
        message: 'deleted',
        at: startOf(revision.path),
        data: { path: labelOf(revision), reaction: conventions.reactions.deleted },
      }))
    },
  },
})
