import type { Revision } from '../../model/migration.js'
import { plain, versionsIn } from '../../review/baseline.js'

/** A dump of the schema that the repository keeps. */
export interface SeenDump {
  readonly path: string
  /**
   * `current`: it names applied migrations, all of which are there. `undated`: it names none, so nobody can tell up to which it
   * reaches. `strange`: it names some that are not there.
   */
  readonly kind: 'current' | 'undated' | 'strange'
}

/** Where dumps are kept, by their usual names. */
export function mayBeDump(path: string): boolean {
  return (
    /(^|\/)(schema|structure|baseline|dump)\.sql$/i.test(path) && !/(^|\/)(node_modules|vendor|testdata)\//.test(path)
  )
}

/** What a file is as a baseline; null when pg_dump did not write it. */
export function dumpIn(
  path: string,
  text: string,
  bookkeeping: readonly string[],
  revisions: readonly Revision[],
): SeenDump | null {
  if (!/^-- PostgreSQL database dump$/m.test(text)) return null
  const named = versionsIn(text, bookkeeping)
  if (named.size === 0) return { path, kind: 'undated' }
  const there = new Set(revisions.map(({ id }) => plain(id)))
  return { path, kind: [...named].every((id) => there.has(id)) ? 'current' : 'strange' }
}
