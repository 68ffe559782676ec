import { changesSql, editsOf } from '../model/change.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'edited-applied-migration',
    code: 'A1',
    family: 'history',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration that is already on the base branch gets other SQL',
    why:
      'What is on the base branch counts as applied. A database that ran the old text either refuses the next run, where the tool ' +
      'hashes its files, or never receives the change at all, so that production and a fresh install drift apart. A test run cannot ' +
      'see it: it starts from an empty database, where the new text is all there ever was.',
    instead: 'Restore the file as it is on the base branch, and put the difference into a new migration.',
    messages: {
      hashed:
        'Applied migration {{path}} gets other SQL: {{tool}} compares the hashes of applied files and stops on every database that ran the old text',
      silent:
        'Applied migration {{path}} gets other SQL: {{tool}} does not run it again, so databases that ran the old text never get the change',
      unread:
        'Applied migration {{path}} changes in a part that could not be compared: unless it sends the same SQL as before, databases that ran the old text now differ',
    },
  },
  check: {
    history(changes, { conventions }) {
      return editsOf(changes)
        .filter(({ up }) => changesSql(up))
        .map(({ head, up, at }) => {
          const [first = startOf(head.path), ...related] = at.filter(({ path }) => path === head.path)
          const message = conventions.hashesFiles ? 'hashed' : up === 'unknown' ? 'unread' : 'silent'
          return { message, at: first, related, data: { path: head.path, tool: conventions.tool } }
        })
    },
  },
})
