import type {
  Catalog,
  CatalogColumn,
  CatalogConstraint,
  CatalogEnum,
  CatalogIndex,
  CatalogObject,
  CatalogTable,
  CatalogView,
} from '../model/catalog.js'
import { keyOf } from '../model/names.js'
import type { State } from './state.js'
import type { CatalogStore } from './store.js'
import { objectsOf } from './view.js'

/**
 * What `after` has and `before` had not, lacks, or has otherwise: one plain line an object, sorted. For use in what a down
 * script leaves behind: `index orders_customer_idx remains`, `column orders.note is missing`. Of stores forked from one
 * another it costs what was changed in between, not what exists.
 */
export function difference(before: CatalogStore, after: CatalogStore): readonly string[] {
  const old = ownOf(before.state(), after.state())
  const now = ownOf(after.state(), before.state())
  return [
    ...compare([...old.tables, ...presumed(old.tables, now.tables)], now.tables, tableName, differingTable),
    ...compare(old.views, now.views, viewName, differingView(before, after)),
    ...compare(old.enums, now.enums, enumName, differingEnum),
    ...compare(objectsOf(old), objectsOf(now), objectName, differingObject),
  ].toSorted()
}

/** What one state does not share with the other. */
function ownOf(state: State, other: State) {
  return {
    tables: state.tables.valuesNotIn(other.tables),
    views: state.views.valuesNotIn(other.views),
    enums: state.enums.valuesNotIn(other.enums),
    domains: state.domains.valuesNotIn(other.domains),
    objects: state.objects.valuesNotIn(other.objects),
  }
}

/** Tables that were there before although nobody here saw them created: as they were when the first statement named them. */
function presumed(old: readonly CatalogTable[], now: readonly CatalogTable[]): readonly CatalogTable[] {
  const known = new Set(old.map(tableName))
  return now
    .filter((table) => table.born === 'base' && !table.complete && !known.has(tableName(table)))
    .map((table) => ({ ...table, columns: [], constraints: [], indexes: [] }))
}

/** Lines for what only one side has, and for what both have but differently. What both sides share is passed over. */
function compare<Thing>(
  before: Iterable<Thing>,
  after: Iterable<Thing>,
  name: (thing: Thing) => string,
  differing: (old: Thing, now: Thing) => readonly string[],
): readonly string[] {
  const left = new Map<string, Thing>()
  for (const thing of before) left.set(name(thing), thing)
  const lines: string[] = []
  for (const now of after) {
    const key = name(now)
    const old = left.get(key)
    if (old === undefined) lines.push(`${key} remains`)
    else if (old !== now) lines.push(...differing(old, now))
    left.delete(key)
  }
  return [...lines, ...[...left.keys()].map((key) => `${key} is missing`)]
}

const tableName = ({ name }: CatalogTable): string => `table ${keyOf(name)}`
const viewName = ({ name, materialized }: CatalogView): string =>
  `${materialized ? 'materialized view' : 'view'} ${keyOf(name)}`
const enumName = ({ name }: CatalogEnum): string => `enum ${keyOf(name)}`
const indexName = ({ name }: CatalogIndex): string => `index ${keyOf(name)}`
const objectName = ({ kind, name, table }: CatalogObject): string =>
  `${kind} ${keyOf(name)}${table === null ? '' : ` on ${keyOf(table)}`}`

function differingTable(old: CatalogTable, now: CatalogTable): readonly string[] {
  const table = keyOf(now.name)
  const columnName = ({ name }: CatalogColumn): string => `column ${table}.${name}`
  const constraintName = ({ name }: CatalogConstraint): string => `constraint ${name} on ${table}`
  const plain = ({ indexes }: CatalogTable): readonly CatalogIndex[] =>
    indexes.filter((each) => each.constraint === null)
  const lines = [
    ...compare(old.columns, now.columns, columnName, differingColumn(table)),
    ...compare(old.constraints, now.constraints, constraintName, differingConstraint(table)),
    ...compare(plain(old), plain(now), indexName, differingIndex),
  ]
  if (old.persistence !== now.persistence) lines.push(`table ${table} is ${now.persistence}, was ${old.persistence}`)
  const parent = (of: CatalogTable): string => (of.partitionOf === null ? 'no table' : keyOf(of.partitionOf))
  if (parent(old) !== parent(now)) {
    lines.push(`table ${table} is a partition of ${parent(now)}, was of ${parent(old)}`)
  }
  return lines
}

