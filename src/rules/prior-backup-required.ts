import { show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'prior-backup-required',
    code: 'L15',
    family: 'data-loss',
    weight: 'off',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'Rows are changed or deleted, and no copy of them is made before',
    why:
      'No down script brings back a value that was written over. Some teams ask for a copy of the rows in a table of its own ' +
      'before any migration that changes rows, so that a mistake can be put right an hour later.',
    instead:
      'Copy the rows first: CREATE TABLE … AS SELECT … FROM the table, with the same WHERE, in the same pull request.',
    messages: { none: 'Changes rows of {{table}} without a copy of them: nothing in this pull request has made one' },
  },
  check: {
    update: (operation, context) => unsaved(operation, context),
    delete: (operation, context) => unsaved(operation, context),
    merge: (operation, context) => unsaved(operation, context),
    truncate: (operation, context) => unsaved(operation, context),
  },
})

function unsaved(
  { table, span }: Operation & { readonly table: QualifiedName },
  { pull, statement }: OperationContext<object>,
): Problem<'none'> | undefined {
  const statements = pull.flatMap(({ up }) => (up.kind === 'script' ? up.statements : []))
  const before = statements.slice(0, statements.indexOf(statement))
  const isSaved = before.some(({ operations, sql }) => operations.some(copies) && names(sql, table))
  return isSaved ? undefined : { message: 'none', at: span, data: { table: show(table) } }
}

function copies(operation: Operation): boolean {
  if (operation.kind === 'insert') return operation.source === 'query'
  return operation.kind === 'create-table' && operation.fromQuery && operation.persistence !== 'temporary'
}

function names(sql: string, { name }: QualifiedName): boolean {
  return sql.split(/[^\w$]+/).some((word) => word.toLowerCase() === name.toLowerCase())
}
