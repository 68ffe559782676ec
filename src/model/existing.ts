import type { Catalog, CatalogObject } from './catalog.js'
import { keyOf, type QualifiedName } from './names.js'
import type { Operation } from './operation.js'
import type { ObjectKind } from './operations/object.js'

/** Something that a statement makes, or gives a name, and that is there already. */
export interface Existing {
  /** What is there, in PostgreSQL's words; `relation` for what may be a table, an index or a view. */
  readonly what: ObjectKind | 'relation' | 'value'
  readonly name: QualifiedName
  /** The table of a column, constraint, trigger or policy; the enum of a value. */
  readonly of: QualifiedName | null
}

/**
 * What an operation cannot make because it exists, as far as the catalog tells; null also where it cannot tell. `sql` is the
 * whole statement.
 */
export function existingIn(operation: Operation, sql: string, catalog: Catalog): Existing | null {
  if (operation.kind === 'do') return null
  const existing = relationOf(operation, catalog) ?? partOf(operation, catalog) ?? objectOf(operation, catalog)
  return existing === null || /\bif\s+not\s+exists\b/i.test(sql) ? null : existing
}

/** Tables, indexes, views, sequences share one space of names in a schema. */
function relationOf(operation: Operation, catalog: Catalog): Existing | null {
  switch (operation.kind) {
    case 'create-table':
      return operation.persistence === 'temporary' ? null : relation(operation.table, catalog)
    case 'create-view':
      return operation.temporary || operation.replace ? null : relation(operation.view, catalog)
    case 'create-sequence':
      return operation.temporary
        ? null
        : (relation(operation.sequence, catalog) ?? object('sequence', operation.sequence, catalog))
    case 'create-index':
      return operation.name === null ? null : relation(beside(operation.table, operation.name), catalog)
    case 'rename-table':
      return relation(beside(operation.table, operation.newName), catalog)
    default:
      return null
  }
}

function partOf(operation: Operation, catalog: Catalog): Existing | null {
  switch (operation.kind) {
    case 'add-column':
      return column(operation.table, operation.column.name, catalog)
    case 'rename-column':
      return column(operation.table, operation.newName, catalog)
    case 'add-constraint':
      return constraint(operation.table, operation.constraint.name, catalog)
    case 'rename-constraint':
      return constraint(operation.table, operation.newName, catalog)
    case 'create-trigger':
      return operation.replace ? null : attached('trigger', operation.name, operation.table, catalog)
    case 'create-policy':
      return attached('policy', operation.name, operation.table, catalog)
    case 'add-enum-value': {
      const known = catalog.enum(operation.type)
      if (known === undefined || !known.values.includes(operation.value)) return null
      return { what: 'value', name: plain(operation.value), of: known.name }
    }
    default:
      return null
  }
}

function objectOf(operation: Operation, catalog: Catalog): Existing | null {
  switch (operation.kind) {
    case 'create-enum':
    case 'create-type':
      return type(operation.type, catalog)
    case 'create-domain':
      return type(operation.domain, catalog)
    case 'create-schema':
      return object('schema', plain(operation.schema), catalog)
    case 'create-extension':
      return object('extension', plain(operation.extension), catalog)
    default:
      return null
  }
}

function relation(name: QualifiedName, catalog: Catalog): Existing | null {
  return catalog.born(name) === 'unknown' ? null : { what: 'relation', name, of: null }
}

function type(name: QualifiedName, catalog: Catalog): Existing | null {
  // Every table and view has a type of its name.
  const known = catalog.enum(name) ?? catalog.domain(name) ?? catalog.table(name) ?? catalog.view(name)
  return known === undefined ? object('type', name, catalog) : { what: 'type', name, of: null }
}

function column(table: QualifiedName, name: string, catalog: Catalog): Existing | null {
  return catalog.column(table, name) === undefined ? null : { what: 'column', name: plain(name), of: table }
}

function constraint(table: QualifiedName, name: string | null, catalog: Catalog): Existing | null {
  const isThere = name !== null && catalog.table(table)?.constraints.some((each) => each.name === name) === true
  return isThere ? { what: 'constraint', name: plain(name), of: table } : null
}

function object(kind: ObjectKind, name: QualifiedName, catalog: Catalog): Existing | null {
  const isIt = (each: CatalogObject): boolean => each.kind === kind && keyOf(each.name) === keyOf(name)
  return [...catalog.objects].some(isIt) ? { what: kind, name, of: null } : null
}

function attached(kind: 'trigger' | 'policy', name: string, table: QualifiedName, catalog: Catalog): Existing | null {
  const isIt = (each: CatalogObject): boolean =>
    each.kind === kind && each.name.name === name && each.table !== null && keyOf(each.table) === keyOf(table)
  return [...catalog.objects].some(isIt) ? { what: kind, name: plain(name), of: table } : null
}

/** A name in the schema of another: indexes and renamed tables stay where their table is. */
function beside({ schema }: QualifiedName, name: string): QualifiedName {
  return { schema, name }
}

function plain(name: string): QualifiedName {
  return { schema: '', name }
}
