import { columnIsNew } from '../model/catalog.js'
import { compareLocks } from '../model/effect.js'
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
    summary: 'UPDATE without a condition writes every row of an existing table',
    why:
      'The old values are lost, and no down script has them. Every row gets a new version besides: the table doubles until VACUUM ' +
      'comes by, replicas fall behind, and each row stays locked until the transaction ends. Filling a column that this pull request ' +
      'adds overwrites nothing, but costs as much. An UPDATE that joins without a condition has a rule of its own, and so has one ' +
      'that runs while a strong lock is held.',
    instead:
      'Say with WHERE which rows are meant, keep the old value in another column for a release, and update in batches.',
    messages: {
      all: 'Overwrites {{columns}} in every row of {{table}}: there is no WHERE',
      tautology: 'Overwrites {{columns}} in every row of {{table}}: WHERE {{condition}} is always true',
      fills:
        'Fills {{columns}} in every row of {{table}} in one transaction: each row stays locked until the last one is done',
    },
  },
  check: {
    update({ table, columns, where, from, span }, { catalog, conventions, session }) {
      if (from.length > 0 || (where !== null && !where.tautology) || keepsBooks(conventions, table)) return
      const old = columns.filter((column) => !columnIsNew(catalog, table, column))
      const named = old.length > 0 ? old : columns
      const data = { table: show(table), columns: named.join(', '), condition: where?.text ?? '' }
      if (old.length > 0) return { message: where === null ? 'all' : 'tautology', at: span, data }
      if (session.held.some(({ mode }) => compareLocks(mode, 'SHARE') >= 0)) return
      return { message: 'fills', at: span, data }
    },
  },
})
