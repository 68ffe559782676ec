import { canChange, isRead, operationsOf } from '../model/migration.js'
import type { Operation, OperationKind } from '../model/operation.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

/** What changes rows, or nothing that lasts: there is nothing in the schema to take back. */
const NOT_SCHEMA: ReadonlySet<OperationKind> = new Set([
  ...([
    'insert',
    'update',
    'delete',
    'merge',
    'truncate',
    'copy',
    'select',
    'do',
    'call',
    'set',
    'lock-table',
  ] as const),
  ...(['transaction', 'vacuum', 'analyze', 'cluster', 'reindex', 'refresh-materialized-view', 'unmodelled'] as const),
])

/** What the catalog follows to the last detail that a down could restore: temporary tables, and IF EXISTS that meets nothing. */
const FOLLOWED: ReadonlySet<OperationKind> = new Set([
  ...(['create-table', 'drop-table', 'add-column', 'drop-column', 'add-constraint', 'drop-constraint'] as const),
  ...(['create-index', 'drop-index'] as const),
])

export default rule({
  meta: {
    id: 'empty-down',
    code: 'E2',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The down script does nothing, although up changes the schema',
    why:
      'The tool marks the migration as taken back while its tables and columns stay. The next up then fails on what already exists, ' +
      'and somebody has to repair the schema by hand. An empty script looks like a decision and is most often a template that was ' +
      'never filled in.',
    instead:
      'Write the inverse of what up does. Where there is none, say so: a comment `irreversible: ` with the reason, or a script that fails with it.',
    messages: {
      empty:
        'The down script of {{path}} does nothing, so {{tool}} takes the migration for undone while its changes stay',
    },
  },
  check: {
    migration({ revision, up, down }, { conventions, before, residue }) {
      if (!isRead(down) || operationsOf(down).some(canChange)) return
      const changes = operationsOf(up).filter(changesSchema)
      if (changes.length === 0) return
      const cameToNothing = before.complete && isRead(up) && residue.length === 0
      if (cameToNothing && changes.every(({ kind }) => FOLLOWED.has(kind))) return
      const path = revision.downPath ?? revision.path
      return { message: 'empty', at: down.at ?? startOf(path), data: { path: revision.path, tool: conventions.tool } }
    },
  },
})

function changesSchema(operation: Operation): boolean {
  return operation.kind === 'do' ? operation.inner.some(changesSchema) : !NOT_SCHEMA.has(operation.kind)
}
