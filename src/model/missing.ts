import type { Catalog, CatalogTable } from './catalog.js'
import { allConstraints } from './constraint.js'
import { keyOf, type QualifiedName } from './names.js'
import type { Operation } from './operation.js'
import type { ObjectKind } from './operations/object.js'
import type { TableConstraint } from './operations/table.js'

/** Something that a statement names and that is not there. */
export interface Missing {
  readonly what:
    'table' | 'column' | 'constraint' | 'index' | 'view' | 'type' | 'value' | 'sequence' | 'trigger' | 'policy'
  readonly name: QualifiedName
  /** The table of a column, constraint, trigger or policy; the enum of a value. */
  readonly of: QualifiedName | null
}

/**
 * The first thing that an operation needs and that does not exist, as far as the catalog tells for certain; null also where
 * it cannot tell. Names in queries, in the bodies of functions and DO blocks, and in expressions but for the condition of an UPDATE
 * or DELETE of one table are not looked at, nor is anything in a schema that the history did not create. `sql` is the whole statement.
 */
export function missingIn(
  operation: Operation,
  sql: string,
  catalog: Catalog,
  bookkeeping: readonly string[],
): Missing | null {
  if (operation.kind === 'do') return null
  const ask = asking(catalog, bookkeeping)
  const missing = relationOf(operation, ask) ?? partOf(operation, ask) ?? objectOf(operation, ask)
  // ALTER … IF EXISTS is not told apart from IF EXISTS of one of its actions.
  return missing !== null && /^\s*alter\b/i.test(sql) && /\bif\s+exists\b/i.test(sql) ? null : missing
}

type Ask = ReturnType<typeof asking>

function asking(catalog: Catalog, bookkeeping: readonly string[]) {
  const reach = (name: QualifiedName): boolean => catalog.complete && isInReach(name, catalog)
  /** A table all of whose columns and constraints are known: a new one even where the history is not. */
  const whole = (table: QualifiedName): CatalogTable | undefined => {
    const known = catalog.table(table)
    return known?.complete === true && (catalog.complete || known.born !== 'base') ? known : undefined
  }
  return {
    catalog,
    /** A table, view or the like. */
    relation(name: QualifiedName | null, what: Missing['what'] = 'table'): Missing | null {
      if (name === null || !catalog.complete || catalog.born(name) !== 'unknown' || !reach(name)) return null
      if (bookkeeping.some((entry) => entry.split('.').at(-1) === name.name) || BY_EXTENSIONS.has(name.name))
        return null
      return { what, name, of: null }
    },
    /** Columns of a table all of whose columns are known. */
    columns(table: QualifiedName, columns: readonly string[]): Missing | null {
      const known = whole(table)
      if (known === undefined) return null
      const absent = columns.find((column) => !known.columns.some(({ name }) => name === column) && !SYSTEM.has(column))
      return absent === undefined ? null : { what: 'column', name: plain(absent), of: known.name }
    },
    constraint(table: QualifiedName, constraint: string): Missing | null {
      const known = whole(table)
      if (known === undefined || known.constraints.some(({ name }) => name === constraint)) return null
      // From 18 on NOT NULL is a constraint with a name, which the catalog does not keep.
      if (/_not_null\d*$/.test(constraint)) return null
      return { what: 'constraint', name: plain(constraint), of: known.name }
    },
    index(name: QualifiedName): Missing | null {
      if (!catalog.complete || catalog.born(name) !== 'unknown' || !reach(name)) return null
      // LIKE copies indexes, whose names begin with that of the table.
      const unsure = ({ complete, name: table }: CatalogTable): boolean => !complete && name.name.startsWith(table.name)
      return [...catalog.tables].some(unsure) ? null : { what: 'index', name, of: null }
    },
    type(name: QualifiedName): Missing | null {
      if (catalog.enum(name) ?? catalog.domain(name) ?? catalog.table(name) ?? catalog.view(name)) return null
      return reach(name) ? { what: 'type', name, of: null } : null
    },
    /** A trigger or policy of a table. */
    attached(kind: 'trigger' | 'policy', name: string, table: QualifiedName | null): Missing | null {
      const known = table === null ? undefined : whole(table)
      if (known === undefined || known.partitionOf !== null) return null
      const isIt = (each: {
        readonly kind: ObjectKind
        readonly name: QualifiedName
        readonly table: QualifiedName | null
      }) =>
        each.kind === kind && each.name.name === name && each.table !== null && keyOf(each.table) === keyOf(known.name)
      return [...catalog.objects].some(isIt) ? null : { what: kind, name: plain(name), of: known.name }
    },
  }
}

