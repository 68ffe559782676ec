import type { History } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import type { SourceText } from '../../source/source-text.js'
import { startOf } from '../../source/span.js'
import { fileDirectives, firstDirective, type Directive } from './atlas-directives.js'
import type { Dialect, Part } from './dialect.js'
import { linked } from './history.js'
import { compareText, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

/** Atlas: one file a version, each statement sent on its own, in one transaction a file; `atlas.sum` holds their hashes. */
export const atlas: Dialect = {
  id: 'atlas',
  title: 'Atlas',
  inline: false,
  wants: /^[^/]+\.sql$/,
  conventions: ({ numbering }) => ({
    tool: 'Atlas',
    // It compares files with its sum file and not with the database.
    hashesFiles: false,
    lateVersion: 'refused',
    reactions: {
      edited:
        'Atlas does not run it again, so databases that ran the old text never get the change; without a new atlas.sum it stops on every database',
      deleted: 'Atlas says nothing once atlas.sum is written anew',
      late: 'Atlas refuses to run on every database that is past it, unless it is told --exec-order non-linear',
      duplicate: 'Atlas passes over one where the other was applied before',
    },
    numbering,
    downs: 'none',
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
  part: ({ source }) => partOf(source),
  refine: withoutCheckpoints,
}

function partOf(source: SourceText): Part {
  const refuse = ({ line }: Directive, reason: string): Part => ({
    kind: 'refused',
    reason,
    at: source.spanOfBytes(line.start, line.end),
  })
  const [mode, ...others] = fileDirectives(source, 'txmode')
  const [other] = others
  if (other !== undefined) return refuse(other, 'Atlas refuses the file: it names txmode twice')
  if (mode !== undefined && mode.value !== 'none' && mode.value !== 'file') {
    return refuse(mode, `Atlas refuses the file: txmode ${mode.value} is nothing that a file can ask for`)
  }
  const delimiter = firstDirective(source, 'delimiter')
  // Blank lines and comments change nothing in what is sent but where it is cut.
  if (delimiter !== null && !/^(\\[nrt]|\s|;|--.*)+$/.test(delimiter.value)) {
    return refuse(delimiter, `the delimiter ${delimiter.value} is not read`)
  }
  const part = wholeFile(source, mode?.value !== 'none', 'statements')
  if (part.kind !== 'sql' || delimiter === null || part.wrapped) return part
  const at = source.spanOfBytes(delimiter.line.start, delimiter.line.end)
  const message =
    'what stands between two delimiters is sent as one query, which is a transaction of its own; it is taken here for one statement'
  return { ...part, gaps: [{ message, at, bearing: 'withholds' }] }
}

/**
 * A checkpoint is run in place of all files before it, on an empty database alone. Databases that exist never run it, and
 * whether it makes the same schema is not judged.
 */
function withoutCheckpoints(history: History, files: FileSet): History {
  const isCheckpoint = (path: string): boolean => {
    const source = files.read(path)
    return source !== undefined && fileDirectives(source, 'checkpoint').length > 0
  }
  const checkpoints = history.revisions.filter(({ path }) => isCheckpoint(path))
  if (checkpoints.length === 0) return history
  const revisions = linked(history.revisions.filter((revision) => !checkpoints.includes(revision)))
  const newest = history.revisions.at(-1)
  const notes = checkpoints.map(({ path }): Note => ({
    message: `${path} is a checkpoint: Atlas runs it on an empty database in place of all files before it, and whether it makes the same schema is not judged`,
    at: startOf(path),
    // Once another file follows it has been there before.
    bearing: path === newest?.path ? 'withholds' : 'informs',
  }))
  return { ...history, revisions, heads: revisions.slice(-1).map(({ id }) => id), notes: [...history.notes, ...notes] }
}
