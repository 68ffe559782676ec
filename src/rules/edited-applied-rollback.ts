import { editsOf } from '../model/change.js'
import { labelOf, stopsOver } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'edited-applied-rollback',
    code: 'A4',
    family: 'history',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Only the down script of an applied migration changes',
    why:
      'Repairing a broken rollback is usually right, and no database has run the old one. Two things are worth knowing: the new text ' +
      'has not been tried on a schema that the old up made, and where both directions share a file that the tool hashes, the repair ' +
      'stops the tool just as an edit of up would. There the finding is an error.',
    instead:
      'Rehearse up, down and up again with the new text. Where the file is hashed, restore it and write a new migration.',
    messages: {
      hashed:
        'The down script of applied migration {{path}} changes, and {{tool}} hashes the file that holds it: it stops on every database that ran the old bytes',
      free: 'The down script of applied migration {{path}} changes; up stays as it was applied',
    },
  },
  check: {
    history(changes, { conventions }) {
      return editsOf(changes)
        .filter(({ up, down }) => up === null && down !== null)
        .map(({ base, head, at }) => {
          const file = head.downPath ?? head.path
          const [first = startOf(file), ...related] = at.filter(({ path }) => path === file)
          const place = {
            at: first,
            related,
            data: { path: head.within === undefined ? file : labelOf(head), tool: conventions.tool },
          }
          if (stopsOver(conventions, base, head) && head.downPath === null)
            return { message: 'hashed', weight: 'error', ...place }
          return { message: 'free', ...place }
        })
    },
  },
})
