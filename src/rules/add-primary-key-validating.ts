import { sureOf } from '../model/catalog.js'
import { indexThenConstraint } from '../model/constraint.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-primary-key-validating',
    code: 'C27',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A primary key builds its index, or looks for NULLs, while every query on the table waits',
    why:
      'ADD PRIMARY KEY builds an index under ACCESS EXCLUSIVE and makes nullable key columns NOT NULL, which reads the table once ' +
      'more. With USING INDEX the build is saved, but not the search for NULLs.',
    instead:
      'Build the index with CREATE UNIQUE INDEX CONCURRENTLY outside a transaction, make the columns NOT NULL by way of a validated ' +
      'CHECK, then ADD PRIMARY KEY USING INDEX, which takes a moment.',
    messages: {
      build: 'Adding a primary key to {{table}} builds its index while every query on the table waits',
      nulls: 'Adding a primary key to {{table}} looks for NULLs in every row while all queries on the table wait',
      column: 'Adding primary key column {{column}} builds an index on {{table}} while every query on it waits',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog, effect }) {
      if (constraint.type !== 'primary-key') return
      const ready = constraint.usingIndex !== null
      if (ready && effect.scans.length === 0) return
      return {
        message: ready ? 'nulls' : 'build',
        at: span,
        data: { table: show(table) },
        confidence: sureOf(catalog, table),
        ...(ready || catalog.table(table)?.partitioned ? {} : { fix: indexThenConstraint(table, constraint) }),
      }
    },
    'add-column'({ table, column, span }, { catalog, effect }) {
      if (effect.rewrites.length > 0 || !column.constraints.some(({ type }) => type === 'primary-key')) return
      return {
        message: 'column',
        at: span,
        data: { column: column.name, table: show(table) },
        confidence: sureOf(catalog, table),
      }
    },
  },
})
