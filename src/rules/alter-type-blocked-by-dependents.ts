import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'alter-type-blocked-by-dependents',
    code: 'F19',
    family: 'failure',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A column changes its type while a view shows it',
    why:
      'A view has the types of its columns from the table, and PostgreSQL refuses to change one under it (“cannot alter type of a ' +
      'column used by a view or rule”), even where it stays the same. The same goes for generated columns, policies and triggers ' +
      'that name the column. It is said of views over one table, for every column that their query names.',
    instead: 'Drop the view, change the type, and make the view again with its grants, all in one transaction.',
    messages: {
      view: 'Column {{column}} of {{table}} changes its type while view {{view}} shows it: PostgreSQL refuses',
    },
  },
  check: {
    'set-column-type'({ table, column, span }, { catalog }) {
      if (catalog.column(table, column) === undefined) return
      const view = catalog.readers(table).find(({ uses }) => uses?.includes(column) === true)
      if (view === undefined) return
      return { message: 'view', at: span, data: { table: show(table), column, view: show(view.name) } }
    },
  },
})
