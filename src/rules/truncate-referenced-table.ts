import { certaintyOf, type Catalog } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'truncate-referenced-table',
    code: 'F28',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'TRUNCATE names a table that a foreign key of another table points to',
    why:
      'PostgreSQL refuses it without CASCADE, also when no row points there and when the other table is empty, unless the same ' +
      'statement empties the other table as well (https://www.postgresql.org/docs/current/sql-truncate.html).',
    instead:
      'Name all tables in one TRUNCATE, or DELETE the rows: that asks for each of them whether another row points to it. CASCADE ' +
      'would empty tables that nobody has named.',
    messages: {
      refused: 'TRUNCATE of {{table}} is refused: foreign key {{name}} of {{other}} points to it',
    },
  },
  check: {
    truncate({ table, cascade, span }, { catalog, statement }) {
      if (cascade) return
      const emptied = statement.operations.flatMap((other) => (other.kind === 'truncate' ? [other.table] : []))
      const keys = new Set(emptied.flatMap((each) => withChildren(each, catalog)))
      const found = catalog.referencing(table).find((each) => !keys.has(keyOf(each.table)))
      if (found === undefined) return
      return {
        message: 'refused',
        at: span,
        data: { table: show(table), name: found.constraint.name, other: show(found.table) },
        confidence: certaintyOf(catalog),
      }
    },
  },
})

/** TRUNCATE empties the tables below as well. */
function withChildren(table: QualifiedName, catalog: Catalog): readonly string[] {
  const known = catalog.table(table)
  if (known === undefined) return []
  return [keyOf(known.name), ...catalog.children(table).flatMap(({ name }) => withChildren(name, catalog))]
}
