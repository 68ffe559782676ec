import { operationsOf, type Migration } from '../model/migration.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

/** Where PostgreSQL keeps the values of enums. */
const SYSTEM_TABLE = 'pg_enum'

export default rule({
  meta: {
    id: 'enum-add-not-reversible',
    code: 'E15',
    family: 'rollback',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'The down script takes a value out of an enum, for which PostgreSQL has no statement',
    why:
      'ADD VALUE has no inverse (https://www.postgresql.org/docs/current/sql-altertype.html). To make the type anew, every column of ' +
      'it is rewritten under ACCESS EXCLUSIVE, and that fails as soon as one row holds the value. To delete the row from pg_enum is ' +
      'worse: indexes and rows that hold the value are then broken. A down script that leaves the value is another rule’s matter.',
    instead:
      'Leave the value where it is and declare the migration irreversible with that reason: code that does not know the value is ' +
      'not disturbed by it.',
    messages: {
      recreated:
        'The down script makes enum {{type}} anew without {{value}}: that rewrites its columns and fails once a row holds the value',
      catalog:
        'The down script takes value {{value}} of enum {{type}} out of pg_enum, which can break indexes and rows that hold it',
    },
  },
  check: {
    'drop-object': ({ object, name, span }, { direction, migration }) =>
      object === 'type' && direction === 'down' ? recreated(name, migration, span) : undefined,
    'rename-object': ({ object, name, span }, { direction, migration }) =>
      object === 'type' && direction === 'down' ? recreated(name, migration, span) : undefined,
    delete({ table, span }, { direction, migration }) {
      const added = table.name === SYSTEM_TABLE && direction === 'down' ? addedBy(migration)[0] : undefined
      if (added === undefined) return
      return { message: 'catalog', at: span, data: { type: show(added.type), value: added.value } }
    },
  },
})

function recreated(type: QualifiedName, migration: Migration, at: Operation['span']) {
  const down = operationsOf(migration.down)
  const creates = (each: Operation): boolean => each.kind === 'create-enum' && keyOf(each.type) === keyOf(type)
  // Without it the type simply goes, as one that up has created does.
  if (!down.some(creates)) return
  const added = addedBy(migration).find(
    (each) => keyOf(each.type) === keyOf(type) && !down.some((other) => mapsAway(other, each.value)),
  )
  if (added === undefined) return
  return { message: 'recreated' as const, at, data: { type: show(type), value: added.value } }
}

/** Whether rows that hold the value are given another one, or go: then the new type takes what is left. */
function mapsAway(operation: Operation, value: string): boolean {
  if (operation.kind === 'set-column-type') return operation.using?.strings.includes(value) === true
  if (operation.kind === 'delete') return operation.where?.strings.includes(value) === true
  return operation.kind === 'update' && operation.strings.includes(value)
}

function addedBy({ up }: Migration): readonly Extract<Operation, { kind: 'add-enum-value' }>[] {
  return operationsOf(up).filter((operation) => operation.kind === 'add-enum-value')
}
