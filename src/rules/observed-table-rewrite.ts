import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'observed-table-rewrite',
    code: 'C97',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A statement was seen to write every row of a table anew, which its text does not show',
    why:
      'The rehearsal compares the file that holds each table (`pg_class.relfilenode`) before and after every statement. A rewrite ' +
      'copies all rows and builds all indexes under ACCESS EXCLUSIVE: every query on the table waits for as long as that takes, and ' +
      'the disk has to hold both copies. Here it happens inside a function, a trigger or a string that is put together at run time.',
    instead:
      'Write the statement out and look up its own rule. Most rewrites can be had in steps: a new column, a backfill in batches, ' +
      'then a swap of the columns.',
    messages: { rewrites: 'Writes all rows of {{table}} anew, while every query on the table waits' },
  },
  check: {
    evidence(_, { statements }) {
      return statements.flatMap(({ statement, unforeseen }) =>
        (unforeseen?.rewrites ?? []).map((table) => {
          return { message: 'rewrites' as const, at: statement.span, table, data: { table: show(table) } }
        }),
      )
    },
  },
})
