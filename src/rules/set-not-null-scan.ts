import { sureOf, type Catalog } from '../model/catalog.js'
import { quote, show, type QualifiedName } from '../model/names.js'
import { rule, type Problem } from './rule.js'
import type { Span } from '../source/span.js'

export default rule({
  meta: {
    id: 'set-not-null-scan',
    code: 'C34',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'SET NOT NULL reads the whole table while every query on it waits',
    why:
      'SET NOT NULL holds ACCESS EXCLUSIVE while it looks for a NULL in every row. It skips the search when a validated CHECK, or ' +
      'from PostgreSQL 18 a validated NOT NULL constraint, already proves that there is none.',
    instead:
      'Prove it first: add the rule as NOT VALID, validate it in a later migration while writes go on, and only then SET NOT NULL. ' +
      'From PostgreSQL 18 the NOT NULL constraint itself can be NOT VALID.',
    messages: { scan: 'Making {{column}} of {{table}} NOT NULL reads every row while all queries on the table wait' },
  },
  check: {
    'set-not-null'({ table, column, span }, { catalog, effect, postgres }) {
      return effect.scans.length === 0 ? undefined : problem(table, column, span, catalog, postgres)
    },
    'add-constraint'({ table, constraint, span }, { catalog, effect, postgres }) {
      if (constraint.type !== 'not-null' || !constraint.validated || effect.scans.length === 0) return
      return constraint.columns.map((column) => problem(table, column, span, catalog, postgres))
    },
  },
})

function problem(table: QualifiedName, column: string, at: Span, catalog: Catalog, postgres: number): Problem<'scan'> {
  return {
    message: 'scan',
    at,
    data: { table: show(table), column },
    confidence: sureOf(catalog, table),
    fix: proveFirst(table, column, postgres),
  }
}

function proveFirst(table: QualifiedName, column: string, postgres: number): string {
  const alter = `ALTER TABLE ${quote(table)}`
  const name = quote(`${table.name}_${column}_not_null`)
  const later = ['-- in a later migration:', `${alter} VALIDATE CONSTRAINT ${name};`]
  if (postgres >= 18)
    return [`${alter} ADD CONSTRAINT ${name} NOT NULL ${quote(column)} NOT VALID;`, ...later].join('\n')
  return [
    `${alter} ADD CONSTRAINT ${name} CHECK (${quote(column)} IS NOT NULL) NOT VALID;`,
    ...later,
    `${alter} ALTER COLUMN ${quote(column)} SET NOT NULL;`,
    `${alter} DROP CONSTRAINT ${name};`,
  ].join('\n')
}
