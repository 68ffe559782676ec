import type { RowCount } from '../model/evidence.js'
import { firstChangeIn } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { startOf, type Span } from '../source/span.js'
import { rule, type RehearsedStatement } from './rule.js'

export default rule({
  meta: {
    id: 'roundtrip-data-loss',
    code: 'E11',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'Rows that were there before up are gone or changed after down',
    why:
      'The rehearsal remembers every row before up and compares after down, value by value. The schema may come back to the last ' +
      'comma while what was in it does not: a rollback then ends with a database that looks well and has lost what customers wrote.',
    instead:
      'Keep the old values until the change is certain to stay: a copy of the table or the column that down reads back from. Where ' +
      'they may go, have a named person agree, and say in down that there is no way back.',
    messages: { lost: 'A rollback does not bring back {{lost}}' },
  },
  check: {
    evidence({ lost }, { migration, statements, told }) {
      const culprits = new Map<Span, RowCount[]>()
      const otherwise = firstChangeIn(migration.up.script, startOf(migration.revision.path))
      for (const each of lost) {
        const at = culpritOf(each, statements) ?? otherwise
        culprits.set(at, [...(culprits.get(at) ?? []), each])
      }
      return [...culprits]
        .filter(([at]) => !told(at, ['data-loss']))
        .map(([at, counts]) => ({ message: 'lost' as const, at, data: { lost: counts.map(said).join(', ') } }))
    },
  },
})

/** The last statement of up that touches the column, or else the table. */
function culpritOf({ table, column }: RowCount, statements: readonly RehearsedStatement[]): Span | undefined {
  const ups = statements.filter(({ direction }) => direction === 'up').map(({ statement }) => statement)
  const last = (touches: (operation: Operation) => boolean): Span | undefined =>
    ups.findLast(({ operations }) => operations.some(touches))?.span
  const [relation, field] = [table, column].map((name) => name?.replaceAll('"', ''))
  const onTable = (operation: Operation): boolean =>
    operation.kind === 'do'
      ? operation.inner.some(onTable)
      : 'table' in operation && operation.table !== null && keyOf(operation.table) === relation
  const onColumn = (operation: Operation): boolean =>
    operation.kind === 'do'
      ? operation.inner.some(onColumn)
      : onTable(operation) &&
        (('column' in operation && operation.column === field) ||
          (operation.kind === 'update' && field !== undefined && operation.columns.includes(field)))
  return last(onColumn) ?? last(onTable)
}

function said({ table, column, rows }: RowCount): string {
  return column === null
    ? `${rows} ${rows === 1 ? 'row' : 'rows'} of ${table}`
    : `${rows} ${rows === 1 ? 'value' : 'values'} of ${table}.${column}`
}
