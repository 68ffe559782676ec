import { createCatalog, type CatalogStore } from '../catalog/store.js'
import type { Migration, Revision } from '../model/migration.js'
import type { SchemaSoFar } from '../model/schema-so-far.js'
import { replay } from './walk.js'

/** A history to be replayed: its revisions in order, each read when it is asked for. */
export interface Replayable {
  readonly revisions: readonly Revision[]
  readonly bookkeeping: readonly string[]
  /** Whether nothing exists before the first revision. */
  readonly complete: boolean
  migration(revision: Revision): Migration
}

/** Gives the schema as it is before a revision; the history is replayed as far as that takes, and each part of it once. */
export function replayed(history: Replayable): (revision: Revision) => SchemaSoFar {
  const { revisions, bookkeeping, migration } = history
  /** The schema before each revision so far. */
  const before: CatalogStore[] = []
  const schemaAt = (index: number): CatalogStore => {
    while (before.length <= index) {
      const last = before.at(-1)
      const revision = revisions[before.length - 1]
      // Read before it is replayed: what it asks is asked of what came before it.
      const up = revision === undefined ? undefined : migration(revision).up
      const next = last?.fork() ?? createCatalog(history)
      if (up !== undefined) replay(up, next, bookkeeping)
      before.push(next)
    }
    return before[index] ?? createCatalog({ complete: false })
  }
  return (revision) => {
    const catalog = schemaAt(revisions.indexOf(revision)).fork()
    return { catalog, apply: (script) => replay(script, catalog, bookkeeping) }
  }
}
