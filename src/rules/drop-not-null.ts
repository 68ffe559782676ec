import { columnIsNew } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { drops, operationsAfter } from '../model/pulled.js'
import type { Operation } from '../model/operation.js'
import { rule, type OperationContext, type Problem } from './rule.js'
import type { Span } from '../source/span.js'

export default rule({
  meta: {
    id: 'drop-not-null',
    code: 'D7',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'A column that always had a value may be NULL from now on',
    why:
      'Code that is deployed was written for a column that always has a value: it may map it to a type that knows no NULL, compare ' +
      'it, or join on it, and meets the first NULL as soon as the new release writes one. NOT NULL does not come back by itself ' +
      'either: setting it again fails on the rows written meanwhile. A column that the same pull request drops is not meant.',
    instead:
      'First release code that reads NULLs, then drop NOT NULL, and only then release code that writes them. Where it is done so ' +
      'that a later release can drop the column, say so in an allowance.',
    messages: {
      nullable: 'Column {{column}} of {{table}} may be NULL from now on: code that is deployed now expects a value',
    },
  },
  check: {
    'drop-not-null'(operation, context) {
      return problem(operation.table, operation.column, operation.span, operation, context)
    },
    'drop-constraint'(operation, context) {
      const { table, constraint: name, span } = operation
      const known = context.catalog.table(table)
      const written = known?.constraints.find((each) => each.name === name)
      if (written !== undefined && written.type !== 'not-null') return
      // A NOT NULL has a constraint of its own since PostgreSQL 18, whose generated name tells the column.
      const generated = known?.columns.find((each) => name === `${known.name.name}_${each.name}_not_null`)
      const columns = written?.columns ?? (generated === undefined ? [] : [generated.name])
      return columns.flatMap((column) => problem(table, column, span, operation, context) ?? [])
    },
  },
})

function problem(
  table: QualifiedName,
  column: string,
  at: Span,
  operation: Operation,
  { catalog, pull }: OperationContext<object>,
): Problem<'nullable'> | undefined {
  if (columnIsNew(catalog, table, column) || catalog.column(table, column)?.notNull === false) return
  const isSetAgain = (each: Operation): boolean =>
    each.kind === 'set-not-null' && each.column === column && keyOf(each.table) === keyOf(table)
  if (operationsAfter(operation, pull).some((each) => drops(each, table, column) || isSetAgain(each))) return
  return { message: 'nullable', at, data: { table: show(table), column } }
}
