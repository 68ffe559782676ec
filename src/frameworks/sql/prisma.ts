import type { Stray } from '../../model/migration.js'
import { isLock } from '../books.js'
import { parentOf } from '../folders.js'
import type { Dialect } from './dialect.js'
import { compareText, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

/** Prisma Migrate: a folder for each migration, known by its whole name, with `migration.sql`, and `down.sql` by custom. */
export const prisma: Dialect = {
  id: 'prisma',
  title: 'Prisma',
  inline: false,
  wants: /^([^/]+\/(migration|down)\.sql|(.+\/)?migration_lock\.toml)$/,
  conventions: ({ hasDowns }) => ({
    tool: 'Prisma',
    verbatim: true,
    // `migrate deploy` looks at no hash; it is `migrate dev` that does.
    hashesFiles: false,
    lateVersion: 'applied',
    reactions: {
      edited:
        '`prisma migrate deploy` does not run it again, so databases that ran the old text never get the change, and `prisma migrate ' +
        'dev` wants to reset every database of a developer that ran it',
      rewritten:
        '`prisma migrate deploy` does not look at it, but `prisma migrate dev` wants to reset every database of a developer that ran ' +
        'the old bytes',
      deleted:
        '`prisma migrate deploy` says nothing, and `prisma migrate dev` wants to reset every database of a developer that ran it',
      late: '`prisma migrate deploy` runs it after those that were applied before',
      duplicate: 'Prisma runs both, in the order of the names of their folders',
    },
    numbering: 'timestamp',
    downs: hasDowns ? 'optional' : 'none',
    bookkeeping: ['_prisma_migrations'],
    // Before 7.4 every file is one query (https://github.com/prisma/prisma-engines/pull/5767); DROP INDEX CONCURRENTLY still is.
    withoutTransaction: 'put the statement alone in a migration of its own',
    rollback: null,
    filePattern: '20230101000000_name/migration.sql',
  }),
  place(path) {
    const [folder = '', file = '', deeper] = path.split('/')
    if (deeper !== undefined) return null
    if (file === 'migration.sql' || file === 'down.sql') {
      const title = titleOf(folder.replace(/^\d+_/, ''))
      return { kind: file === 'migration.sql' ? 'up' : 'down', version: folder, title }
    }
    return /\.sql$/i.test(path)
      ? { kind: 'stray', reason: 'Prisma reads only migration.sql in the folder of a migration' }
      : null
  },
  amiss: withoutMigration,
  clues: ({ paths }) => paths.filter(isLock),
  compare: (a, b) => compareText(a.version, b.version),
  part: ({ source }) => wholeFile(source, false),
}

/** Every folder counts as a migration, and Prisma stops at one without `migration.sql` (its error P3015). */
function withoutMigration(paths: readonly string[]): readonly Stray[] {
  const whole = new Set(paths.filter((path) => /^[^/]+\/migration\.sql$/.test(path)).map(parentOf))
  const lacking = new Map<string, string>()
  for (const path of paths) {
    const folder = /^([^/]+)\//.exec(path)?.[1]
    if (folder === undefined || whole.has(folder) || lacking.has(folder)) continue
    lacking.set(folder, path)
  }
  return [...lacking].map(([folder, path]) => ({
    path,
    reason: `Prisma stops at the folder ${folder}, because there is no migration.sql in it`,
    stops: true,
  }))
}
