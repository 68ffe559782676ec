import { dbmateSection } from './dbmate-sections.js'
import { withDump } from './dump.js'
import type { Dialect } from './dialect.js'
import { compareText, SQL_HERE, strayOrNobody, titleOf } from './naming.js'

const NAME = /^(\d+)(.*)\.sql$/

/** dbmate: up and down blocks in one file; each block is sent as one query. */
export const dbmate: Dialect = {
  id: 'dbmate',
  title: 'dbmate',
  inline: true,
  wants: SQL_HERE,
  conventions: ({ numbering }) => ({
    tool: 'dbmate',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'applied',
    reactions: {
      edited: 'dbmate does not run it again, so databases that ran the old text never get the change',
      deleted: 'dbmate says nothing, and rolls back the one before it when it is told to roll back',
      late: 'dbmate runs it after those that were applied before',
      duplicate:
        'dbmate takes one for done where the other was applied before, and fails at the second of two new ones',
    },
    numbering,
    downs: 'expected',
    bookkeeping: ['schema_migrations'],
    withoutTransaction: 'write `-- migrate:up transaction:false` and leave one statement in the block',
    // https://github.com/amacneil/dbmate#commands
    rollback: 'dbmate --migrations-dir {root} rollback',
    filePattern: numbering === 'timestamp' ? '20230101000000_name.sql' : '001_name.sql',
  }),
  place(path) {
    const match = path.includes('/') ? null : NAME.exec(path)
    if (match === null) return strayOrNobody(path, 'dbmate reads only files whose name begins with a number')
    const [, version = '', name = ''] = match
    return { kind: 'up', version, title: titleOf(name) }
  },
  // dbmate compares names as text: its versions are strings.
  compare: (a, b) => compareText(a.path, b.path),
  refine: withDump,
  part: ({ source, direction }) => dbmateSection(source, direction),
}
