import type { Catalog, CatalogColumn, CatalogConstraint, CatalogIndex, CatalogTable } from '../../src/model/catalog.js'
import { keyOf, type QualifiedName } from '../../src/model/names.js'

/** The replayed schema, one line an object, in the same form in which `postgresCatalog` prints PostgreSQL's own. */
export function normalForm(catalog: Catalog): string[] {
  const lines: string[] = []
  for (const table of catalog.tables) {
    if (table.name.schema === 'pg_temp') continue
    lines.push(tableLine(table))
    const owner = keyOf(table.name)
    if (table.complete) lines.push(...table.columns.map((column) => columnLine(owner, column)))
    for (const constraint of table.constraints) {
      if (constraint.type !== 'not-null') lines.push(constraintLine(owner, constraint))
    }
    lines.push(...table.indexes.map(indexLine))
  }
  for (const view of catalog.views) {
    if (view.name.schema === 'pg_temp') continue
    lines.push(`${view.materialized ? 'materialized view' : 'view'} ${keyOf(view.name)}`)
    lines.push(...catalog.indexes(view.name).map(indexLine))
  }
  for (const type of catalog.enums) lines.push(`enum ${keyOf(type.name)}: ${type.values.join(', ')}`)
  for (const object of catalog.objects) {
    if (object.kind === 'sequence') lines.push(`sequence ${keyOf(object.name)}`)
    if (object.kind === 'domain') lines.push(`domain ${keyOf(object.name)}`)
  }
  return lines.sort()
}

/** Keys of the tables whose columns the replay does not claim to know. */
export function incompleteTables(catalog: Catalog): ReadonlySet<string> {
  return new Set([...catalog.tables].filter((table) => !table.complete).map((table) => keyOf(table.name)))
}

/** A default in a form that two spellings of one constant share; anything that is not constant is just `default`. */
export function normalDefault(text: string, constant: boolean): string {
  if (!constant) return 'default'
  let bare = text.trim()
  for (let before = ''; before !== bare;) {
    before = bare
    bare = bare
      .replace(/::[\w ".]+(\([\d,]+\))?(\[\])*$/, '')
      .replace(/^\((.*)\)$/s, '$1')
      .trim()
  }
  if (/^'-?[\d.]+'$/.test(bare)) bare = bare.slice(1, -1)
  return `default ${/^(true|false|null)$/i.test(bare) ? bare.toLowerCase() : bare.replace(/^-\s+/, '-')}`
}

function tableLine(table: CatalogTable): string {
  const parts = [
    'table',
    keyOf(table.name),
    table.persistence === 'unlogged' ? 'unlogged' : '',
    table.partitioned ? 'partitioned' : '',
    table.partitionOf === null ? '' : `partition of ${keyOf(table.partitionOf)}`,
    table.defaultPartition ? 'default' : '',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function columnLine(owner: string, column: CatalogColumn): string {
  const parts = [
    `column ${owner}.${column.name}`,
    column.type.text.replace(/^public\./, ''),
    column.notNull ? 'not null' : '',
    column.default === null || column.generated !== null
      ? ''
      : normalDefault(column.default.text, column.default.constant),
    column.identity === null ? '' : `identity ${column.identity}`,
    column.generated === null ? '' : `generated ${column.generated}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function constraintLine(owner: string, constraint: CatalogConstraint): string {
  const columns = constraint.type === 'check' ? constraint.columns.toSorted() : constraint.columns
  const target = constraint.references
  const parts = [
    `constraint ${owner}.${constraint.name}`,
    constraint.type,
    `(${columns.join(', ')})`,
    target === null ? '' : `references ${keyOf(target.table)} (${target.columns.join(', ')})`,
    constraint.validated ? '' : 'not valid',
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function indexLine(index: CatalogIndex): string {
  const schema: QualifiedName = index.name
  const parts = [
    `index ${keyOf(schema)} on ${keyOf(index.table)}`,
    index.unique ? 'unique' : '',
    index.valid ? '' : 'invalid',
    index.method,
    `(${index.columns.map((column) => column ?? '*').join(', ')})`,
    index.include.length === 0 ? '' : `include (${index.include.join(', ')})`,
    index.partial ? 'partial' : '',
    index.constraint === null ? '' : `constraint ${index.constraint}`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}
