import { isAbsent } from '../model/catalog.js'
import { keepsBooks, operationsOf } from '../model/migration.js'
import { show } from '../model/names.js'
import { isRecreated } from './drop-and-recreate-table.js'
import { partitionParent } from './drop-partition-data.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-table',
    code: 'B1',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that existed before this pull request is dropped',
    why:
      'The rows are gone, and no down script brings them back: it can only make the table again, empty. Code that is still deployed ' +
      'fails on its next query. ACCESS EXCLUSIVE is taken on the table and on every table that its foreign keys point to. Where the ' +
      'drop says CASCADE, the table is a partition, or the same script makes it again, the rule about that speaks instead of this ' +
      'one; a table that already carries a quarantine name has had its warning.',
    instead:
      'First release code that no longer uses the table. Then rename it, for example to `orders_deprecated`, and drop it a release ' +
      'later, when nobody has missed it.',
    messages: {
      dropped: 'Drops table {{table}} with all its rows; a rollback brings back an empty table at best',
    },
  },
  /** Endings that say a table was put aside by an earlier release. */
  defaults: { quarantine: ['_deprecated', '_to_drop', '_to_be_deleted'] as readonly string[] },
  check: {
    'drop-table'(operation, context) {
      const { table, ifExists, cascade, span } = operation
      if (cascade || isRecreated(operation, context) || keepsBooks(context.conventions, table)) return
      if (ifExists && isAbsent(context.catalog, table)) return
      if (isPutAside(table.name, context) || partitionParent(operation, context) !== undefined) return
      return { message: 'dropped', at: span, data: { table: show(table) } }
    },
  },
})

/** Whether an earlier release gave the table a quarantine name; a rename in this pull request is no warning to anybody. */
function isPutAside(
  name: string,
  { options, pull }: OperationContext<{ readonly quarantine: readonly string[] }>,
): boolean {
  if (!options.quarantine.some((ending) => name.endsWith(ending))) return false
  const operations = pull.flatMap(({ up }) => operationsOf(up))
  return !operations.some((operation) => operation.kind === 'rename-table' && operation.newName === name)
}
