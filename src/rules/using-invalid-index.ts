import { certaintyOf, type Catalog, type CatalogIndex } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

type Key = 'partitioned' | 'taken' | 'invalid' | 'not-unique' | 'partial' | 'expression' | 'reversed' | 'method'

export default rule({
  meta: {
    id: 'using-invalid-index',
    code: 'F29',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A constraint is to be made of an index that cannot carry it',
    why:
      'A primary key or unique constraint stands on a valid, unique B-tree index over plain columns in their default order, without ' +
      'WHERE, that no constraint uses yet and whose table is not partitioned. PostgreSQL refuses any other ' +
      '(https://www.postgresql.org/docs/current/sql-altertable.html).',
    instead:
      'Build a new unique index CONCURRENTLY on the plain columns, look that it became valid, and name that one.',
    messages: {
      partitioned: 'Index {{index}} cannot become a constraint: {{table}} is partitioned',
      taken: 'Index {{index}} cannot become a constraint: it belongs to constraint {{constraint}}',
      invalid: 'Index {{index}} cannot become a constraint: it is not valid',
      'not-unique': 'Index {{index}} cannot become a constraint: it is not unique',
      partial: 'Index {{index}} cannot become a constraint: it has a WHERE and so leaves rows out',
      expression: 'Index {{index}} cannot become a constraint: it is over an expression',
      reversed: 'Index {{index}} cannot become a constraint: it does not sort in the default order',
      method: 'Index {{index}} cannot become a constraint: it is of type {{method}}',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog }) {
      if (constraint.type !== 'primary-key' && constraint.type !== 'unique') return
      const index = constraint.usingIndex === null ? undefined : indexOf(table, constraint.usingIndex, catalog)
      if (index === undefined) return
      const message = flawOf(index, catalog)
      if (message === null) return
      const { method, constraint: owner } = index
      return {
        message,
        at: span,
        data: { index: show(index.name), table: show(table), method, constraint: owner ?? '' },
        confidence: certaintyOf(catalog),
      }
    },
  },
})

/** The index is looked up in the schema of the table. */
function indexOf(table: QualifiedName, index: string, catalog: Catalog): CatalogIndex | undefined {
  return catalog.indexes(table).find(({ name }) => name.name === index)
}

function flawOf(index: CatalogIndex, catalog: Catalog): Key | null {
  if (catalog.table(index.table)?.partitioned) return 'partitioned'
  if (index.constraint !== null) return 'taken'
  if (!index.valid) return 'invalid'
  if (!index.unique) return 'not-unique'
  if (index.partial) return 'partial'
  if (index.columns.includes(null)) return 'expression'
  if (index.reversed) return 'reversed'
  return index.method === 'btree' ? null : 'method'
}
