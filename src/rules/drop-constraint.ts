import type { Catalog, CatalogConstraint } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { demandsValue } from '../model/not-null.js'
import type { Operation } from '../model/operation.js'
import type { TableConstraint } from '../model/operations/table.js'
import { drops, operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-constraint',
    code: 'B18',
    family: 'data-loss',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A rule on rows that existed before this pull request is dropped',
    why:
      'From the commit on, rows get in that the constraint refused: that point nowhere, are there twice, or are out of range. Once ' +
      'there are some, the constraint cannot be put back before they are found and mended, so that a down script may fail as well. ' +
      'A constraint that is replaced by another on the same columns, that goes with its column or with the table it points to, or ' +
      'that only proved a NOT NULL, is not meant; nor are primary keys, which have a rule of their own.',
    instead:
      'Make sure that nothing relies on it any more. Where it is to become another rule, add the new one in the same pull request, ' +
      'NOT VALID if need be.',
    messages: {
      'foreign-key':
        'Drops foreign key {{name}} of {{table}}: rows that point nowhere in {{other}} are no longer refused',
      unique: 'Drops unique constraint {{name}} of {{table}}: the same {{columns}} may be there twice from now on',
      check: 'Drops CHECK constraint {{name}} of {{table}}: rows that break it are no longer refused',
      exclusion: 'Drops exclusion constraint {{name}} of {{table}}: rows that overlap are no longer refused',
    },
  },
  check: {
    'drop-constraint'({ table, constraint: name, cascade, span }, { catalog, pull }) {
      const known = catalog.table(table)?.constraints.find((each) => each.name === name)
      if (cascade || known === undefined || known.born !== 'base') return
      const { type, columns } = known
      if (type === 'primary-key' || type === 'not-null') return
      const others = operationsIn(pull)
      if (provedNotNull(known, table, catalog) || others.some((each) => settles(each, table, known))) return
      const other = known.references === null ? '' : show(known.references.table)
      const data = { table: show(table), name, columns: columns.join(', '), other }
      return { message: type, at: span, data }
    },
  },
})

/** Whether a CHECK says no more than NOT NULL, which its column is by now. */
function provedNotNull({ expression }: CatalogConstraint, table: QualifiedName, catalog: Catalog): boolean {
  const [only, another] = expression?.columns ?? []
  if (only === undefined || another !== undefined || expression === null) return false
  return demandsValue(expression.text, only) && catalog.column(table, only)?.notNull === true
}

/** Whether it puts another rule in the place of one, or takes along what the rule was about. */
function settles(operation: Operation, table: QualifiedName, dropped: CatalogConstraint): boolean {
  const { references, columns } = dropped
  if (references !== null && drops(operation, references.table)) return true
  if (drops(operation, table) || columns.some((column) => drops(operation, table, column))) return true
  if (operation.kind === 'add-constraint' || operation.kind === 'add-column') {
    const made = operation.kind === 'add-column' ? operation.column.constraints : [operation.constraint]
    return keyOf(operation.table) === keyOf(table) && made.some((each) => replaces(each, dropped))
  }
  if (operation.kind !== 'create-index' || dropped.type !== 'unique' || !operation.unique) return false
  return (
    keyOf(operation.table) === keyOf(table) &&
    operation.keys.every(({ column }) => column === null || columns.includes(column))
  )
}

function replaces(constraint: TableConstraint, { name, type, columns, references }: CatalogConstraint): boolean {
  switch (constraint.type) {
    case 'check':
      return (
        type === 'check' &&
        (constraint.name === name || constraint.expression.columns.some((each) => columns.includes(each)))
      )
    case 'foreign-key':
      // To the same table over other columns it is most often the better way there.
      return (
        references !== null &&
        (keyOf(constraint.references) === keyOf(references.table) ||
          columns.every((each) => constraint.columns.includes(each)))
      )
    case 'exclusion':
      return type === 'exclusion'
    case 'not-null':
      return false
    default:
      // A narrower key is stricter than the old one.
      return (
        type === 'unique' &&
        (constraint.usingIndex !== null || constraint.columns.every((each) => columns.includes(each)))
      )
  }
}
