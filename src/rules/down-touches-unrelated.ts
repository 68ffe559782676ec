import { certaintyOf } from '../model/catalog.js'
import { constraintName } from '../model/constraint.js'
import { isPlain, keepsBooks, operationsOf, type Migration } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-touches-unrelated',
    code: 'E5',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The down script drops what was there before up',
    why:
      'A rollback is meant to end where it began. Here it takes along what an earlier migration created and what that release still ' +
      'needs: with a table or a column its rows are lost. The usual causes are a down script that was copied from another migration ' +
      'and an up that only creates something IF NOT EXISTS.',
    instead: 'Drop in down only what this up created; leave the rest to the migration that created it.',
    messages: {
      dropped: 'The down script of {{path}} drops what was there before up: {{gone}}',
    },
  },
  check: {
    migration(migration, { residue, undoing, before, afterDown, conventions }) {
      const { revision, up, down } = migration
      if (residue.length === 0 || afterDown === null || !isPlain(up) || !isPlain(down)) return
      // An up that creates what is taken to exist tells that it did not, where not everything is known.
      const created = before.complete ? [] : operationsOf(up).flatMap(nameCreated)
      const blamed = new Map<Operation, string[]>()
      for (const { line, operation } of lostByDown(residue, undoing, migration)) {
        const object = line.replace(/ is missing$/, '')
        if (!created.includes(object)) blamed.set(operation, [...(blamed.get(operation) ?? []), object])
      }
      return [...blamed]
        .filter(([operation]) => operation.kind !== 'drop-table' || !keepsBooks(conventions, operation.table))
        .map(([operation, objects]) => ({
          message: 'dropped',
          at: operation.span,
          data: { path: revision.path, gone: objects.join('; ') },
          confidence: certaintyOf(before),
        }))
    },
  },
})

/**
 * What was there before up, was still there after it, and is not any more after down, by the operation that drops it. What a
 * drop takes along counts; the parts of a table that is made anew do not, and neither does what up itself drops.
 */
export function lostByDown(
  residue: readonly string[],
  undoing: readonly string[],
  { up, down }: Scripts,
): readonly Loss[] {
  const done = new Set(undoing)
  const remade = new Set(operationsOf(up).flatMap(dropped))
  const gone = residue.filter((line) => line.endsWith(' is missing') && done.has(line) && !remade.has(line))
  const operations = operationsOf(down)
  const byName = (line: string): Operation | undefined => operations.findLast((each) => dropped(each).includes(line))
  const named = new Set(gone.flatMap((line) => byName(line) ?? []))
  const along = operations.find((each) => (each.kind === 'drop-column' && named.has(each)) || isCascade(each))
  return gone.flatMap((line) => {
    const operation = byName(line) ?? along
    return operation === undefined ? [] : [{ line, operation }]
  })
}

interface Loss {
  readonly line: string
  readonly operation: Operation
}
type Scripts = Pick<Migration, 'up' | 'down'>

function isCascade(operation: Operation): boolean {
  return 'cascade' in operation && operation.cascade
}

/** What an operation creates, in the words of the comparison. */
function nameCreated(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'create-table':
      return [`table ${keyOf(operation.table)}`]
    case 'add-column':
      return [`column ${keyOf(operation.table)}.${operation.column.name}`]
    case 'add-constraint':
      return [`constraint ${constraintName(operation.table, operation.constraint)} on ${keyOf(operation.table)}`]
    case 'create-index':
      return operation.name === null ? [] : [`index ${keyOf({ ...operation.table, name: operation.name })}`]
    case 'create-view':
      return [`${operation.materialized ? 'materialized view' : 'view'} ${keyOf(operation.view)}`]
    case 'create-enum':
      return [`enum ${keyOf(operation.type)}`]
    case 'create-function':
      return [`${operation.procedure ? 'procedure' : 'function'} ${keyOf(operation.function)}`]
    case 'create-trigger':
      return [`trigger ${operation.name} on ${keyOf(operation.table)}`]
    case 'create-sequence':
      return [`sequence ${keyOf(operation.sequence)}`]
    default:
      return []
  }
}

/** What an operation drops by name, in the words of the comparison. */
function dropped(operation: Operation): readonly string[] {
  switch (operation.kind) {
    case 'drop-table':
      return [`table ${keyOf(operation.table)} is missing`]
    case 'drop-column':
      return [`column ${keyOf(operation.table)}.${operation.column} is missing`]
    case 'drop-constraint':
      return [`constraint ${operation.constraint} on ${keyOf(operation.table)} is missing`]
    case 'drop-index':
      return [`index ${keyOf(operation.index)} is missing`]
    case 'drop-schema':
      return [`schema ${operation.schema} is missing`]
    case 'drop-object': {
      const name = keyOf(operation.name)
      if (operation.table !== null) return [`${operation.object} ${name} on ${keyOf(operation.table)} is missing`]
      const kinds = operation.object === 'type' ? ['type', 'enum', 'domain'] : [operation.object]
      return kinds.map((kind) => `${kind} ${name} is missing`)
    }
    default:
      return []
  }
}
