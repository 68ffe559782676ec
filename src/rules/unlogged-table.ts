import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Migration } from '../model/migration.js'
import { drops, operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unlogged-table',
    code: 'B26',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A table is not logged: a crash empties it',
    why:
      'Nothing of an unlogged table is written to the log. After a crash or an immediate shutdown PostgreSQL empties it, because it ' +
      'cannot tell what was saved; replicas never have its rows, and neither does a database that was restored to a point in time. ' +
      'SET UNLOGGED writes the whole table anew under ACCESS EXCLUSIVE. A table that the same pull request drops or sets LOGGED ' +
      'again is not meant.',
    instead: 'Leave the table logged. Where its rows may be lost, say so in an allowance.',
    messages: {
      created: 'Table {{table}} is UNLOGGED: a crash empties it, and replicas never have its rows',
      changed: 'Table {{table}} becomes UNLOGGED: from then on a crash empties it, and replicas lose its rows',
    },
  },
  check: {
    'create-table'({ table, persistence, span }, { pull }) {
      if (persistence !== 'unlogged' || isShortLived(table, pull)) return
      return { message: 'created', at: span, data: { table: show(table) } }
    },
    'alter-table'({ table, action, span }, { pull }) {
      if (action !== 'set-unlogged' || isShortLived(table, pull)) return
      return { message: 'changed', at: span, data: { table: show(table) } }
    },
  },
})

function isShortLived(table: QualifiedName, pull: readonly Migration[]): boolean {
  return operationsIn(pull).some(
    (each) =>
      drops(each, table) ||
      (each.kind === 'alter-table' && each.action === 'set-logged' && keyOf(each.table) === keyOf(table)),
  )
}
