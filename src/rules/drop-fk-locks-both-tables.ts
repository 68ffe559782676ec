import { certaintyOf, isOld, type Catalog, type CatalogConstraint } from '../model/catalog.js'
import type { Effect } from '../model/effect.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import type { Span } from '../source/span.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'drop-fk-locks-both-tables',
    code: 'C22',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'A foreign key goes, and with it the table that it points to is locked against every query',
    why:
      'A foreign key has triggers on both of its tables. Whatever removes it, DROP CONSTRAINT, DROP COLUMN or DROP TABLE, takes ACCESS ' +
      'EXCLUSIVE on the table that it points to as well. That one is often the busiest of all, and nothing in the statement names it.',
    instead:
      'Drop the foreign key in a migration of its own, before the column or the table, with a lock_timeout of a few seconds, and let ' +
      'the deployment try again.',
    messages: {
      constraint:
        'Dropping {{name}} of {{table}} stops every query on {{other}} too, and nothing limits the wait for it',
      with: 'Dropping {{what}} takes foreign key {{name}} along and stops every query on {{other}} too, with no limit to the wait',
    },
  },
  check: {
    'drop-constraint'({ table, constraint, span }, context) {
      const [key] = keysOf(table, context).filter(({ name }) => name === constraint)
      return key && problem('constraint', constraint, table, key, span, context.catalog)
    },
    'drop-column'({ table, column, span }, context) {
      const [key] = keysOf(table, context).filter(({ columns }) => columns.includes(column))
      return key && problem('with', `${column} of ${show(table)}`, table, key, span, context.catalog)
    },
    'drop-table'({ table, span }, context) {
      const keys = keysOf(table, context)
      // Several are a rule of their own.
      if (new Set(keys.map(({ references }) => references && keyOf(references.table))).size > 1) return
      return keys[0] && problem('with', show(table), table, keys[0], span, context.catalog)
    },
  },
})

/** Foreign keys of a table to others that are in use, where nothing limits the wait for those. */
function keysOf(
  table: QualifiedName,
  { catalog, effect, session }: OperationContext<object>,
): readonly CatalogConstraint[] {
  if (session.lockTimeout !== null) return []
  return (catalog.table(table)?.constraints ?? []).filter(
    ({ references }) => references !== null && isOld(catalog, references.table) && locks(effect, references.table),
  )
}

function locks(effect: Effect, table: QualifiedName): boolean {
  return effect.locks.some((lock) => keyOf(lock.table) === keyOf(table) && lock.mode === 'ACCESS EXCLUSIVE')
}

function problem(
  message: 'constraint' | 'with',
  what: string,
  table: QualifiedName,
  { name, references }: CatalogConstraint,
  at: Span,
  catalog: Catalog,
): Problem<'constraint' | 'with'> | undefined {
  const other = references?.table
  if (other === undefined || keyOf(other) === keyOf(table)) return
  const drop = `ALTER TABLE ${quote(table)} DROP CONSTRAINT ${quote(name)};`
  return {
    message,
    at,
    data: { what, name, table: show(table), other: show(other) },
    confidence: certaintyOf(catalog),
    table: other,
    fix: [
      `SET LOCAL lock_timeout = '2s';`,
      drop,
      ...(message === 'with' ? ['-- and the rest in a later migration'] : []),
    ].join('\n'),
  }
}
