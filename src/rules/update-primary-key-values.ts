import { columnIsNew } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'update-primary-key-values',
    code: 'B31',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'An UPDATE changes the primary key of rows that are there',
    why:
      'A primary key is what others know a row by: links, caches, logs, other databases and the code that is running. After the ' +
      'change they find nothing, or another row. Foreign keys refuse it, or carry it on to every row that points there where they ' +
      'say ON UPDATE CASCADE. Every index of the table gets a new entry for each row.',
    instead:
      'Leave the key alone and put the new number into a column of its own. If the key itself was wrong, insert the row anew, let ' +
      'others follow, and delete the old one when nothing names it.',
    messages: {
      changed: 'Changes {{columns}}, the primary key of {{table}}: whatever knows a row by it finds it no more',
    },
  },
  check: {
    update({ table, columns, span }, { catalog }) {
      const key = catalog.table(table)?.constraints.find(({ type }) => type === 'primary-key')
      const changed = columns.filter((column) => key?.columns.includes(column) && !columnIsNew(catalog, table, column))
      if (changed.length === 0) return
      return { message: 'changed', at: span, data: { table: show(table), columns: changed.join(', ') } }
    },
  },
})
