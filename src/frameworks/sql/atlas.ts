import type { History, Revision } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { startOf } from '../../source/span.js'
import { nameOf } from '../folders.js'
import { configurations, withConfiguration } from './atlas-config.js'
import { fileDirectives } from './atlas-directives.js'
import { atlasSection } from './atlas-sections.js'
import type { Dialect } from './dialect.js'
import { compareText, titleOf } from './naming.js'

/** Atlas: one file a version, each statement sent on its own, in one transaction a file; `atlas.sum` holds their hashes. */
export const atlas: Dialect = {
  id: 'atlas',
  title: 'Atlas',
  // An archive holds its way back.
  inline: true,
  wants: /^[^/]+\.sql$/,
  conventions: ({ numbering }) => ({
    tool: 'Atlas',
    verbatim: true,
    // It compares files with its sum file and not with the database.
    hashesFiles: false,
    lateVersion: 'refused',
    reactions: {
      edited:
        'Atlas does not run it again, so databases that ran the old text never get the change; without a new atlas.sum it stops on every database',
      deleted: 'Atlas says nothing once atlas.sum is written anew',
      late:
        'Atlas refuses to run on every database that is past it, unless --exec-order says non-linear, which runs it, or linear-skip, ' +
        'which leaves it out; one that sorts before the first that ran there is left out without a word in any case',
      duplicate: 'Atlas passes over one where the other was applied before, and fails at the second of two new ones',
    },
    numbering,
    downs: 'optional',
    bookkeeping: ['atlas_schema_revisions.atlas_schema_revisions', 'atlas_schema_revisions'],
    withoutTransaction: 'begin the file with the line `-- atlas:txmode none` and an empty line after it',
    // https://atlasgo.io/versioned/down: the way back is computed, with the help of an empty database.
    rollback: 'atlas migrate down --dir "file://{root}" --url "$DATABASE_URL" --dev-url "$DEV_DATABASE_URL"',
    filePattern: numbering === 'timestamp' ? '20230101000000_name.sql' : '1_name.sql',
  }),
  place(path) {
    if (path.includes('/') || !path.endsWith('.sql')) return null
    const [version = '', ...name] = path.slice(0, -'.sql'.length).split('_')
    return { kind: 'up', version, title: titleOf(name.join('_')) }
  },
  compare: (a, b) => compareText(a.path, b.path),
  part: ({ source, direction }) => atlasSection(source, direction),
  clues: configurations,
  refine: (history, files) => withConfiguration(withCheckpoints(history, files), files),
}

/**
 * A database on which nothing ran begins with the newest checkpoint and runs none of the files before it; one that exists never
 * runs it (https://atlasgo.io/versioned/checkpoint).
 */
function withCheckpoints(history: History, files: FileSet): History {
  const revisions = history.revisions.map((revision): Revision => {
    const source = files.read(revision.path)
    const is = source !== undefined && fileDirectives(source, 'checkpoint').length > 0
    return is ? { ...revision, baseline: true } : revision
  })
  const newest = revisions.findLastIndex(({ baseline }) => baseline === true)
  const checkpoint = revisions[newest]
  if (checkpoint === undefined) return history
  const replaced = revisions.slice(0, newest).filter(({ baseline }) => baseline !== true)
  const note: Note = {
    message:
      `an empty database begins with the checkpoint ${nameOf(checkpoint.path)} and runs none of the ${replaced.length} ` +
      'migrations before it; so does the replay. Whether it makes the schema that they make is not judged',
    at: startOf(checkpoint.path),
    // Once another file follows it has been there before.
    bearing: newest === revisions.length - 1 && replaced.length > 0 ? 'withholds' : 'informs',
  }
  return { ...history, revisions, notes: [...history.notes, note] }
}
