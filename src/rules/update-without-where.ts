import { columnIsNew } from '../model/catalog.js'
import { keepsBooks } from '../model/migration.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'update-without-where',
    code: 'B12',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'UPDATE without a condition overwrites a column in every row',
    why:
      'The old values are lost, and no down script has them. Every row gets a new version besides: the table doubles until VACUUM ' +
      'comes by, replicas fall behind, and each row stays locked until the transaction ends. Filling columns that this pull request ' +
      'adds overwrites nothing and is not meant; an UPDATE that joins without a condition has a rule of its own.',
    instead:
      'Say with WHERE which rows are meant, keep the old value in another column for a release, and update in batches.',
    messages: {
      all: 'Overwrites {{columns}} in every row of {{table}}: there is no WHERE',
      tautology: 'Overwrites {{columns}} in every row of {{table}}: WHERE {{condition}} is always true',
    },
  },
  check: {
    update({ table, columns, where, from, span }, { catalog, conventions }) {
      if (from.length > 0 || (where !== null && !where.tautology) || keepsBooks(conventions, table)) return
      const old = columns.filter((column) => !columnIsNew(catalog, table, column))
      if (old.length === 0) return
      const data = { table: show(table), columns: old.join(', '), condition: where?.text ?? '' }
      return { message: where === null ? 'all' : 'tautology', at: span, data }
    },
  },
})
