import { allConstraints } from '../model/constraint.js'
import type { Catalog } from '../model/catalog.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { OperationOf } from '../model/operation.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'fk-target-not-unique',
    code: 'F17',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A foreign key points to columns that are not a key',
    why:
      'PostgreSQL refuses a foreign key unless a primary key, a unique constraint or a unique index that is neither partial nor on an ' +
      'expression stands on just those columns of the table it points to (https://www.postgresql.org/docs/current/ddl-constraints.html).',
    instead: 'Make the columns unique first, or point to the primary key.',
    messages: {
      columns: 'The foreign key points to {{columns}} of {{table}}, which nothing makes unique: PostgreSQL refuses',
      'primary-key': 'The foreign key names no columns of {{table}}, and that has no primary key: PostgreSQL refuses',
    },
  },
  check: {
    'add-constraint'({ constraint }, { catalog }) {
      return ofConstraint(constraint, catalog)
    },
    'add-column'({ column }, { catalog }) {
      return column.constraints.flatMap((constraint) => ofConstraint(constraint, catalog))
    },
    'create-table'(operation, { catalog }) {
      const all = allConstraints(operation)
      if (operation.ifNotExists) return
      return all.flatMap((constraint) => ofConstraint(constraint, catalog, operation))
    },
  },
})

/** `creating` is the table that the statement makes, which may point to itself. */
function ofConstraint(
  constraint: TableConstraint,
  catalog: Catalog,
  creating?: OperationOf<'create-table'>,
): readonly Problem<'columns' | 'primary-key'>[] {
  if (constraint.type !== 'foreign-key') return []
  const { references: target, referencedColumns: columns, span } = constraint
  const keys =
    creating !== undefined && keyOf(creating.table) === keyOf(target) ? keysMade(creating) : keysOf(target, catalog)
  if (keys === null) return []
  const table = show(target)
  if (columns.length === 0)
    return keys.some(({ primary }) => primary) ? [] : [{ message: 'primary-key', at: span, data: { table } }]
  const fits = keys.some((key) => sorted(key.columns) === sorted(columns))
  return fits ? [] : [{ message: 'columns', at: span, data: { table, columns: columns.join(', ') } }]
}

interface Key {
  readonly columns: readonly string[]
  readonly primary: boolean
}

/** The keys of a table as it stands; null where not all is known of it. */
function keysOf(target: QualifiedName, catalog: Catalog): readonly Key[] | null {
  const known = catalog.table(target)
  if (known === undefined || !known.complete || (!catalog.complete && known.born === 'base')) return null
  const primary = known.constraints.find(({ type }) => type === 'primary-key')
  const indexes = known.indexes
    .filter(({ unique, partial, valid, columns }) => unique && !partial && valid && !columns.includes(null))
    .map(({ columns }) => ({ columns: columns.flatMap((column) => column ?? []), primary: false }))
  const constraints = known.constraints
    .filter(({ type }) => type === 'unique')
    .map(({ columns }) => ({ columns, primary: false }))
  return [...(primary === undefined ? [] : [{ columns: primary.columns, primary: true }]), ...constraints, ...indexes]
}

/** The keys of a table that is being made; null where they may come from elsewhere too. */
function keysMade({
  columns,
  constraints,
  like,
  inherits,
  partitionOf,
  fromQuery,
}: OperationOf<'create-table'>): readonly Key[] | null {
  if (fromQuery || partitionOf !== null || like.length > 0 || inherits.length > 0) return null
  return allConstraints({ columns, constraints }).flatMap((each): readonly Key[] =>
    each.type === 'primary-key' || each.type === 'unique'
      ? [{ columns: each.columns, primary: each.type === 'primary-key' }]
      : [],
  )
}

function sorted(columns: readonly string[]): string {
  return columns.toSorted().join('\0')
}
