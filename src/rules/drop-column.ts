import { columnIsNew } from '../model/catalog.js'
import { show } from '../model/names.js'
import { replacementOf } from './drop-and-add-column.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-column',
    code: 'B3',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A column that existed before this pull request is dropped',
    why:
      'The values are gone; a down script can only add the column again, empty. Code that is still deployed names the column in its ' +
      'queries and fails. The statement itself is quick: ACCESS EXCLUSIVE, but only the catalog is written. A generated column ' +
      'holds nothing that cannot be computed again and is not meant. Where a column of a like type is added in the same script, ' +
      '`drop-and-add-column` speaks instead.',
    instead: 'Release code that neither reads nor writes the column, and drop it in a later release.',
    messages: {
      dropped: 'Drops column {{column}} of {{table}} with its values; a rollback brings back an empty column at best',
    },
  },
  check: {
    'drop-column'(operation, context) {
      const { table, column, span } = operation
      const known = context.catalog.column(table, column)
      if (known?.generated || columnIsNew(context.catalog, table, column)) return
      const whole = context.catalog.table(table)
      if (operation.ifExists && context.catalog.complete && whole?.complete && known === undefined) return
      if (replacementOf(operation, context) !== undefined) return
      return { message: 'dropped', at: span, data: { table: show(table), column } }
    },
  },
})
