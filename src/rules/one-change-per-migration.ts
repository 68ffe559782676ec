import { isSchemaChange } from '../model/block.js'
import { operationsOf } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'one-change-per-migration',
    code: 'G23',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A migration changes several things',
    why:
      'A migration with one purpose can be read, taken back and moved to another release on its own. Where tables that have ' +
      'nothing to do with each other are changed together, all of it waits for the slowest, and all of it fails with the first ' +
      'that does.',
    instead: 'Write a migration for each.',
    messages: { several: 'This migration changes {{count}} things: {{names}}' },
  },
  defaults: {
    /** How many tables, types, functions and views one may change. */
    changes: 1,
  },
  check: {
    script(script, { options }) {
      const changed = new Map<string, Operation>()
      for (const operation of operationsOf(script)) {
        const name = isSchemaChange(operation) ? subject(operation) : null
        if (name !== null && !changed.has(name)) changed.set(name, operation)
      }
      const over = [...changed.values()][options.changes]
      if (over === undefined) return
      return { message: 'several', at: over.span, data: { count: changed.size, names: [...changed.keys()].join(', ') } }
    },
  },
})

/** The table that is changed, or what else is; null where the text does not say whose it is. */
function subject(operation: Operation): string | null {
  if ('table' in operation && operation.table !== null) return keyOf(operation.table)
  switch (operation.kind) {
    case 'create-view':
    case 'refresh-materialized-view':
      return keyOf(operation.view)
    case 'create-function':
    case 'alter-function':
      return keyOf(operation.function)
    case 'create-enum':
    case 'create-type':
    case 'alter-type':
    case 'add-enum-value':
    case 'rename-enum-value':
      return keyOf(operation.type)
    case 'create-domain':
    case 'alter-domain':
      return keyOf(operation.domain)
    case 'drop-object':
    case 'rename-object':
    case 'set-schema':
      return keyOf(operation.name)
    default:
      return null
  }
}
