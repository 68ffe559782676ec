import { isAbsent } from '../model/catalog.js'
import { operationsOf } from '../model/migration.js'
import { keyOf, show } from '../model/names.js'
import type { DropTable } from '../model/operations/table.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-and-recreate-table',
    code: 'B16',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that existed before is dropped and created again',
    why:
      'It reads like a clean start and works on every empty database. In production it wipes the table, and with it the indexes, ' +
      'grants, triggers and policies that the new definition does not repeat. Generators write it when they are told to force. It ' +
      'speaks instead of `drop-table` and `drop-table-cascade`, which would say half of it.',
    instead:
      'Change the table with ALTER TABLE. To start from nothing on purpose, say so with TRUNCATE, which keeps the rest.',
    messages: {
      wiped:
        'Drops table {{table}} and creates it again: all rows are lost, with indexes, grants and triggers that are not repeated',
      cascaded:
        'Drops table {{table}} with CASCADE and creates it again: all rows are lost, and so are views and foreign keys of others',
    },
  },
  check: {
    'drop-table'(operation, context) {
      const { table, cascade, ifExists, span } = operation
      if (!isRecreated(operation, context) || (ifExists && isAbsent(context.catalog, table))) return
      return { message: cascade ? 'cascaded' : 'wiped', at: span, data: { table: show(table) } }
    },
  },
})

/** Whether a later statement of the same script creates the dropped table again. */
export function isRecreated(drop: DropTable, { script }: Pick<OperationContext<object>, 'script'>): boolean {
  const operations = operationsOf(script)
  return operations
    .slice(operations.indexOf(drop) + 1)
    .some((later) => later.kind === 'create-table' && keyOf(later.table) === keyOf(drop.table))
}
