import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'not-null-column-default-dropped',
    code: 'D9',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A NOT NULL column is added with a DEFAULT that is taken away again in the same pull request',
    why:
      'The default fills the rows that are there and is gone when the next one comes. The release that is running does not know ' +
      'the column, inserts without it, and every INSERT fails with a not-null violation. Some object mappers write migrations this ' +
      'way on their own.',
    instead:
      'Keep the default in the database, and drop it in a later release, when every running release writes the column.',
    messages: {
      dropped:
        'Drops the DEFAULT of {{column}} in {{table}}, which this pull request adds as NOT NULL: deployed code inserts without it and fails',
    },
  },
  check: {
    'drop-default'({ table, column, span }, { catalog }) {
      const known = catalog.column(table, column)
      if (known === undefined || known.born === 'base' || !known.notNull || known.default === null) return
      return { message: 'dropped', at: span, data: { table: show(table), column } }
    },
  },
})
