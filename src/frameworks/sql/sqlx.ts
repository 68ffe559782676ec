import type { Dialect } from './dialect.js'
import { canonical, compareNumbers, fits, SQL_HERE, stopper, strayOrNobody, titleOf } from './naming.js'
import { sqlxSettings, withSettings } from './sqlx-settings.js'
import { wholeFile } from './whole-file.js'

// https://github.com/launchbadge/sqlx/blob/main/sqlx-core/src/migrate/source.rs
const NAME = /^([^_]*)_(.*?)(?:\.(up|down))?\.sql$/

/** sqlx: simple files, or a reversible pair for each version. */
export const sqlx: Dialect = {
  id: 'sqlx',
  title: 'sqlx',
  inline: false,
  wants: SQL_HERE,
  conventions: ({ numbering, hasDowns }) => ({
    tool: 'sqlx',
    verbatim: true,
    hashesFiles: true,
    lateVersion: 'applied',
    reactions: {
      edited: 'sqlx compares checksums, and stops on every database that ran the old text',
      deleted: 'sqlx stops on every database that ran it, unless it is told --ignore-missing',
      late: 'sqlx runs it after those that were applied before',
      duplicate: 'sqlx stops: it cannot write one version into its books twice, or finds another checksum there',
    },
    numbering,
    downs: hasDowns ? 'expected' : 'none',
    bookkeeping: ['_sqlx_migrations'],
    withoutTransaction: 'begin the file with the line `-- no-transaction` and put the statement alone in it',
    // https://github.com/launchbadge/sqlx/blob/main/sqlx-cli/README.md
    rollback: hasDowns ? 'sqlx migrate revert --source {root}' : null,
    filePattern: `${numbering === 'timestamp' ? '20230101000000' : '0001'}_name${hasDowns ? '.up' : ''}.sql`,
  }),
  place(path) {
    const match = path.includes('/') ? null : NAME.exec(path)
    if (match === null) return strayOrNobody(path, 'sqlx reads only VERSION_NAME.sql')
    const [, digits = '', name = '', kind] = match
    if (!/^\d+$/.test(digits) || !fits(digits, true)) {
      return stopper(path, `"${digits}" is not a version number`)
    }
    return { kind: kind === 'down' ? 'down' : 'up', version: canonical(digits), title: titleOf(name) }
  },
  clues: sqlxSettings,
  refine: withSettings,
  compare: compareNumbers,
  part: ({ source }) => wholeFile(source, !source.text.startsWith('-- no-transaction')),
}
