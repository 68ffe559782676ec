import { columnIsNew } from '../model/catalog.js'
import { operationsOf } from '../model/migration.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-primary-key',
    code: 'B19',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table loses its primary key',
    why:
      'Rows can no longer be told apart for certain, and from then on duplicates and NULLs may come in that keep the key from being ' +
      'added again. Where the table is published for logical replication, PostgreSQL itself then rejects every UPDATE and DELETE on ' +
      'it, because it has no replica identity. A key that is replaced in the same script is not meant.',
    instead:
      'Build the unique index of the new key with CREATE UNIQUE INDEX CONCURRENTLY first. Then drop the old key and add the new one ' +
      'with PRIMARY KEY USING INDEX, in one statement.',
    messages: {
      dropped: 'Drops the primary key {{constraint}} of {{table}} and puts no other in its place',
      column: 'Drops column {{column}} of {{table}}, and its primary key {{constraint}} goes with it',
    },
  },
  check: {
    'drop-constraint'({ table, constraint, span }, context) {
      const known = context.catalog.table(table)?.constraints.find(({ name }) => name === constraint)
      const isKey = known === undefined ? /_pkey$/.test(constraint) : known.type === 'primary-key'
      if (!isKey || (known && known.born !== 'base') || isReplaced(table, context)) return
      const confidence = known === undefined ? 'likely' : 'certain'
      return { message: 'dropped', at: span, data: { table: show(table), constraint }, confidence }
    },
    'drop-column'({ table, column, span }, context) {
      if (columnIsNew(context.catalog, table, column) || isReplaced(table, context)) return
      const key = context.catalog.table(table)?.constraints.find(({ type }) => type === 'primary-key')
      if (!key?.columns.includes(column)) return
      return { message: 'column', at: span, data: { table: show(table), column, constraint: key.name } }
    },
  },
})

/** Whether the script gives the table a primary key. */
function isReplaced(table: QualifiedName, { script }: Pick<OperationContext<object>, 'script'>): boolean {
  return operationsOf(script).some((operation) => {
    if (operation.kind !== 'add-constraint' && operation.kind !== 'add-column') return false
    const added = operation.kind === 'add-constraint' ? [operation.constraint] : operation.column.constraints
    return keyOf(operation.table) === keyOf(table) && added.some(({ type }) => type === 'primary-key')
  })
}
