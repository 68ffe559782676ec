import type { DeclareCursorStmt, IntoClause, SelectStmt } from '@pgsql/types'
import { functionsIn, readsIn } from '../expression.js'
import { tableFromQuery } from './create-table.js'
import type { Reader } from './reader.js'
import { spanOfAll } from './stretch.js'
import { separate } from './with.js'

/** SELECT, VALUES and TABLE, after the changes of their WITH clause; SELECT INTO makes a table. */
export const readSelect: Reader<SelectStmt> = (statement, place, read) => {
  const { operations, place: own } = separate(statement.withClause, place, read)
  const into = intoOf(statement)
  if (into !== undefined) return [...operations, tableFromQuery(into, own)]
  const select = {
    kind: 'select',
    span: spanOfAll(own),
    functions: functionsIn(statement),
    reads: readsIn(statement),
  } as const
  return [...operations, select]
}

/** DECLARE CURSOR: its query runs when rows are fetched. */
export const readDeclareCursor: Reader<DeclareCursorStmt> = ({ query }, place) => [
  { kind: 'select', span: spanOfAll(place), functions: functionsIn(query), reads: readsIn(query) },
]

/** INTO stands in the first of the queries that a UNION joins. */
function intoOf(statement: SelectStmt): IntoClause | undefined {
  let at: SelectStmt | undefined = statement
  while (at !== undefined && at.intoClause === undefined) at = at.larg
  return at?.intoClause
}
