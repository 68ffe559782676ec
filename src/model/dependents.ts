import type { Catalog, CatalogConstraint, CatalogView } from './catalog.js'
import { keyOf, show, type QualifiedName } from './names.js'
import type { Operation, OperationOf } from './operation.js'
import type { DropObject } from './operations/object.js'

/** Something that PostgreSQL does not drop an object without. */
export interface Dependent {
  readonly what: string
  readonly isDroppedBy: (operation: Operation) => boolean
}
/** What a drop without CASCADE is about, and what stands in its way. */
export interface Obstacles {
  readonly object: string
  readonly dependents: readonly Dependent[]
}

/**
 * What is known to depend on the thing that an operation drops without CASCADE, so that PostgreSQL refuses
 * (https://www.postgresql.org/docs/current/ddl-depend.html); null for other operations and for what is not known.
 */
export function obstaclesTo(operation: Operation, catalog: Catalog): Obstacles | null {
  if (!('cascade' in operation) || operation.cascade) return null
  switch (operation.kind) {
    case 'drop-table':
      return toTable(operation, catalog)
    case 'drop-column': {
      const { table, column } = operation
      const isOn = ({ references }: CatalogConstraint): boolean => references?.columns.includes(column) === true
      const showing = readers(table, catalog, ({ uses }) => uses?.includes(column) === true)
      const dependents = [...foreignKeys(table, catalog, isOn), ...showing]
      return { object: `column ${column} of ${show(table)}`, dependents }
    }
    case 'drop-constraint':
      return toKey(operation, catalog)
    case 'drop-index':
      return toIndex(operation, catalog)
    case 'drop-object':
      return { object: `${operation.object} ${show(operation.name)}`, dependents: dependentsOf(operation, catalog) }
    default:
      return null
  }
}

function toTable({ table }: OperationOf<'drop-table'>, catalog: Catalog): Obstacles | null {
  if (catalog.table(table) === undefined) return null
  const heirs = catalog.children(table).filter(({ partitionOf }) => partitionOf === null)
  const below = heirs.map(({ name }) => relation(`table ${show(name)}`, name))
  const dependents = [...foreignKeys(table, catalog, () => true), ...readers(table, catalog), ...below]
  return { object: `table ${show(table)}`, dependents }
}

/** A foreign key rests on the index of the key that it points to. */
function toKey({ table, constraint }: OperationOf<'drop-constraint'>, catalog: Catalog): Obstacles | null {
  const known = catalog.table(table)
  const key = known?.constraints.find(({ name }) => name === constraint)
  if (known === undefined || (key?.type !== 'primary-key' && key?.type !== 'unique')) return null
  const isOn = (columns: readonly (string | null)[]): boolean => sorted(columns) === sorted(key.columns)
  // Where two indexes fit, which of them a foreign key rests on is not told.
  if (known.indexes.filter((index) => index.unique && !index.partial && isOn(index.columns)).length > 1) return null
  const pointing = foreignKeys(table, catalog, ({ references }) => references !== null && isOn(references.columns))
  return { object: `constraint ${constraint} of ${show(table)}`, dependents: pointing }
}

function toIndex({ index: name }: OperationOf<'drop-index'>, catalog: Catalog): Obstacles | null {
  const index = catalog.index(name)
  if (index === undefined || index.constraint === null) return null
  const { constraint, table } = index
  const isDroppedBy = (each: Operation): boolean =>
    each.kind === 'drop-constraint' && each.constraint === constraint && keyOf(each.table) === keyOf(table)
  return {
    object: `index ${show(name)}`,
    dependents: [{ what: `constraint ${constraint} of ${show(table)}`, isDroppedBy }],
  }
}

function dependentsOf({ object, name }: DropObject, catalog: Catalog): readonly Dependent[] {
  switch (object) {
    case 'view':
    case 'materialized view':
      return readers(name, catalog)
    case 'type':
    case 'domain': {
      const type = catalog.enum(name) ?? catalog.domain(name)
      return type === undefined ? [] : columnsOf(type.name, catalog)
    }
    case 'function':
      return catalog.functions(name).length === 1 ? triggersThatCall(name, catalog) : []
    default:
      return []
  }
}

function foreignKeys(
  table: QualifiedName,
  catalog: Catalog,
  matches: (constraint: CatalogConstraint) => boolean,
): readonly Dependent[] {
  const own = catalog.table(table)
  return catalog
    .referencing(table)
    .filter((each) => keyOf(each.table) !== keyOf(own?.name ?? table) && matches(each.constraint))
    .map(({ table: other, constraint: { name, columns } }) => ({
      what: `foreign key ${name} of ${show(other)}`,
      isDroppedBy: (operation) =>
        relation('', other).isDroppedBy(operation) ||
        (operation.kind === 'drop-constraint' &&
          operation.constraint === name &&
          keyOf(operation.table) === keyOf(other)) ||
        (operation.kind === 'drop-column' &&
          columns.includes(operation.column) &&
          keyOf(operation.table) === keyOf(other)),
    }))
}

function readers(
  name: QualifiedName,
  catalog: Catalog,
  matches: (view: CatalogView) => boolean = () => true,
): readonly Dependent[] {
  const views = catalog.readers(name).filter(matches)
  return views.map((view) => relation(`view ${show(view.name)}`, view.name))
}

function relation(what: string, name: QualifiedName): Dependent {
  const isDroppedBy = (each: Operation): boolean =>
    (each.kind === 'drop-table' && keyOf(each.table) === keyOf(name)) ||
    (each.kind === 'drop-object' && each.table === null && keyOf(each.name) === keyOf(name))
  return { what, isDroppedBy }
}

function columnsOf(type: QualifiedName, catalog: Catalog): readonly Dependent[] {
  return [...catalog.tables].flatMap(({ name: table, columns }) =>
    columns
      .filter((column) => keyOf({ schema: column.type.schema, name: column.type.name }) === keyOf(type))
      .map(({ name }) => ({
        what: `column ${name} of ${show(table)}`,
        isDroppedBy: (each) =>
          relation('', table).isDroppedBy(each) ||
          (each.kind === 'drop-column' && each.column === name && keyOf(each.table) === keyOf(table)) ||
          (each.kind === 'set-column-type' && each.column === name && keyOf(each.table) === keyOf(table)),
      })),
  )
}

function triggersThatCall(name: QualifiedName, catalog: Catalog): readonly Dependent[] {
  return [...catalog.objects]
    .filter(({ kind, calls }) => kind === 'trigger' && calls && keyOf(calls) === keyOf(name))
    .map((trigger) => ({
      what: `trigger ${trigger.name.name} of ${trigger.table === null ? '' : show(trigger.table)}`,
      isDroppedBy: (each) =>
        (trigger.table !== null && relation('', trigger.table).isDroppedBy(each)) ||
        (each.kind === 'drop-object' && each.object === 'trigger' && each.name.name === trigger.name.name),
    }))
}

function sorted(columns: readonly (string | null)[]): string {
  return columns
    .map((column) => column ?? '')
    .toSorted()
    .join('\0')
}
