import { changesSql, editsOf, type ChangeSet, type Drift } from '../model/change.js'
import { beginOf, hasUpIn, labelOf, type Conventions } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule, type Problem } from './rule.js'

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
      edited: 'Applied migration {{path}} gets other SQL: {{reaction}}',
      unread:
        'Applied migration {{path}} changes in a part that could not be compared: unless it sends the same SQL as before, databases that ran the old text now differ',
      module:
        'With {{module}} changes the SQL that is sent by {{migrations}}: {{tool}} does not run it again, so databases that ran ' +
        'what was sent before never get the change. Leave there what it uses, and give new code a name of its own',
      opened:
        'With {{module}} changes a file that is named by {{migrations}}, which {{tool}} does not run again: unless it sends the same SQL as ' +
        'before, databases that ran what the file held then now differ',
    },
  },
  check: {
    history(changes, { conventions }) {
      const edits = editsOf(changes)
        .filter(({ up }) => changesSql(up))
        .map(({ head, up, at }) => {
          const [first = beginOf(head), ...related] = at.filter(({ path }) => hasUpIn(head, path))
          const message = up === 'unknown' && !conventions.hashesFiles ? 'unread' : 'edited'
          const data = { path: labelOf(head), reaction: conventions.reactions.edited }
          return { message, at: first, related, data } as const
        })
      return [...edits, ...modulesOf(changes, conventions)]
    },
  },
})

/** One problem for each module whose change gives applied migrations other SQL. */
function modulesOf({ drifts }: ChangeSet, { tool }: Conventions): readonly Problem<'module' | 'opened'>[] {
  const modules = [...new Set(drifts.flatMap(({ through }) => through))]
  return modules.flatMap((module) => {
    const drifted = drifts.filter(({ through }) => through.includes(module))
    const [one] = drifted
    if (one === undefined) return []
    const [first = startOf(one.head.path), ...related] = one.at.filter(({ path }) => path === module)
    const data = { module, migrations: named(drifted), tool }
    const message = drifted.some(({ kind }) => kind === 'other-sql') ? 'module' : 'opened'
    return [{ message, at: first, related, data }]
  })
}

function named(drifted: readonly Drift[]): string {
  const names = drifted.map(({ head }) => head.path.slice(head.path.lastIndexOf('/') + 1))
  const [only, ...others] = names
  if (only === undefined || others.length === 0) return `applied migration ${only}`
  const shown = names.length > 3 ? [...names.slice(0, 3), `${names.length - 3} more`] : names
  return `applied migrations ${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`
}
