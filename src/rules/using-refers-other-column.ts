import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'using-refers-other-column',
    code: 'F7',
    family: 'data-loss',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'USING fills a column from another one',
    why:
      'ALTER COLUMN … TYPE … USING writes the result of the expression into every row. An expression that names other columns and not the ' +
      'one that changes, as after a copied line, replaces its values by something else, and nothing says so.',
    instead:
      'Name the column itself in USING. To replace its values on purpose, do it with an UPDATE that a reader can see.',
    messages: { other: '{{column}} of {{table}} gets its new values from {{others}}: its own are lost' },
  },
  check: {
    'set-column-type'({ table, column, using, span }) {
      if (using === null || using.columns.length === 0 || using.columns.includes(column)) return
      // The name of a table stands for its whole row.
      if (using.columns.includes(table.name)) return
      return { message: 'other', at: span, data: { table: show(table), column, others: using.columns.join(', ') } }
    },
  },
})
