import { columnIsNew } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rename-column',
    code: 'D2',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A column that existed before this pull request is renamed',
    why:
      'The release that is running when the migration commits names the column in its queries, or has read the list of columns at ' +
      'its start, and fails until the new release is everywhere. Views follow a renamed column; functions with a text body do not, ' +
      'and break at their next call.',
    instead:
      'Add a column with the new name, let a release write both, copy the old values in batches, let the next release read the new ' +
      'one, and drop the old one after that. Often it is enough to rename in the code and leave the column alone.',
    messages: {
      renamed: 'Renames column {{column}} of {{table}} to {{to}}: code that is deployed now fails on its next query',
    },
  },
  check: {
    'rename-column'({ table, column, newName, span }, { catalog }) {
      if (columnIsNew(catalog, table, column)) return
      const type = catalog.column(table, column)?.type.text
      const problem = { message: 'renamed' as const, at: span, data: { table: show(table), column, to: newName } }
      if (type === undefined) return problem
      return { ...problem, fix: `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(newName)} ${type};` }
    },
  },
})
