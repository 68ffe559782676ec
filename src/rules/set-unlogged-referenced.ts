import { allConstraints } from '../model/constraint.js'
import { certaintyOf, type Catalog, type CatalogTable } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import type { Span } from '../source/span.js'
import { rule, type Problem } from './rule.js'

type Key = 'unlogged' | 'logged' | 'reference'

export default rule({
  meta: {
    id: 'set-unlogged-referenced',
    code: 'F26',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A foreign key would lead from a permanent table to one that does not survive a crash',
    why:
      'An unlogged table is emptied after a crash, and a temporary one ends with its session; rows of a permanent table that point ' +
      'there would point nowhere. PostgreSQL therefore refuses such a key, and refuses to change the persistence of a table where ' +
      'one would come about (https://www.postgresql.org/docs/current/sql-altertable.html).',
    instead:
      'Change the tables in an order in which every permanent table points to permanent ones only: to SET UNLOGGED begin with those ' +
      'that point to others, to SET LOGGED with those pointed to. Or leave the foreign key out.',
    messages: {
      unlogged:
        'Table {{table}} cannot be SET UNLOGGED: foreign key {{name}} of the permanent table {{other}} points to it',
      logged: 'Table {{table}} cannot be SET LOGGED: its foreign key {{name}} points to the unlogged table {{other}}',
      reference: 'A foreign key of the {{mine}} table {{table}} cannot point to the {{theirs}} table {{other}}',
    },
  },
  check: {
    'alter-table'({ table, action, span }, { catalog }) {
      const known = catalog.table(table)
      if (known === undefined) return
      if (action === 'set-unlogged') return referrer(known, catalog, span)
      return action === 'set-logged' ? referred(known, catalog, span) : undefined
    },
    'create-table'({ table, ifNotExists, persistence, columns, constraints }, { catalog }) {
      if (ifNotExists && catalog.table(table) !== undefined) return
      const all = allConstraints({ columns, constraints })
      return all.flatMap((constraint) => toOther(table, persistence, constraint, catalog))
    },
    'add-constraint': ({ table, constraint }, { catalog }) => ofTable(table, [constraint], catalog),
    'add-column': ({ table, column }, { catalog }) => ofTable(table, column.constraints, catalog),
  },
})

function referrer({ name, persistence }: CatalogTable, catalog: Catalog, at: Span): Problem<Key> | undefined {
  if (persistence !== 'permanent') return
  const found = catalog.referencing(name).find(({ table }) => {
    const other = keyOf(table) === keyOf(name) ? undefined : catalog.table(table)
    return other?.complete === true && other.persistence === 'permanent'
  })
  if (found === undefined) return
  const data = { table: show(name), name: found.constraint.name, other: show(found.table) }
  return { message: 'unlogged', at, data, confidence: certaintyOf(catalog) }
}

function referred(
  { name, persistence, constraints }: CatalogTable,
  catalog: Catalog,
  at: Span,
): Problem<Key> | undefined {
  if (persistence !== 'unlogged') return
  const found = constraints.find(({ references }) => {
    if (references === null || keyOf(references.table) === keyOf(name)) return false
    return catalog.table(references.table)?.persistence === 'unlogged'
  })
  if (!found?.references) return
  const data = { table: show(name), name: found.name, other: show(found.references.table) }
  return { message: 'logged', at, data, confidence: certaintyOf(catalog) }
}

function ofTable(
  table: QualifiedName,
  constraints: readonly TableConstraint[],
  catalog: Catalog,
): readonly Problem<Key>[] {
  const known = catalog.table(table)
  // Of a table that nobody here saw created it is not known how it is kept.
  if (known?.complete !== true) return []
  return constraints.flatMap((constraint) => toOther(table, known.persistence, constraint, catalog))
}

/** A permanent table points to permanent ones, an unlogged one not to temporary ones, a temporary one to its like. */
function toOther(
  table: QualifiedName,
  mine: CatalogTable['persistence'],
  constraint: TableConstraint,
  catalog: Catalog,
): readonly Problem<Key>[] {
  if (constraint.type !== 'foreign-key' || keyOf(constraint.references) === keyOf(table)) return []
  const other = catalog.table(constraint.references)
  if (other?.complete !== true) return []
  const theirs = other.persistence
  const fits = mine === 'temporary' ? theirs === mine : theirs === 'permanent' || theirs === mine
  if (fits) return []
  const data = { table: show(table), other: show(other.name), mine, theirs }
  return [{ message: 'reference', at: constraint.span, data, confidence: certaintyOf(catalog) }]
}
