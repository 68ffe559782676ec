import { operationsOf } from '../model/migration.js'
import { keyOf, quote, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rename-table',
    code: 'D1',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that existed before this pull request is renamed',
    why:
      'Code and schema are never deployed in the same instant. The release that is running when the migration commits asks for the ' +
      'old name and fails on every query, and so does the old release after a rollback of the code alone. Views and foreign keys ' +
      'follow the table; functions with a text body do not. The lock is ACCESS EXCLUSIVE, but short.',
    instead:
      'Leave a view under the old name in the same transaction: simple views can be written to. Drop it when no release uses it any more.',
    messages: {
      renamed: 'Renames table {{table}} to {{to}}: code that is deployed now fails on its next query',
    },
  },
  check: {
    'rename-table'(operation, { script }) {
      const { table, newName, span } = operation
      const operations = operationsOf(script)
      const later = operations.slice(operations.indexOf(operation) + 1)
      if (later.some((other) => keyOf(table) === nameGivenBy(other))) return
      const to = { schema: table.schema, name: newName }
      const fix =
        `ALTER TABLE ${quote(table)} RENAME TO ${quote(newName)};\n` +
        `CREATE VIEW ${quote(table)} AS SELECT * FROM ${quote(to)};`
      return { message: 'renamed', at: span, data: { table: show(table), to: newName }, fix }
    },
  },
})

/** The relation that keeps the old name alive: a view, or another table that is put in its place. */
function nameGivenBy(operation: Operation): string | null {
  if (operation.kind === 'create-view') return keyOf(operation.view)
  if (operation.kind === 'rename-table') return keyOf({ ...operation.table, name: operation.newName })
  return null
}