const SYSTEM: ReadonlySet<string> = new Set(['ctid', 'tableoid', 'oid', 'xmin', 'xmax', 'cmin', 'cmax'])

/** Relations of extensions in the schema that they are created in. */
const BY_EXTENSIONS: ReadonlySet<string> = new Set(
  'spatial_ref_sys geometry_columns geography_columns raster_columns raster_overviews topology layer hypopg_list_indexes'.split(
    ' ',
  ),
)

/** Whether the history would have created what has this name. */
function isInReach(name: QualifiedName, catalog: Catalog): boolean {
  if (name.name.startsWith('pg_')) return false
  if (name.schema !== '' && name.schema !== 'public') {
    return [...catalog.objects].some(({ kind, name: schema }) => kind === 'schema' && schema.name === name.schema)
  }
  if (name.schema === '' && catalog.searchPath.join() !== 'public') return false
  const alike = (each: { readonly name: QualifiedName }): boolean => each.name.name === name.name
  // The role may have a search path of its own.
  return !(
    [...catalog.tables].some((table) => alike(table) || table.indexes.some(alike)) ||
    [...catalog.views].some(alike) ||
    [...catalog.enums].some(alike) ||
    [...catalog.objects].some((object) => object.kind !== 'schema' && object.kind !== 'extension' && alike(object))
  )
}

function relationOf(operation: Operation, { relation }: Ask): Missing | null {
  switch (operation.kind) {
    case 'drop-table':
      return operation.ifExists ? null : relation(operation.table)
    case 'create-table': {
      const parents = operation.partitionOf === null ? [] : [operation.partitionOf.parent]
      const needed = [...parents, ...operation.inherits, ...operation.like]
      const targets = referencesOf(allConstraints(operation)).filter((each) => keyOf(each) !== keyOf(operation.table))
      if (operation.ifNotExists) return null
      return first([...needed, ...targets], (name) => relation(name))
    }
    case 'create-view':
      return operation.ifNotExists ? null : first(operation.reads, (name) => relation(name))
    case 'refresh-materialized-view':
      return relation(operation.view, 'view')
    case 'copy':
    case 'vacuum':
    case 'analyze':
    case 'cluster':
      return relation(operation.table)
    case 'attach-partition':
      return relation(operation.table) ?? relation(operation.partition)
    case 'detach-partition':
      return relation(operation.partition)
    case 'comment':
      if (operation.object === 'column') return relation(operation.table)
      return operation.object === 'table' ? relation(operation.name) : null
    case 'set-schema':
      return operation.object === 'table' ? relation(operation.name) : null
    case 'drop-object':
    case 'rename-object':
      return null
    default:
      return 'table' in operation ? relation(operation.table) : null
  }
}

/** Columns that an UPDATE or DELETE names and that can be of no other table than its own. */
function namedAlone(operation: Extract<Operation, { kind: 'update' | 'delete' }>): readonly string[] {
  const [set, others] = operation.kind === 'update' ? [operation.columns, operation.from] : [[], operation.using]
  const { where, table } = operation
  const own = [table.name, ...(operation.kind === 'update' ? [operation.alias] : [])]
  if (where === null || others.length > 0 || /\bselect\b/i.test(where.text)) return set
  if (where.qualifiers.some((qualifier) => !own.includes(qualifier))) return set
  // The name of a table stands for its whole row.
  return [...set, ...where.columns.filter((column) => !own.includes(column))]
}

