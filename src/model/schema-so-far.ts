import type { Catalog } from './catalog.js'
import type { Script } from './migration.js'

/** The schema at one moment of a history, for a migration that asks what is there. */
export interface SchemaSoFar {
  readonly catalog: Catalog
  /** Adds what a script sends. */
  apply(script: Script): void
}
