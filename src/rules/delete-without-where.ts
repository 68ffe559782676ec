import { keepsBooks } from '../model/migration.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'delete-without-where',
    code: 'B11',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'DELETE without a condition empties a table',
    why:
      'All rows are lost, and no down script has them. Each is also locked until the transaction ends, written to the WAL, and left ' +
      'behind as bloat until VACUUM comes by. Readers and inserts go on: a DELETE takes ROW EXCLUSIVE, not more. A condition that ' +
      'is always true counts as none.',
    instead: 'Say with WHERE which rows are meant, and delete them in batches. If all are meant, say so with TRUNCATE.',
    messages: {
      all: 'Deletes every row of {{table}}: there is no WHERE',
      tautology: 'Deletes every row of {{table}}: WHERE {{condition}} is always true',
    },
  },
  check: {
    delete({ table, where, span }, { conventions }) {
      if (keepsBooks(conventions, table)) return
      if (where === null) return { message: 'all', at: span, data: { table: show(table) } }
      if (!where.tautology) return
      return { message: 'tautology', at: span, data: { table: show(table), condition: where.text } }
    },
  },
})
