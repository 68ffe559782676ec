import type { Node, WithClause } from '@pgsql/types'
import type { Operation } from '../../model/operation.js'
import type { StatementPlace } from '../tokens.js'
import type { ReadStatement } from './reader.js'
import { bracketed, findWord, indexAt, inside, type Stretch } from './stretch.js'
import { all, as } from './tree.js'

const CHANGES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'] as const

/** A statement without its WITH clause, and what the changes within that clause do. */
export interface Separated {
  readonly operations: readonly Operation[]
  /** The statement itself, from its own keyword on. */
  readonly place: StatementPlace
}

/** Splits the data-modifying queries of a WITH clause from the statement that it introduces. */
export function separate(clause: WithClause | undefined, place: StatementPlace, read: ReadStatement): Separated {
  if (clause === undefined) return { operations: [], place }
  const queries = all('CommonTableExpr', clause.ctes).map(({ ctequery, location }) => ({
    query: ctequery,
    stretch: queryStretch(place, location ?? 0),
  }))
  const operations = queries.flatMap(({ query, stretch }) =>
    changes(query) ? read(query, stretch === null ? place : inside(place, stretch)) : [],
  )
  const last = queries.at(-1)?.stretch ?? null
  const main = last === null ? -1 : findWord(place, { from: last.to + 1, to: place.tokens.length }, ...VERBS)
  return { operations, place: main < 0 ? place : inside(place, { from: main, to: place.tokens.length }) }
}

const VERBS = ['insert', 'update', 'delete', 'merge', 'select', 'values', 'table']

function changes(query: Node | undefined): boolean {
  return CHANGES.some((name) => as(name, query) !== undefined)
}

/** What stands in the brackets after AS in `name (columns) AS MATERIALIZED (query)`. */
function queryStretch(place: StatementPlace, byte: number): Stretch | null {
  const rest = { from: indexAt(place, byte) + 1, to: place.tokens.length }
  const keyword = findWord(place, rest, 'as')
  return keyword < 0 ? null : bracketed(place, { from: keyword, to: rest.to })
}
