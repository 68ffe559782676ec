import { sureOf } from '../model/catalog.js'
import { indexThenConstraint } from '../model/constraint.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-unique-constraint',
    code: 'C26',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A unique constraint builds its index while every query on the table waits',
    why:
      'ADD UNIQUE builds an index under ACCESS EXCLUSIVE: unlike CREATE INDEX it stops readers as well as writers, for the whole ' +
      'build. UNIQUE on a new column does the same.',
    instead:
      'Build the index with CREATE UNIQUE INDEX CONCURRENTLY outside a transaction, then turn it into the constraint with ADD ' +
      'CONSTRAINT … UNIQUE USING INDEX, which takes a moment. Partitioned tables know neither; there, choose a quiet hour.',
    messages: {
      constraint: 'Adding unique constraint {{name}} builds an index on {{table}} while every query on it waits',
      column: 'Adding unique column {{name}} builds an index on {{table}} while every query on it waits',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog }) {
      if (constraint.type !== 'unique' || constraint.usingIndex !== null) return
      return {
        message: 'constraint',
        at: span,
        data: { name: constraint.name ?? `on ${constraint.columns.join(', ')}`, table: show(table) },
        confidence: sureOf(catalog, table),
        ...(catalog.table(table)?.partitioned ? {} : { fix: indexThenConstraint(table, constraint) }),
      }
    },
    'add-column'({ table, column, span }, { catalog, effect }) {
      if (effect.rewrites.length > 0 || !column.constraints.some(({ type }) => type === 'unique')) return
      return {
        message: 'column',
        at: span,
        data: { name: column.name, table: show(table) },
        confidence: sureOf(catalog, table),
      }
    },
  },
})
