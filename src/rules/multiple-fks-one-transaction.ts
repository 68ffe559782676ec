import { isOld } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type OperationContext } from './rule.js'

export default rule({
  meta: {
    id: 'multiple-fks-one-transaction',
    code: 'C24',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'One transaction adds foreign keys to several existing tables',
    why:
      'Adding a foreign key, NOT VALID too, takes SHARE ROW EXCLUSIVE on both of its tables and keeps it to the end of the transaction: ' +
      'writes to the first table wait while the transaction waits for the second. A transaction of the application that writes to both ' +
      'in the other order is a deadlock.',
    instead: 'Add one foreign key a migration, each with a lock_timeout of a few seconds.',
    messages: {
      several:
        'Writes to {{first}} wait since line {{line}} while this waits for {{second}}: both get foreign keys in one transaction',
    },
  },
  check: {
    'add-constraint': (operation, context) => second(operation, operation.table, [operation.constraint], context),
    'add-column': (operation, context) => second(operation, operation.table, operation.column.constraints, context),
  },
})

/** The second table that a transaction gives a foreign key to, where the first is another and in use as well. */
function second(
  { span }: Operation,
  table: QualifiedName,
  constraints: readonly TableConstraint[],
  { catalog, session, script, statement }: OperationContext<object>,
) {
  if (!session.inTransaction || session.lockTimeout !== null) return
  const target = targets(constraints).find((each) => isOld(catalog, each) && keyOf(each) !== keyOf(table))
  if (target === undefined) return
  const before = script.statements
    .slice(0, statement.index)
    .flatMap(({ operations }) => operations)
    .flatMap((each) => (each.kind === 'add-constraint' || each.kind === 'add-column' ? [each] : []))
    .flatMap((each) => {
      const written = each.kind === 'add-constraint' ? [each.constraint] : each.column.constraints
      return targets(written).map((to) => ({ to, from: each.table, at: each.span }))
    })
  // What an own transaction has committed is not held any more.
  const held = before.find(
    ({ to, from }) =>
      keyOf(to) !== keyOf(target) && isOld(catalog, to) && isOld(catalog, from) && isHeld(to, session.held),
  )
  if (held === undefined) return
  return {
    message: 'several' as const,
    at: span,
    related: [held.at],
    data: { first: show(held.to), second: show(target), line: held.at.start.line },
    table: target,
  }
}

function targets(constraints: readonly TableConstraint[]): readonly QualifiedName[] {
  return constraints.flatMap((each) => (each.type === 'foreign-key' ? [each.references] : []))
}

function isHeld(table: QualifiedName, held: OperationContext<object>['session']['held']): boolean {
  return held.some((lock) => keyOf(lock.table) === keyOf(table))
}
