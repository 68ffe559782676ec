import { certaintyOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'type-change-rebuilds-index',
    code: 'C48',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A change of type or collation that leaves the rows alone still builds the column’s indexes anew',
    why:
      'A new collation sorts otherwise, and citext, oid or a timestamp with time zone compare otherwise: the rows stay as they are, but ' +
      'every index with the column is built again under the ACCESS EXCLUSIVE that the change holds.',
    instead:
      'Drop the indexes with the column before the change, and build them with CREATE INDEX CONCURRENTLY after it, each in a migration ' +
      'of its own; an index that nothing can do without needs a new column instead.',
    messages: {
      index: 'Changing the type of {{column}} builds {{indexes}} of {{table}} anew while every query on it waits',
    },
  },
  check: {
    'set-column-type'({ table, column, span }, { catalog, effect }) {
      if (effect.rewrites.length > 0 || effect.scans.length === 0) return
      const known = effect.scans.map((each) => catalog.table(each)).filter((each) => each !== undefined)
      const isChecked = known.some(({ constraints }) =>
        constraints.some((each) => each.type === 'check' && each.validated && each.columns.includes(column)),
      )
      // To prove a CHECK again the table is read as well, and nobody can tell one from the other.
      if (isChecked) return
      const indexes = known.flatMap((each) =>
        each.indexes.filter(({ columns, mentions }) => columns.includes(column) || mentions.includes(column)),
      )
      const names = [...new Set(indexes.map(({ name }) => name.name))]
      if (names.length === 0) return
      return {
        message: 'index',
        at: span,
        data: { column, indexes: `${names.length > 1 ? 'indexes' : 'index'} ${names.join(', ')}`, table: show(table) },
        confidence: certaintyOf(catalog),
      }
    },
  },
})
