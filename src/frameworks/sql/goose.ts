import type { Dialect, Place } from './dialect.js'
import { gooseSection } from './goose-sections.js'
import { canonical, compareNumbers, fits, stopper, titleOf } from './naming.js'

const NAME = /^(\d+)_(.*)\.(sql|go)$/

/** goose: up and down between annotations in one file; statements are sent one by one. */
export const goose: Dialect = {
  id: 'goose',
  title: 'goose',
  inline: true,
  // Go is not read, but that it changes is seen.
  wants: /^[^/]+\.(sql|go)$/i,
  conventions: ({ numbering }) => ({
    tool: 'goose',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'refused',
    reactions: {
      edited: 'goose does not run it again, so databases that ran the old text never get the change',
      deleted: 'goose says nothing on the way up, and cannot go down past it',
      late: 'goose refuses to run on every database that is past it, unless it is told --allow-missing',
      duplicate: 'goose stops before it runs anything',
    },
    numbering,
    downs: 'expected',
    bookkeeping: ['goose_db_version'],
    withoutTransaction: 'add the line `-- +goose NO TRANSACTION` at the top of the file',
    // https://pressly.github.io/goose/documentation/cli-commands/
    rollback: 'goose -dir {root} postgres "$DATABASE_URL" down',
    filePattern: numbering === 'timestamp' ? '20060102150405_name.sql' : '00001_name.sql',
  }),
  place(path): Place {
    const match = path.includes('/') || path.endsWith('_test.go') ? null : NAME.exec(path)
    const [, digits = '', name = ''] = match ?? []
    if (match !== null && fits(digits, true) && canonical(digits) !== '0') {
      return { kind: 'up', version: canonical(digits), title: titleOf(name) }
    }
    return stopper(path, 'it needs a version number above zero and an underscore, as in VERSION_name.sql')
  },
  compare: compareNumbers,
  part: ({ source, direction }) => gooseSection(source, direction),
}
