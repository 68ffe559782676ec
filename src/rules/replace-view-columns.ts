import { isOld } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { Operation, OperationOf } from '../model/operation.js'
import { operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'replace-view-columns',
    code: 'D15',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A view is dropped and made again without some of its columns, or in another order',
    why:
      'PostgreSQL refuses to take a column out of a view with CREATE OR REPLACE, because whoever reads it would break; DROP and ' +
      'CREATE goes round that. Code that is deployed and names the column fails on its next query; code that reads by position, as ' +
      'INSERT … SELECT * and COPY do, gets other values. The grants on the view are gone besides, until they are made again.',
    instead:
      'Keep the columns and add new ones at the end with CREATE OR REPLACE VIEW, or give the new shape a name of its own and drop ' +
      'the old view when no release reads it any more.',
    messages: {
      removed: 'View {{view}} is made again without {{columns}}: code that is deployed now fails on its next query',
      reordered:
        'View {{view}} is made again with its columns in another order: who reads by position gets other values',
    },
  },
  check: {
    'drop-object'(operation, { catalog, pull }) {
      const { object, name, span } = operation
      if (object !== 'view' && object !== 'materialized view') return
      const old = catalog.view(name)?.columns
      if (!old || !isOld(catalog, name)) return
      const made = operationsAfter(operation, pull).find(
        (each: Operation): each is OperationOf<'create-view'> =>
          each.kind === 'create-view' && keyOf(each.view) === keyOf(name),
      )
      const now = made?.columns
      if (!made || !now) return
      const gone = old.filter((column) => !now.includes(column))
      const related = [made.span]
      if (gone.length > 0) {
        return { message: 'removed', at: span, related, data: { view: show(name), columns: gone.join(', ') } }
      }
      if (old.every((column, place) => now[place] === column)) return
      return { message: 'reordered', at: span, related, data: { view: show(name) }, weight: 'notice' }
    },
  },
})
