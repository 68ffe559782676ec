import type { Rehearsal } from '../model/evidence.js'
import { firstChangeIn, operationsOf, type Script } from '../model/migration.js'
import { keyOf, quote } from '../model/names.js'
import { startOf, type Span } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'invalid-index-left-behind',
    code: 'G17',
    family: 'failure',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The run left an invalid index, or a partition that is half-way detached',
    why:
      'CONCURRENTLY works in several transactions. When one of them fails, on duplicates for example, what the earlier ones did ' +
      'stays: an index that every write maintains and no query uses, in the way of the next attempt, because IF NOT EXISTS takes it ' +
      'for the real one.',
    instead:
      'Drop what is left with DROP INDEX CONCURRENTLY and build it anew, or finish it with REINDEX INDEX CONCURRENTLY. Remove the ' +
      'cause first: look for duplicates before a unique index is built.',
    messages: {
      index:
        'Leaves the index {{object}} of {{table}} invalid when it fails: every write maintains it and no query uses it',
      invalid: 'Leaves the index {{object}} of {{table}} invalid: every write maintains it and no query uses it',
      partition: 'Leaves the partition {{object}} of {{table}} half-way detached',
    },
  },
  check: {
    evidence({ unfinished, verdict, dataDependent }, { migration }) {
      const { script } = migration.up
      return unfinished.map(({ what, object, table }) => {
        const at = placeOf(object, script) ?? firstChangeIn(script, startOf(migration.revision.path))
        if (what === 'pending-detach') return { message: 'partition' as const, at, data: { object, table } }
        const failed = verdict === 'up-fails' || dataDependent !== null
        const fix = `DROP INDEX CONCURRENTLY ${quotedAsShown(object)};`
        return { message: failed ? ('index' as const) : ('invalid' as const), at, data: { object, table }, fix }
      })
    },
  },
})

function placeOf(object: Rehearsal['unfinished'][number]['object'], script: Script): Span | undefined {
  const name = object.replaceAll('"', '')
  return operationsOf(script).find(
    (operation) =>
      operation.kind === 'create-index' &&
      operation.name !== null &&
      keyOf({ schema: operation.table.schema, name: operation.name }) === name,
  )?.span
}

/** What PostgreSQL shows is quoted where it must be. */
function quotedAsShown(object: string): string {
  return object.includes('"') ? object : object.split('.').map(quote).join('.')
}
