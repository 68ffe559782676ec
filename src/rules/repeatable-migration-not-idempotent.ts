import type { Operation } from '../model/operation.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'repeatable-migration-not-idempotent',
    code: 'A25',
    family: 'history',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    summary: 'A repeatable migration holds a statement that fails or doubles its effect when it runs again',
    why:
      'The tool runs the file again whenever its text changes, on databases that have run it before. A plain CREATE then fails on ' +
      'the object that is there, a plain DROP on the one that is not, and an INSERT puts the same rows in a second time. The first ' +
      'run, which is all that a test sees, goes well.',
    instead:
      'Use CREATE OR REPLACE, IF NOT EXISTS and IF EXISTS, and INSERT … ON CONFLICT; or drop the object first, if it exists.',
    messages: {
      creates: 'Repeatable migration creates {{name}} without a guard: the next run fails because it exists',
      drops: 'Repeatable migration drops {{name}} without IF EXISTS: the next run fails because it is gone',
      inserts:
        'Repeatable migration inserts into {{name}} without ON CONFLICT: the next run inserts the same rows again',
    },
  },
  check: {
    script(script, { migration }) {
      if (script.kind !== 'script' || !migration.revision.repeatable) return
      const cleared = new Set<string>()
      return script.statements.flatMap(({ operations }) =>
        operations.flatMap((operation) => {
          const emptied = clears(operation)
          if (emptied !== null) cleared.add(keyOf(emptied))
          const fault = faultOf(operation)
          if (fault === null || cleared.has(keyOf(fault.name))) return []
          return [{ message: fault.message, at: operation.span, data: { name: show(fault.name) } }]
        }),
      )
    },
  },
})

/** What is certainly gone or empty after the operation, however often the file has run. */
function clears(operation: Operation): QualifiedName | null {
  switch (operation.kind) {
    case 'drop-table':
      return operation.ifExists ? operation.table : null
    case 'drop-index':
      return operation.ifExists ? operation.index : null
    case 'drop-object':
      return operation.ifExists ? operation.name : null
    case 'delete':
    case 'truncate':
      return operation.table
    default:
      return null
  }
}

interface Fault {
  readonly message: 'creates' | 'drops' | 'inserts'
  readonly name: QualifiedName
}

function faultOf(operation: Operation): Fault | null {
  const creates = (name: QualifiedName, guarded: boolean): Fault | null =>
    guarded ? null : { message: 'creates', name }
  const drops = (name: QualifiedName, guarded: boolean): Fault | null => (guarded ? null : { message: 'drops', name })
  switch (operation.kind) {
    case 'create-table':
      return creates(operation.table, operation.ifNotExists || operation.persistence === 'temporary')
    case 'add-column':
      return creates(
        { ...operation.table, name: `${operation.table.name}.${operation.column.name}` },
        operation.ifNotExists,
      )
    case 'create-index':
      // Without a name PostgreSQL picks a free one, and the table has the same index twice.
      return creates(
        { schema: '', name: operation.name ?? `an index on ${show(operation.table)}` },
        operation.ifNotExists,
      )
    case 'create-view':
      return creates(operation.view, operation.replace || operation.ifNotExists || operation.temporary)
    case 'create-sequence':
      return creates(operation.sequence, operation.ifNotExists || operation.temporary)
    case 'create-function':
      return creates(operation.function, operation.replace)
    case 'create-trigger':
    case 'create-rule':
      return creates({ schema: '', name: operation.name }, operation.replace)
    case 'create-policy':
      return creates({ schema: '', name: operation.name }, false)
    case 'create-enum':
    case 'create-type':
      return creates(operation.type, false)
    case 'create-domain':
      return creates(operation.domain, false)
    case 'drop-table':
      return drops(operation.table, operation.ifExists)
    case 'drop-index':
      return drops(operation.index, operation.ifExists)
    case 'drop-object':
      return drops(operation.name, operation.ifExists)
    case 'drop-column':
      return drops({ ...operation.table, name: `${operation.table.name}.${operation.column}` }, operation.ifExists)
    case 'insert':
      // A query may well leave out the rows that are there.
      return operation.source === 'query' || operation.onConflict !== null
        ? null
        : { message: 'inserts', name: operation.table }
    default:
      return null
  }
}
