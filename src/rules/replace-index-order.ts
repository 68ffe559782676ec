import { isOld, type CatalogIndex } from '../model/catalog.js'
import { operationsOf, type Migration } from '../model/migration.js'
import { keyOf, show } from '../model/names.js'
import type { OperationOf } from '../model/operation.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'replace-index-order',
    code: 'C5',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'An index is dropped before the one that takes its place is built',
    why:
      'From the drop until the new index is complete, queries and foreign key checks that used the old one read the whole table. On a busy ' +
      'one that is an outage for as long as the build lasts, which the load makes last longer.',
    instead: 'Build the new index first, under another name if need be, then drop the old one and rename.',
    messages: {
      gap: 'Index {{index}} of {{table}} goes before {{next}}, which begins with the same column, is built in line {{line}}{{file}}',
    },
  },
  check: {
    'drop-index'(operation, context) {
      const index = context.catalog.index(operation.index)
      if (index === undefined || !index.valid || index.columns[0] === null || !isOld(context.catalog, index.table))
        return
      const next = replacement(index, context)
      if (next === undefined || isCovered(index, context)) return
      const file = next.span.path === operation.span.path ? '' : ` of ${next.span.path.split('/').at(-1) ?? ''}`
      return {
        message: 'gap',
        at: operation.span,
        related: [next.span],
        data: {
          index: show(operation.index),
          table: show(index.table),
          next: next.name === null ? 'another' : `index ${next.name}`,
          line: next.span.start.line,
          file,
        },
      }
    },
  },
})

/** The index that is built later, in another transaction, and can answer what the dropped one did. */
function replacement(
  index: CatalogIndex,
  { script, statement, session, pull, migration }: OperationContext<object>,
): OperationOf<'create-index'> | undefined {
  // Within one transaction nobody sees the time in between: the drop has closed the table.
  const rest = session.inTransaction ? [] : script.statements.slice(statement.index + 1)
  const place = pull.findIndex((each: Migration) => each.revision.id === migration.revision.id)
  const later = place < 0 ? [] : pull.slice(place + 1)
  return [...rest.flatMap(({ operations }) => operations), ...later.flatMap(({ up }) => operationsOf(up))].find(
    (each): each is OperationOf<'create-index'> =>
      each.kind === 'create-index' &&
      keyOf(each.table) === keyOf(index.table) &&
      each.keys[0]?.column === index.columns[0],
  )
}

/** Whether an index that stays begins with the same column. */
function isCovered(index: CatalogIndex, { catalog }: OperationContext<object>): boolean {
  return catalog
    .indexes(index.table)
    .some(
      (other) =>
        keyOf(other.name) !== keyOf(index.name) &&
        other.valid &&
        !other.partial &&
        other.columns[0] === index.columns[0],
    )
}
