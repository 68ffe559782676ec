import { nameOf, parentOf } from '../folders.js'
import type { Dialect } from '../sql/dialect.js'
import { titleOf } from '../sql/naming.js'
import { BY_FOLDERS } from './conventions.js'
import { piecesOf } from './pieces.js'

/** Drizzle 1.0: a folder for each migration, known by its whole name, with `migration.sql` and the snapshot after it. */
export const byFolders: Dialect = {
  id: 'drizzle',
  title: 'Drizzle',
  inline: false,
  wants: /^[^/]+\/migration\.sql$/,
  conventions: () => BY_FOLDERS,
  place(path) {
    const [folder = '', file = '', deeper] = path.split('/')
    if (deeper !== undefined) return null
    if (file === 'migration.sql') {
      return { kind: 'up', version: folder, title: titleOf(folder.replace(/^\d+_/, '')) }
    }
    return /\.sql$/i.test(path)
      ? { kind: 'stray', reason: 'Drizzle reads only migration.sql in the folder of a migration' }
      : null
  },
  compare: (a, b) => nameOf(parentOf(a.path)).localeCompare(nameOf(parentOf(b.path)), 'en'),
  part: ({ source }) => piecesOf(source),
}
