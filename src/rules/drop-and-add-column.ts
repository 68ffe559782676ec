import { columnIsNew } from '../model/catalog.js'
import { operationsOf } from '../model/migration.js'
import { keyOf, quote, show } from '../model/names.js'
import type { TypeName } from '../model/operations/shared.js'
import type { AddColumn, DropColumn } from '../model/operations/table.js'
import { isNarrowing } from '../model/type-change.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'drop-and-add-column',
    code: 'B15',
    family: 'data-loss',
    weight: 'error',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'A column is dropped and one like it is added: what may be a rename or a type change loses the values',
    why:
      'Generators compare two models and see one column gone and one come. What was meant as a new name or a longer type becomes a ' +
      'DROP and an ADD, and every value is lost on the way, although the schema afterwards is exactly the one that was wanted. It ' +
      'speaks instead of `drop-column`. A script that copies the values into the new column is not meant.',
    instead:
      'Change the type in place. For a new name, add the column, copy the values, release code that uses it, and drop the old one later. ' +
      'When nothing is to be kept, drop and add in two migrations, so that the loss is agreed to by itself.',
    messages: {
      renamed:
        'Drops column {{column}} of {{table}} and adds {{added}} of a like type: if that is a new name, all values are lost',
      retyped: 'Drops column {{column}} of {{table}} and adds it again as {{type}}: all values are lost',
    },
  },
  check: {
    'drop-column'(operation, context) {
      const { table, column, span } = operation
      if (columnIsNew(context.catalog, table, column)) return
      const added = replacementOf(operation, context)
      if (added === undefined) return
      const { name, type } = added.column
      const data = { table: show(table), column, added: name, type: type.text }
      if (name !== column) return { message: 'renamed', at: span, related: [added.span], data }
      const old = context.catalog.column(table, column)?.type
      const problem = { message: 'retyped' as const, at: span, related: [added.span], data }
      if (old === undefined || isNarrowing(old, type)) return problem
      const target = quote(column)
      const fix = `ALTER TABLE ${quote(table)} ALTER COLUMN ${target} TYPE ${type.text} USING ${target}::${type.text};`
      return { ...problem, fix }
    },
  },
})

/** The column of the same script that takes the dropped one's place, unless the script fills it itself. */
export function replacementOf(
  { table, column }: DropColumn,
  { script, catalog }: Pick<OperationContext<object>, 'script' | 'catalog'>,
): AddColumn | undefined {
  const type = catalog.column(table, column)?.type
  const here = operationsOf(script).filter(
    (operation) => 'table' in operation && operation.table !== null && keyOf(operation.table) === keyOf(table),
  )
  const filled = new Set(here.flatMap((operation) => (operation.kind === 'update' ? operation.columns : [])))
  return here.find((operation): operation is AddColumn => {
    if (operation.kind !== 'add-column' || filled.has(operation.column.name) || operation.column.generated) return false
    return operation.column.name === column || (type !== undefined && alike(type, operation.column.type))
  })
}

const KINDS: readonly (readonly string[])[] = [
  ['smallint', 'integer', 'bigint', 'numeric'],
  ['character varying', 'character', 'text', 'citext'],
  ['real', 'double precision'],
  ['timestamp without time zone', 'timestamp with time zone', 'date'],
  ['json', 'jsonb'],
]

function alike(a: TypeName, b: TypeName): boolean {
  if (a.arrays > 0 !== b.arrays > 0) return false
  return a.name === b.name || KINDS.some((kind) => kind.includes(a.name) && kind.includes(b.name))
}