const differingColumn =
  (table: string) =>
  (old: CatalogColumn, now: CatalogColumn): readonly string[] => {
    const column = `column ${table}.${now.name}`
    const lines: string[] = []
    if (typeText(old) !== typeText(now)) lines.push(`${column} is ${typeText(now)}, was ${typeText(old)}`)
    if (old.notNull !== now.notNull) lines.push(`${column} is ${nullability(now)}, was ${nullability(old)}`)
    if (defaultOf(old) !== defaultOf(now)) lines.push(`${column} has ${defaultOf(now)}, had ${defaultOf(old)}`)
    if (sourceOf(old) !== sourceOf(now)) lines.push(`${column} is ${sourceOf(now)}, was ${sourceOf(old)}`)
    return lines
  }

const differingConstraint =
  (table: string) =>
  (old: CatalogConstraint, now: CatalogConstraint): readonly string[] => {
    const constraint = `constraint ${now.name} on ${table}`
    if (constraintText(old) !== constraintText(now)) {
      return [`${constraint} is ${constraintText(now)}, was ${constraintText(old)}`]
    }
    if (old.validated !== now.validated) return [`${constraint} is ${validity(now)}, was ${validity(old)}`]
    return []
  }

function differingIndex(old: CatalogIndex, now: CatalogIndex): readonly string[] {
  return indexText(old) === indexText(now) ? [] : [`${indexName(now)} is ${indexText(now)}, was ${indexText(old)}`]
}

const differingView =
  (before: Catalog, after: Catalog) =>
  (old: CatalogView, now: CatalogView): readonly string[] => {
    const reads = (view: CatalogView): string => view.reads.map(keyOf).toSorted().join(', ') || 'nothing'
    const lines = compare(before.indexes(old.name), after.indexes(now.name), indexName, differingIndex)
    return reads(old) === reads(now) ? lines : [...lines, `${viewName(now)} reads ${reads(now)}, read ${reads(old)}`]
  }

function differingEnum(old: CatalogEnum, now: CatalogEnum): readonly string[] {
  const line = enumName(now)
  const remaining = now.values.filter((value) => !old.values.includes(value))
  const missing = old.values.filter((value) => !now.values.includes(value))
  if (remaining.length > 0 || missing.length > 0) {
    return [
      ...remaining.map((value) => `value '${value}' of ${line} remains`),
      ...missing.map((value) => `value '${value}' of ${line} is missing`),
    ]
  }
  const isSame = old.values.join('\0') === now.values.join('\0')
  return isSame ? [] : [`${line} is in the order ${now.values.join(', ')}, was ${old.values.join(', ')}`]
}

function differingObject(old: CatalogObject, now: CatalogObject): readonly string[] {
  return old.definition === now.definition ? [] : [`${objectName(now)} is defined differently`]
}

function typeText({ type }: CatalogColumn): string {
  return type.schema === 'public' ? type.text.replace(/^public\./, '') : type.text
}

function nullability({ notNull }: CatalogColumn): string {
  return notNull ? 'NOT NULL' : 'nullable'
}

function defaultOf(column: CatalogColumn): string {
  return column.default === null ? 'no default' : `default ${folded(column.default.text)}`
}

function sourceOf({ identity, generated }: CatalogColumn): string {
  if (identity !== null) return identity === 'always' ? 'identity ALWAYS' : 'identity BY DEFAULT'
  return generated === null ? 'neither identity nor generated' : `generated ${generated}`
}

function validity({ validated }: CatalogConstraint): string {
  return validated ? 'validated' : 'NOT VALID'
}

function constraintText({ type, columns, references, expression }: CatalogConstraint): string {
  if (expression !== null) return `CHECK (${folded(expression.text)})`
  const target =
    references === null
      ? ''
      : ` to ${keyOf(references.table)} (${references.columns.join(', ')})` +
        `${action('DELETE', references.onDelete)}${action('UPDATE', references.onUpdate)}`
  return `${type.replace('-', ' ')} (${columns.join(', ')})${target}`
}

function indexText(index: CatalogIndex): string {
  const columns = index.columns.map((column) => column ?? 'expression').join(', ')
  const include = index.include.length === 0 ? '' : ` including ${index.include.join(', ')}`
  return [
    index.unique ? 'unique ' : '',
    index.valid ? '' : 'invalid ',
    `${index.method} on ${keyOf(index.table)} (${columns})${include}`,
    index.partial ? ' with a predicate' : '',
  ].join('')
}

function action(event: string, does: string): string {
  return does === 'NO ACTION' ? '' : ` ON ${event} ${does}`
}

/** An expression without the differences in case and white space that mean nothing: those outside of quotes. */
function folded(text: string): string {
  return text.replace(/'[^']*'|"[^"]*"|[^'"]+/g, (piece) =>
    /^['"]/.test(piece) ? piece : piece.toLowerCase().replace(/\s+/g, ' '),
  )
}
