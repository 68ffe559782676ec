import type { IndexElem, IndexStmt } from '@pgsql/types'
import type { CreateIndex, IndexKey } from '../../model/operations/object.js'
import { expression, indexColumns } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import type { Reader } from './reader.js'
import { bracketed, findWord, indexAt, spanOfAll, split, textOf, wholeOf, type Stretch } from './stretch.js'
import { all, relationName } from './tree.js'

/** CREATE INDEX. */
export const readCreateIndex: Reader<IndexStmt> = (statement, place) => {
  const whole = wholeOf(place)
  const where = findWord(place, whole, 'where')
  const operation: CreateIndex = {
    kind: 'create-index',
    span: spanOfAll(place),
    table: relationName(statement.relation),
    name: statement.idxname ?? null,
    unique: statement.unique === true,
    concurrently: statement.concurrent === true,
    ifNotExists: statement.if_not_exists === true,
    only: statement.relation?.inh !== true,
    method: statement.accessMethod ?? 'btree',
    keys: keys(statement, place),
    include: indexColumns(statement.indexIncludingParams),
    where:
      statement.whereClause === undefined
        ? null
        : expression(statement.whereClause, textOf(place, { from: where + 1, to: whole.to })),
    nullsNotDistinct: statement.nulls_not_distinct === true,
  }
  return [operation]
}

function keys(statement: IndexStmt, place: StatementPlace): readonly IndexKey[] {
  const list = bracketed(place, { from: indexAt(place, statement.relation?.location ?? 0), to: place.tokens.length })
  const pieces = list === null ? [] : split(place, list)
  return all('IndexElem', statement.indexParams).map((element, i) => key(element, place, pieces[i]))
}

/** An expression key stands in brackets of its own or is one function call. */
function key(element: IndexElem, place: StatementPlace, piece: Stretch | undefined): IndexKey {
  const { name, expr } = element
  const reversed = isReversed(element)
  if (name !== undefined || piece === undefined) return { column: name ?? null, expression: null, reversed }
  const inner = bracketed(place, piece)
  if (inner === null) return { column: null, expression: expression(expr, textOf(place, piece)), reversed }
  const text = textOf(place, inner.from - 1 === piece.from ? inner : { from: piece.from, to: inner.to + 1 })
  return { column: null, expression: expression(expr, text), reversed }
}

/** NULLs come last by default (https://www.postgresql.org/docs/current/indexes-ordering.html). */
function isReversed({ ordering, nulls_ordering }: IndexElem): boolean {
  return ordering === 'SORTBY_DESC' || nulls_ordering === 'SORTBY_NULLS_FIRST'
}
