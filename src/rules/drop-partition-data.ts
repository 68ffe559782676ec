import { isAbsent, type Catalog } from '../model/catalog.js'
import { keyOf, quote, show } from '../model/names.js'
import type { QualifiedName } from '../model/names.js'
import type { OperationOf } from '../model/operation.js'
import { operationsIn } from '../model/pulled.js'
import { isRecreated } from './drop-and-recreate-table.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-partition-data',
    code: 'B25',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A partition that existed before this pull request is dropped with its rows',
    why:
      'A whole range of the history of its table is gone, and a down script brings back an empty partition at best. Queries of ' +
      'deployed code go on without an error and find nothing there. Dropping a partition that is still attached takes ACCESS ' +
      'EXCLUSIVE on the parent as well, so that every query on the whole table waits. It speaks instead of `drop-table`, so that ' +
      'who lets partitions expire by plan can treat them apart.',
    instead:
      'DETACH PARTITION … CONCURRENTLY first, keep the table for a release or copy it to where it is archived, and drop it then.',
    messages: {
      attached: 'Drops partition {{table}} of {{parent}} with all its rows, and locks {{parent}} against every query',
      detached: 'Drops {{table}} with all its rows, which this pull request detaches from {{parent}}',
    },
  },
  check: {
    'drop-table'(operation, context) {
      const parent = partitionParent(operation, context)
      if (parent === undefined || operation.cascade || isRecreated(operation, context)) return
      const { table, span } = operation
      if (parent.attached) {
        const fix = `ALTER TABLE ${quote(parent.name)} DETACH PARTITION ${quote(table)} CONCURRENTLY;`
        return { message: 'attached', at: span, data: { table: show(table), parent: show(parent.name) }, fix }
      }
      return { message: 'detached', at: span, data: { table: show(table), parent: show(parent.name) } }
    },
  },
})

/** The table that a dropped one is a partition of, or was until this pull request. */
export function partitionParent(
  { table, ifExists }: OperationOf<'drop-table'>,
  { catalog, pull }: Pick<OperationContext<object>, 'catalog' | 'pull'>,
): { readonly name: QualifiedName; readonly attached: boolean } | undefined {
  if (ifExists && isAbsent(catalog, table)) return undefined
  const parent = catalog.table(table)?.partitionOf
  if (parent) return { name: parent, attached: true }
  const detached = operationsIn(pull).find(
    (each): each is OperationOf<'detach-partition'> =>
      each.kind === 'detach-partition' && keyOf(each.partition) === keyOf(nameOf(table, catalog)),
  )
  return detached === undefined ? undefined : { name: detached.table, attached: false }
}

function nameOf(table: QualifiedName, catalog: Catalog): QualifiedName {
  return catalog.table(table)?.name ?? table
}
