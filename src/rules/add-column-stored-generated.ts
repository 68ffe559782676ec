import { sureOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-column-stored-generated',
    code: 'C40',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A stored generated column is added, so the table is rewritten',
    why:
      'A STORED column is worked out for each existing row at once: the table and all its indexes are written anew under ACCESS ' +
      'EXCLUSIVE. A VIRTUAL one, which PostgreSQL has from 18 on, is worked out when it is read and costs nothing to add.',
    instead:
      'From PostgreSQL 18 make it VIRTUAL where nothing has to index it. Otherwise add a plain column, keep it up to date with a ' +
      'trigger, and fill the old rows in batches.',
    messages: { stored: 'Adding stored generated column {{column}} rewrites {{table}} while every query on it waits' },
  },
  check: {
    'add-column'({ table, column, span }, { catalog, postgres }) {
      if (!column.generated?.stored) return
      const { text } = column.generated.expression
      const virtual = `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(column.name)} ${column.type.text} GENERATED ALWAYS AS (${text}) VIRTUAL;`
      return {
        message: 'stored',
        at: span,
        data: { column: column.name, table: show(table) },
        confidence: sureOf(catalog, table),
        ...(postgres >= 18 ? { fix: virtual } : {}),
      }
    },
  },
})
