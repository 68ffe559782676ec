import type { Dialect } from './dialect.js'
import { canonical, compareNumbers, fits, SQL_HERE, strayOrNobody, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

// https://github.com/golang-migrate/migrate/blob/master/source/parse.go: any extension will do.
const NAME = /^([0-9]+)_(.*)\.(down|up)\.(.*)$/

/** golang-migrate: a pair of files for each version; PostgreSQL is sent each file as one query. */
export const golangMigrate: Dialect = {
  id: 'golang-migrate',
  title: 'golang-migrate',
  inline: false,
  wants: SQL_HERE,
  conventions: ({ numbering, hasDowns }) => ({
    tool: 'golang-migrate',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'skipped',
    reactions: {
      edited: 'golang-migrate does not run it again, so databases that ran the old text never get the change',
      deleted: 'golang-migrate stops on a database whose newest version it is, and otherwise says nothing',
      late: 'golang-migrate skips it silently on every database that is past it',
      duplicate: 'golang-migrate stops before it runs anything',
    },
    numbering,
    downs: hasDowns ? 'expected' : 'optional',
    bookkeeping: ['schema_migrations'],
    withoutTransaction: 'put the statement alone in a migration file of its own',
    // https://github.com/golang-migrate/migrate/tree/master/cmd/migrate
    rollback: 'migrate -path {root} -database "$DATABASE_URL" down 1',
    filePattern: numbering === 'timestamp' ? '20060102150405_name.up.sql' : '000001_name.up.sql',
  }),
  place(path) {
    const match = path.includes('/') ? null : NAME.exec(path)
    const [, digits = '', name = '', kind] = match ?? []
    if (match !== null && fits(digits, false)) {
      return { kind: kind === 'up' ? 'up' : 'down', version: canonical(digits), title: titleOf(name) }
    }
    return strayOrNobody(path, 'golang-migrate reads only VERSION_NAME.up.sql and VERSION_NAME.down.sql')
  },
  compare: compareNumbers,
  // No transaction is opened, but a query of several statements is one implicit transaction; a statement alone in its file,
  // CREATE INDEX CONCURRENTLY for one, is in none.
  part: ({ source }) => wholeFile(source, false),
}
