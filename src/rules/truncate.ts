import { keepsBooks } from '../model/migration.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'truncate',
    code: 'B9',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that existed before this pull request is emptied',
    why:
      'All rows are gone at once, whatever they are; no row trigger sees them, so neither audit nor replication by trigger does. The ' +
      'table is under ACCESS EXCLUSIVE until the transaction ends. Nothing in a down script brings the rows back. With CASCADE the ' +
      'rule about that speaks instead.',
    instead:
      'Delete what is meant with a WHERE clause, in batches; or make sure that the table is empty and say how you know.',
    messages: {
      emptied: 'Empties table {{table}}: all rows are lost for good',
    },
  },
  check: {
    truncate({ table, cascade, span }, { conventions }) {
      if (cascade || keepsBooks(conventions, table)) return
      return { message: 'emptied', at: span, data: { table: show(table) } }
    },
  },
})
