import { certaintyOf } from '../model/catalog.js'
import { constraintName } from '../model/constraint.js'
import { canChange, isPlain, keepsBooks, operationsOf, type Script } from '../model/migration.js'
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
    migration({ revision: { path }, up, down }, { residue, undoing, before, afterDown, conventions }) {
      if (afterDown === null || !isPlain(up) || !isPlain(down)) return
      const operations = operationsOf(down)
      // An up that creates what is taken to exist tells that it did not, where not everything is known.
      const created = before.complete ? [] : operationsOf(up).flatMap(nameCreated)
      const isCreated = (line: string): boolean => created.some((name) => line === `${name} is missing`)
      const gone = lostByDown(residue, undoing, up).filter((line) => !isCreated(line))
      const blamed = new Map<Operation, string[]>()
      for (const line of gone) {
        const named = operations.find((operation) => dropped(operation).includes(line))
        const blame =
          named ?? operations.find((operation) => dropped(operation).length > 0) ?? operations.find(canChange)
        if (blame !== undefined) blamed.set(blame, [...(blamed.get(blame) ?? []), line.replace(/ is missing$/, '')])
      }
      return [...blamed]
        .filter(([operation]) => operation.kind !== 'drop-table' || !keepsBooks(conventions, operation.table))
        .map(([operation, lines]) => ({
          message: 'dropped',
          at: operation.span,
          data: { path, gone: lines.join('; ') },
          confidence: certaintyOf(before),
        }))
    },
  },
})

/** What was there before up, was still there after it, and is not any more after down: up did not even drop it to make it anew. */
export function lostByDown(residue: readonly string[], undoing: readonly string[], up: Script): readonly string[] {
  const done = new Set(undoing)
  const remade = new Set(operationsOf(up).flatMap(dropped))
  return residue.filter((line) => line.endsWith(' is missing') && done.has(line) && !remade.has(line))
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
