import { canChange, isRead, operationsOf, type Script } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation, OperationKind, OperationOf } from '../model/operation.js'
import { onOneLine } from './untrusted.js'
import { sayOperation } from './words.js'

/**
 * When something has to happen, seen from the code that is deployed with it. `before`: the code that runs now does not
 * notice, and the new code may need it. `after`: the code that runs now may need what goes, or break what is demanded.
 * `neither`: one of the two codes fails in any order. `unknown`: nobody has read what it does.
 */
export type When = 'before' | 'after' | 'either' | 'neither' | 'unknown'

/** When a migration is to be applied, and which of its operations say so. */
export interface Placement {
  /** `both`: a part of it before and a part of it after. */
  readonly when: When | 'both'
  /** In plain words. */
  readonly because: readonly string[]
}

/** Where an up script belongs. `created` holds the tables and columns that the same change makes, and learns this script's. */
export function placement(script: Script, created: Set<string>): Placement {
  if (!isRead(script)) return { when: 'unknown', because: [] }
  const placed = operationsOf(script)
    .flatMap(opened)
    .filter(canChange)
    .map((operation) => ({ operation, when: whenOf(operation, created) }))
  const telling = (when: When): readonly string[] =>
    placed.filter((each) => each.when === when).map(({ operation }) => onOneLine(sayOperation(operation)))
  for (const when of ['unknown', 'neither'] as const) {
    if (telling(when).length > 0) return { when, because: telling(when) }
  }
  const [before, after] = [telling('before'), telling('after')]
  if (before.length > 0 && after.length > 0) return { when: 'both', because: [...before, ...after] }
  if (after.length > 0) return { when: 'after', because: after }
  return before.length > 0 ? { when: 'before', because: before } : { when: 'either', because: telling('either') }
}

/** A block whose statements are all read does what they do. */
function opened(operation: Operation): readonly Operation[] {
  return operation.kind === 'do' && !operation.dynamic && operation.unread === 0 ? operation.inner : [operation]
}

function whenOf(operation: Operation, created: Set<string>): When {
  // Nobody's code knows a new table yet, and nobody's writes a new column.
  if (operation.kind === 'create-table') created.add(keyOf(operation.table))
  if ('table' in operation && operation.table !== null && created.has(keyOf(operation.table))) return 'before'
  if (operation.kind === 'add-column') created.add(`${keyOf(operation.table)}.${operation.column.name}`)
  if (operation.kind === 'add-constraint' || operation.kind === 'create-index') {
    const columns = columnsOf(operation)
    const fresh = columns.length > 0 && columns.every((column) => created.has(`${keyOf(operation.table)}.${column}`))
    if (fresh) return 'before'
  }
  const when = WHEN[operation.kind] as When | ((operation: Operation) => When)
  return typeof when === 'string' ? when : when(operation)
}

/** The columns that a rule speaks of and that satisfy it while they are NULL; none where NULL breaks it or it is not known. */
function columnsOf(operation: OperationOf<'add-constraint' | 'create-index'>): readonly string[] {
  if (operation.kind === 'create-index') return operation.keys.map(({ column }) => column ?? '')
  const { constraint } = operation
  if (constraint.type === 'check') return constraint.expression.columns
  return constraint.type === 'foreign-key' || constraint.type === 'unique' ? constraint.columns : []
}

type Table = { readonly [Kind in OperationKind]: When | ((operation: OperationOf<Kind>) => When) }

const WHEN: Table = {
  'create-table': 'before',
  'drop-table': 'after',
  'rename-table': 'neither',
  'add-column': ({ column: { notNull, default: value, identity, generated, type, constraints } }) => {
    const filled = value !== null || identity !== null || generated !== null || type.serial
    const required = notNull || constraints.some(({ type: kind }) => kind === 'primary-key')
    return required && !filled ? 'neither' : 'before'
  },
  'drop-column': 'after',
  'rename-column': 'neither',
  'set-column-type': 'neither',
  'set-default': 'either',
  'drop-default': 'after',
  'set-not-null': 'after',
  'drop-not-null': 'before',
  'alter-column-source': 'either',
  'alter-column-storage': 'either',
  'add-constraint': 'after',
  'drop-constraint': 'before',
  'validate-constraint': 'either',
  'alter-constraint': 'either',
  'rename-constraint': 'either',
  'attach-partition': 'either',
  'detach-partition': 'after',
  'toggle-trigger': 'either',
  'set-row-security': 'after',
  'alter-table': 'either',
  // The new code works without it, if slowly.
  'create-index': ({ unique }) => (unique ? 'after' : 'either'),
  'drop-index': 'after',
  'alter-index': 'either',
  reindex: 'either',
  'create-view': 'before',
  'refresh-materialized-view': 'either',
  'create-enum': 'before',
  'add-enum-value': 'before',
  'rename-enum-value': 'neither',
  'create-type': 'before',
  'alter-type': 'unknown',
  'create-domain': 'before',
  'alter-domain': 'after',
  'create-sequence': 'before',
  'alter-sequence': 'either',
  'create-function': ({ replace }) => (replace ? 'either' : 'before'),
  'alter-function': 'either',
  'create-trigger': 'either',
  'create-policy': 'after',
  'alter-policy': 'either',
  'create-rule': 'unknown',
  'create-schema': 'before',
  'drop-schema': 'after',
  'create-extension': 'before',
  'alter-extension': 'either',
  'drop-object': 'after',
  'rename-object': 'neither',
  'set-schema': 'neither',
  'change-owner': 'either',
  comment: 'either',
  'change-privileges': ({ action }) => (action === 'revoke' ? 'after' : 'before'),
  'change-role': 'either',
  'change-database': 'either',
  'change-publication': 'either',
  insert: 'either',
  update: 'either',
  delete: 'after',
  merge: 'either',
  truncate: 'after',
  copy: 'either',
  select: 'either',
  do: ({ dynamic }) => (dynamic ? 'unknown' : 'either'),
  call: 'unknown',
  set: 'either',
  'lock-table': 'either',
  transaction: 'either',
  vacuum: 'either',
  analyze: 'either',
  cluster: 'either',
  unmodelled: 'unknown',
}