/** Columns, constraints and indexes of a relation that is there. */
function partOf(operation: Operation, ask: Ask): Missing | null {
  switch (operation.kind) {
    case 'drop-column':
      return operation.ifExists ? null : ask.columns(operation.table, [operation.column])
    case 'rename-column':
    case 'set-column-type':
    case 'set-default':
    case 'drop-default':
    case 'set-not-null':
    case 'drop-not-null':
    case 'alter-column-source':
    case 'alter-column-storage':
      return ask.columns(operation.table, [operation.column])
    case 'comment':
      if (operation.object !== 'column' || operation.table === null) return null
      return ask.columns(operation.table, [operation.name.name])
    case 'insert':
      return ask.columns(operation.table, operation.columns ?? [])
    case 'update':
    case 'delete':
      return ask.columns(operation.table, namedAlone(operation))
    case 'create-index': {
      if (operation.ifNotExists) return null
      const keys = operation.keys.flatMap(({ column }) => column ?? [])
      return ask.columns(operation.table, [...keys, ...operation.include])
    }
    case 'add-constraint':
      return ofConstraint(operation.table, operation.constraint, ask)
    case 'add-column':
      if (operation.ifNotExists) return null
      return first(operation.column.constraints, (each) => ofTarget(operation.table, each, ask))
    case 'create-table':
      return operation.ifNotExists
        ? null
        : first(allConstraints(operation), (each) => ofTarget(operation.table, each, ask))
    case 'drop-constraint':
      return operation.ifExists ? null : ask.constraint(operation.table, operation.constraint)
    case 'validate-constraint':
    case 'alter-constraint':
    case 'rename-constraint':
      return ask.constraint(operation.table, operation.constraint)
    default:
      return null
  }
}

function objectOf(operation: Operation, ask: Ask): Missing | null {
  switch (operation.kind) {
    case 'drop-index':
      return operation.ifExists ? null : ask.index(operation.index)
    case 'alter-index':
      return ask.index(operation.index)
    case 'reindex':
      return operation.target === 'index' && operation.name !== null ? ask.index(operation.name) : null
    case 'add-enum-value':
    case 'alter-type':
      return ask.type(operation.type)
    case 'rename-enum-value': {
      const known = ask.catalog.enum(operation.type)
      if (known === undefined) return ask.type(operation.type)
      const isSure = ask.catalog.complete || known.born !== 'base'
      return !isSure || known.values.includes(operation.value)
        ? null
        : { what: 'value', name: plain(operation.value), of: known.name }
    }
    case 'alter-domain':
      return ask.type(operation.domain)
    case 'drop-object':
      return operation.ifExists ? null : named(operation.object, operation.name, operation.table, ask)
    case 'rename-object':
      return named(operation.object, operation.name, operation.table, ask)
    default:
      return null
  }
}

function named(kind: ObjectKind, name: QualifiedName, table: QualifiedName | null, ask: Ask): Missing | null {
  switch (kind) {
    case 'view':
    case 'materialized view':
      return ask.relation(name, 'view')
    case 'index':
      return ask.index(name)
    case 'type':
    case 'domain':
      return ask.type(name)
    case 'sequence':
      return ask.relation(name, 'sequence')
    case 'trigger':
    case 'policy':
      return ask.relation(table) ?? ask.attached(kind, name.name, table)
    default:
      return null
  }
}

function ofConstraint(table: QualifiedName, constraint: TableConstraint, ask: Ask): Missing | null {
  const target = ofTarget(table, constraint, ask)
  if (target !== null || constraint.type === 'check' || constraint.type === 'exclusion') return target
  const columns = ask.columns(table, constraint.columns)
  if (columns !== null || !('usingIndex' in constraint) || constraint.usingIndex === null) return columns
  const schema = ask.catalog.table(table)?.name.schema ?? table.schema
  return ask.index({ schema, name: constraint.usingIndex })
}

/** The table and the columns that a foreign key points to. */
function ofTarget(table: QualifiedName, constraint: TableConstraint, ask: Ask): Missing | null {
  if (constraint.type !== 'foreign-key' || keyOf(constraint.references) === keyOf(table)) return null
  return ask.relation(constraint.references) ?? ask.columns(constraint.references, constraint.referencedColumns)
}

function referencesOf(constraints: readonly TableConstraint[]): readonly QualifiedName[] {
  return constraints.flatMap((constraint) => (constraint.type === 'foreign-key' ? [constraint.references] : []))
}

function first<Thing>(things: readonly Thing[], ask: (thing: Thing) => Missing | null): Missing | null {
  for (const thing of things) {
    const missing = ask(thing)
    if (missing !== null) return missing
  }
  return null
}

function plain(name: string): QualifiedName {
  return { schema: '', name }
}
