import { sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'set-generated-expression',
    code: 'C41',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { from: 17 },
    summary: 'A stored generated column gets a new expression, so the table is rewritten',
    why:
      'SET EXPRESSION works out the column for each existing row: the table and all its indexes are written anew under ACCESS ' +
      'EXCLUSIVE. For a VIRTUAL column, which PostgreSQL has from 18 on, it costs nothing.',
    instead:
      'Add a plain column that a trigger keeps up to date by the new expression, fill the old rows in batches, and swap the names in a ' +
      'later migration.',
    messages: { rewrite: 'The new expression of {{column}} rewrites {{table}} while every query on it waits' },
  },
  check: {
    'alter-column-source'({ table, column, action, span }, { catalog, effect }) {
      if (action.type !== 'set-expression' || effect.rewrites.length === 0) return
      return { message: 'rewrite', at: span, data: { column, table: show(table) }, confidence: sureOf(catalog, table) }
    },
  },
})
