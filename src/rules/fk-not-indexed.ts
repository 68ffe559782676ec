import { allConstraints } from '../model/constraint.js'
import type { Catalog } from '../model/catalog.js'
import { keyOf, show, quote, type QualifiedName } from '../model/names.js'
import type { Migration } from '../model/migration.js'
import { isRead, operationsOf } from '../model/migration.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'fk-not-indexed',
    code: 'I33',
    family: 'hygiene',
    weight: 'off',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    summary: 'A foreign key has no index on its own columns',
    why: 'PostgreSQL indexes what a foreign key points to and not where it comes from. Each DELETE or key change in the other table then reads all of this one, under a lock, and so does every join along the key.',
    instead: 'Create an index that begins with the columns of the foreign key; CONCURRENTLY where the table has rows.',
    messages: { unindexed: 'No index of {{table}} begins with {{columns}}, the foreign key to {{target}}' },
  },
  check: {
    'create-table': ({ table, columns, constraints }, context) =>
      allConstraints({ columns, constraints }).flatMap((each) =>
        of(table, each, allConstraints({ columns, constraints }), context),
      ),
    'add-column': ({ table, column }, context) =>
      column.constraints.flatMap((each) => of(table, each, column.constraints, context)),
    'add-constraint': ({ table, constraint }, context) => of(table, constraint, [], context),
  },
})

function of(
  table: QualifiedName,
  constraint: TableConstraint,
  beside: readonly TableConstraint[],
  { catalog, pull }: { readonly catalog: Catalog; readonly pull: readonly Migration[] },
): readonly Problem<'unindexed'>[] {
  if (constraint.type !== 'foreign-key') return []
  const { columns, references, span } = constraint
  const begins = (keys: readonly (string | null)[]): boolean =>
    columns.every((column) => keys.slice(0, columns.length).includes(column))
  const isKeyed = beside.some((each) => (each.type === 'primary-key' || each.type === 'unique') && begins(each.columns))
  const isThere = catalog.indexes(table).some((index) => !index.partial && begins(index.columns))
  const scripts = pull.map(({ up }) => up)
  const comes = scripts
    .flatMap((up) => operationsOf(up))
    .some(
      (each) =>
        each.kind === 'create-index' &&
        each.where === null &&
        keyOf(each.table) === keyOf(table) &&
        begins(each.keys.map(({ column }) => column)),
    )
  if (isKeyed || isThere || comes || !scripts.every(isRead)) return []
  const data = { table: show(table), columns: columns.join(', '), target: show(references) }
  const how = catalog.born(table) === 'base' ? 'CONCURRENTLY ' : ''
  const fix = `CREATE INDEX ${how}ON ${quote(table)} (${columns.map((name) => quote(name)).join(', ')});`
  return [{ message: 'unindexed', at: span, data, fix }]
}
