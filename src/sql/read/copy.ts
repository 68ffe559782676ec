import type { CopyStmt } from '@pgsql/types'
import type { Reader } from './reader.js'
import { bracketed, inside, spanOfAll, wholeOf } from './stretch.js'
import { as, relationName } from './tree.js'

/** COPY; a query that changes rows on its way out is an operation of its own, before it. */
export const readCopy: Reader<CopyStmt> = (statement, place, read) => {
  const { relation, query, is_from, is_program, filename } = statement
  const inner = query === undefined ? null : bracketed(place, wholeOf(place))
  const within = inner === null ? place : inside(place, inner)
  return [
    ...(query === undefined || as('SelectStmt', query) !== undefined ? [] : read(query, within)),
    {
      kind: 'copy',
      span: spanOfAll(place),
      table: relation === undefined ? null : relationName(relation),
      direction: is_from === true ? 'from' : 'to',
      endpoint: filename === undefined ? 'stdin' : is_program === true ? 'program' : 'file',
    },
  ]
}
