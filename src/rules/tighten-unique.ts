import { columnIsNew, type CatalogTable } from '../model/catalog.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { operationsIn } from '../model/pulled.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'tighten-unique',
    code: 'D11',
    family: 'compatibility',
    weight: 'notice',
    confidence: 'possible',
    tables: 'existing',
    directions: 'up',
    summary: 'Columns that existed before this pull request become unique',
    why:
      'Rows that are alike stop the migration; where none are, the running release gets an error for the first one it writes, and ' +
      'may not expect it. A CREATE UNIQUE INDEX CONCURRENTLY that fails so leaves an invalid index behind. Columns that contain a ' +
      'unique key anyway are not meant, nor a table of which this pull request also drops an index or constraint: that is most ' +
      'often the older rule, or the narrower one.',
    instead:
      'Look for rows that are alike before, and release code that copes with the error first. It is a notice: who makes something ' +
      'unique most often knows that it is.',
    messages: {
      tightened:
        'Makes {{columns}} of {{table}} unique: rows that are alike stop it, and deployed code may still write some',
    },
  },
  check: {
    'create-index'({ table, unique, keys, where, span }, context) {
      if (!unique || where !== null) return
      const columns = keys.flatMap(({ column }) => column ?? [])
      return columns.length === keys.length ? tightened(table, columns, span, context) : undefined
    },
    'add-constraint'({ table, constraint, span }, context) {
      if (constraint.type !== 'unique' || constraint.usingIndex !== null) return
      return tightened(table, constraint.columns, span, context)
    },
  },
})

function tightened(
  name: QualifiedName,
  columns: readonly string[],
  at: Problem['at'],
  { catalog, pull }: OperationContext<object>,
): Problem<'tightened'> | undefined {
  const table = catalog.table(name)
  // Of columns that nobody saw created it is not known what is unique already.
  if (table?.complete !== true || columns.some((column) => columnIsNew(catalog, name, column))) return
  if (isUniqueAlready(table, columns) || operationsIn(pull).some((each) => loosens(each, table))) return
  const list = columns.map(quote).join(', ')
  const fix =
    `-- rows that are alike, before it runs:\n` +
    `SELECT ${list}, count(*) FROM ${quote(name)} GROUP BY ${list} HAVING count(*) > 1;`
  return { message: 'tightened', at, data: { table: show(name), columns: columns.join(', ') }, fix }
}

function isUniqueAlready({ indexes }: CatalogTable, columns: readonly string[]): boolean {
  return indexes.some(
    (index) =>
      index.unique &&
      index.valid &&
      !index.partial &&
      index.columns.every((column) => column !== null && columns.includes(column)),
  )
}

/** Whether it takes an index or constraint from the table; of an index that is gone by then the table is not known. */
function loosens(operation: Operation, { name }: CatalogTable): boolean {
  if (operation.kind === 'drop-index') return true
  return operation.kind === 'drop-constraint' && keyOf(operation.table) === keyOf(name)
}
