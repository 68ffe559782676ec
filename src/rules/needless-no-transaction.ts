import { isRead, remarksOf, type Statement } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'needless-no-transaction',
    code: 'G4',
    family: 'transaction',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'The transaction is left for a statement that could have run in it',
    why:
      'To leave the transaction commits what was done so far, and what comes after it is not undone together with it. When a later ' +
      'statement fails, half of the migration stays and the tool does not know it. The price is paid for what PostgreSQL refuses in a ' +
      'transaction, or for batches; here nothing of the kind is done. Most often CONCURRENTLY was forgotten.',
    instead:
      'Build and drop indexes with CONCURRENTLY (in Alembic: `postgresql_concurrently=True`), or run the statement in the transaction.',
    messages: {
      index:
        '{{tool}} leaves its transaction for an index that is not built or dropped CONCURRENTLY: it commits for nothing',
      needless: '{{tool}} leaves its transaction for a statement that runs in one as well: it commits for nothing',
    },
  },
  check: {
    script(script, { conventions: { tool } }) {
      if (!isRead(script) || !remarksOf(script).some(({ kind }) => kind === 'leaves-transaction')) return
      return runsOutside(script.statements).flatMap((run): Problem<'index' | 'needless'>[] => {
        const operations = run.flatMap(({ operations }) => operations).filter(({ kind }) => kind !== 'set')
        const [first] = operations
        if (first === undefined || operations.some(needsOrUses)) return []
        const index = operations.find(({ kind }) => INDEX.has(kind))
        if (index !== undefined) return [{ message: 'index', at: index.span, data: { tool } }]
        // One after the other, each lets go of its locks: that is a reason.
        const tables = new Set(operations.map((operation) => tableOf(operation)))
        return tables.size > 1 ? [] : [{ message: 'needless', at: first.span, data: { tool } }]
      })
    },
  },
})

/** The runs of statements between a COMMIT and the next BEGIN. */
function runsOutside(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const runs: Statement[][] = [[]]
  let isInside = false
  for (const statement of statements) {
    const control = statement.operations.find((operation) => operation.kind === 'transaction')
    if (control !== undefined) {
      isInside = control.action === 'begin'
      runs.push([])
    } else if (!isInside) runs.at(-1)?.push(statement)
  }
  return runs.filter((run) => run.length > 0)
}

const INDEX: ReadonlySet<OperationKind> = new Set(['create-index', 'drop-index'])

/** What changes the definition of one table and nothing else. */
const PLAIN: ReadonlySet<OperationKind> = new Set([
  ...(['create-index', 'drop-index', 'create-table', 'drop-table', 'add-column', 'drop-column'] as const),
  ...(['rename-column', 'rename-table'] as const),
])

/** Whether something cannot run in a transaction, or is of use outside: rows in batches, a check without a long lock. */
function needsOrUses(operation: Operation): boolean {
  if (operation.kind === 'create-index' || operation.kind === 'drop-index') return operation.concurrently
  return !PLAIN.has(operation.kind)
}

function tableOf(operation: Operation): string {
  return 'table' in operation && operation.table !== null ? keyOf(operation.table) : ''
}
