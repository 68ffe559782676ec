import { compareLocks } from '../model/effect.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule, type RehearsedStatement } from './rule.js'

export default rule({
  meta: {
    id: 'observed-seq-scan-under-lock',
    code: 'C98',
    family: 'blocking',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'both',
    summary: 'A statement was seen to read a whole table that it keeps others from writing to',
    why:
      'The rehearsal reads the counters of `pg_stat_user_tables` before and after every statement. A scan takes as long as the table ' +
      'is large, and under SHARE or a stronger lock every write waits for its end. The text of the statement shows the lock and not ' +
      'the scan. Queries that an index could answer on a large table are not told apart from others.',
    instead:
      'Read first and lock afterwards, in a transaction of its own, or let PostgreSQL prove the rule with a constraint that is NOT ' +
      'VALID at first and is validated without blocking writes.',
    messages: { reads: 'Reads {{table}} from end to end while it blocks writes to it' },
  },
  check: {
    evidence(_, { statements, told }) {
      // Whose lock is spoken of already is not told how long it is held for once more.
      const others = statements.filter(({ statement }) => !told(statement.span, ['blocking']))
      return others.flatMap((rehearsed) =>
        scansUnderLock(rehearsed).map((table) => {
          const { span: at } = rehearsed.statement
          return { message: 'reads' as const, at, table, data: { table: show(table) } }
        }),
      )
    },
  },
})

/** Those that no other observation and no change of rows, planned by the size of the table, accounts for. */
function scansUnderLock({ step, statement, unforeseen }: RehearsedStatement): readonly QualifiedName[] {
  if (unforeseen === null) return []
  const isAmong = (tables: readonly QualifiedName[], table: QualifiedName): boolean =>
    tables.some((each) => keyOf(each) === keyOf(table))
  const told = [...unforeseen.rewrites, ...unforeseen.locks.map(({ table }) => table)]
  const locked = step.locks.flatMap(({ object, mode }) => (compareLocks(mode, 'SHARE') >= 0 ? [object] : []))
  const queried = statement.operations.flatMap(rowsOf)
  return unforeseen.scans.filter(
    (table) =>
      locked.includes(`${table.schema || 'public'}.${table.name}`) && !isAmong(told, table) && !isAmong(queried, table),
  )
}

/** The tables whose rows an operation reads or changes by a plan of its own. */
function rowsOf(operation: Operation): readonly QualifiedName[] {
  switch (operation.kind) {
    case 'insert':
    case 'update':
    case 'delete':
    case 'merge':
      return [operation.table]
    case 'select':
      return operation.reads
    case 'do':
      return operation.inner.flatMap(rowsOf)
    default:
      return []
  }
}
