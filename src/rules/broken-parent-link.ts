import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'broken-parent-link',
    code: 'A12',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A revision names a parent that does not exist',
    why:
      'The runner builds the whole graph before it applies anything, and a parent that is nowhere to be found stops it: neither an ' +
      'existing nor a fresh database can migrate. Links that are already broken on the base branch are left out, and so is the child ' +
      'of a revision that this pull request deletes: there the deletion is what has to be undone.',
    instead: 'Point the revision at the head of the base branch, or add the missing parent to this pull request.',
    messages: {
      missing:
        'Revision {{id}} names parent {{parent}}, which is in no file: {{tool}} cannot build the graph and applies nothing',
    },
  },
  check: {
    history({ base, head }, { conventions }) {
      const known = new Set(head.revisions.map(({ id }) => id))
      const links = new Set(base.revisions.flatMap(({ id, parents }) => parents.map((parent) => `${id} ${parent}`)))
      return head.revisions.flatMap(({ id, path, parents }) =>
        parents
          .filter((parent) => !known.has(parent) && !links.has(`${id} ${parent}`))
          .map((parent) => ({
            message: 'missing' as const,
            at: startOf(path),
            data: { id, parent, tool: conventions.tool },
          })),
      )
    },
  },
})
