import { isOld } from '../model/catalog.js'
import type { Statement } from '../model/migration.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'multiple-alter-same-table',
    code: 'C85',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary: 'Two ALTER TABLE in a row do what one could do with a single wait or a single pass',
    why:
      'Outside a transaction each ALTER TABLE queues for its lock anew, and every later query queues behind it. Inside one the lock is ' +
      'held already, but two statements that both read or rewrite the table do so twice, and one with both actions does it once.',
    instead: 'Write the actions into one ALTER TABLE, with commas between them.',
    messages: {
      waits: '{{table}} is altered twice in a row: each waits for its lock anew, together they wait once',
      passes: '{{table}} is gone through twice in a row: the same actions in one ALTER TABLE go through it once',
    },
  },
  check: {
    operation(operation, { catalog, effect, script, session, statement }) {
      const before = script.statements[statement.index - 1]
      const table = mergeable(statement)
      if (before === undefined || table === null || operation !== statement.operations[0]) return
      // What a tool's calls become is one statement each, whatever the author does.
      if (statement.origin === 'translated') return
      const earlier = mergeable(before)
      if (earlier === null || keyOf(earlier) !== keyOf(table) || !isOld(catalog, table)) return
      // A change of type that leaves the rows alone builds the indexes of its own column, together or apart.
      const gone = operation.kind === 'set-column-type' ? effect.rewrites : [...effect.scans, ...effect.rewrites]
      const passes = gone.some((each) => keyOf(each) === keyOf(table))
      const alike = before.operations[0]?.kind === operation.kind
      if (session.inTransaction && !(passes && alike)) return
      return {
        message: session.inTransaction ? 'passes' : 'waits',
        at: statement.span,
        related: [before.span],
        data: { table: show(table) },
        table,
      }
    },
  },
})

/** Actions of ALTER TABLE that can stand in a list, and that nothing is gained by keeping apart. */
const ACTIONS: ReadonlySet<OperationKind> = new Set([
  'add-column',
  'drop-column',
  'set-column-type',
  'set-default',
  'drop-default',
  'set-not-null',
  'drop-not-null',
])

/** The table of a statement that is an ALTER TABLE of such actions alone. */
function mergeable({ operations }: Statement): QualifiedName | null {
  const isAction = (each: Operation): each is Extract<Operation, { kind: 'add-column' }> => ACTIONS.has(each.kind)
  const [first] = operations
  return first !== undefined && operations.every(isAction) && isAction(first) ? first.table : null
}
