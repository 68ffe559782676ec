import { isOld } from '../model/catalog.js'
import { operationsOf, type Migration } from '../model/migration.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationOf } from '../model/operation.js'
import { rule, type OperationContext, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'create-then-rewrite',
    code: 'C86',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'statement',
    summary: 'A column that one migration of this pull request adds is changed by another',
    why:
      'Each step takes ACCESS EXCLUSIVE on the table once more, and the second undoes part of the first. Nobody has run either of them ' +
      'yet: what is merged could be the column as it should be in the end.',
    instead: 'Add the column in its final form, and leave the later step out.',
    messages: {
      retyped: 'Column {{column}} of {{table}} gets another type in the pull request that adds it',
      renamed: 'Column {{column}} of {{table}} gets another name in the pull request that adds it',
      dropped: 'Column {{column}} of {{table}} is dropped in the pull request that adds it',
    },
  },
  check: {
    // What rewrites the table has a rule of its own, which weighs more.
    'set-column-type': (operation, context) =>
      context.effect.rewrites.length > 0 ? undefined : again('retyped', operation, operation, context),
    'rename-column'(operation, context) {
      // A new column that takes the place of an old one has to wait for its name.
      return takesOver(operation, context.pull) ? undefined : again('renamed', operation, operation, context)
    },
    'drop-column': (operation, context) => again('dropped', operation, operation, context),
  },
})

function again<Key extends 'retyped' | 'renamed' | 'dropped'>(
  message: Key,
  { span }: Operation,
  { table, column }: { readonly table: QualifiedName; readonly column: string },
  { catalog }: OperationContext<object>,
): Problem<Key> | undefined {
  // What one file adds and takes away again it needs meanwhile.
  if (!isOld(catalog, table) || catalog.column(table, column)?.born !== 'pull') return
  return { message, at: span, data: { column, table: show(table) } }
}

function takesOver({ table, newName }: OperationOf<'rename-column'>, pull: readonly Migration[]): boolean {
  return pull
    .flatMap(({ up }) => operationsOf(up))
    .some(
      (each) =>
        (each.kind === 'drop-column' || each.kind === 'rename-column') &&
        each.column === newName &&
        keyOf(each.table) === keyOf(table),
    )
}
