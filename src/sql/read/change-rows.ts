import type { DeleteStmt, InsertStmt, MergeStmt, Node, ResTarget, SelectStmt, UpdateStmt } from '@pgsql/types'
import type { Condition, Insert } from '../../model/operations/data.js'
import { condition, functionsIn, stringsIn } from '../expression.js'
import type { StatementPlace } from '../tokens.js'
import type { Reader } from './reader.js'
import { findWord, spanOfAll, textOf, wholeOf } from './stretch.js'
import { all, as, relationName } from './tree.js'
import { separate } from './with.js'

/** INSERT, and the changes of its WITH clause before it. */
export const readInsert: Reader<InsertStmt> = (statement, place, read) => {
  const { operations, place: own } = separate(statement.withClause, place, read)
  const query = as('SelectStmt', statement.selectStmt)
  const conflict = statement.onConflictClause?.action
  const insert: Insert = {
    kind: 'insert',
    span: spanOfAll(own),
    table: relationName(statement.relation),
    columns: statement.cols === undefined ? null : all('ResTarget', statement.cols).map(({ name = '' }) => name),
    source: query === undefined ? 'default' : query.valuesLists ? 'values' : 'query',
    rows: query?.valuesLists?.length ?? 0,
    widths: widthsOf(query),
    drawn: drawnIn(query),
    onConflict: conflict === 'ONCONFLICT_NOTHING' ? 'nothing' : conflict === 'ONCONFLICT_UPDATE' ? 'update' : null,
    strings: stringsIn({ ...statement, withClause: undefined }),
  }
  return [...operations, insert]
}

/** `(row).*` and `SELECT *` have as many values as something else has columns; of a UNION the first query tells. */
function widthsOf(query: SelectStmt | undefined): readonly number[] {
  if (query?.larg !== undefined) return widthsOf(query.larg)
  const lists = query?.targetList === undefined ? rowsOf(query) : [query.targetList]
  return lists.some(hasStar) ? [] : [...new Set(lists.map(({ length }) => length))]
}

function hasStar(values: readonly Node[]): boolean {
  return values.some((value) => {
    const own = as('ResTarget', value)?.val ?? value
    const parts = as('ColumnRef', own)?.fields ?? as('A_Indirection', own)?.indirection ?? []
    return parts.some((part) => as('A_Star', part) !== undefined)
  })
}

function drawnIn(query: SelectStmt | undefined): readonly number[] {
  const places = new Set<number>()
  for (const values of rowsOf(query)) {
    for (const [place, value] of values.entries()) {
      // Rows by the thousand are of literals.
      if (as('A_Const', value) === undefined && functionsIn(value).some((name) => DRAWS.has(name))) places.add(place)
    }
  }
  return [...places]
}

function rowsOf(query: SelectStmt | undefined): readonly (readonly Node[])[] {
  return (query?.valuesLists ?? []).map((row) => as('List', row)?.items ?? [])
}

/** Functions of PostgreSQL and of its extensions uuid-ossp and pgcrypto whose values nobody can foresee. */
const DRAWS: ReadonlySet<string> = new Set([
  ...['random', 'random_normal', 'gen_random_uuid', 'uuidv4', 'uuidv7', 'gen_random_bytes', 'clock_timestamp'],
  ...['uuid_generate_v1', 'uuid_generate_v1mc', 'uuid_generate_v4'],
])

/** UPDATE, and the changes of its WITH clause before it. */
export const readUpdate: Reader<UpdateStmt> = (statement, place, read) => {
  const { operations, place: own } = separate(statement.withClause, place, read)
  const table = relationName(statement.relation)
  return [
    ...operations,
    {
      kind: 'update',
      span: spanOfAll(own),
      table,
      columns: columnsSet(all('ResTarget', statement.targetList)),
      where: whereOf(statement.whereClause, own),
      from: sources(statement.fromClause),
      alias: statement.relation?.alias?.aliasname ?? table.name,
      strings: stringsIn({ ...statement, withClause: undefined }),
    },
  ]
}

/** The columns that are set; `SET a[1] = …, a[2] = …` and `SET a.x = …, a.y = …` set parts of one. */
function columnsSet(targets: readonly ResTarget[]): readonly string[] {
  const isLaterPart = ({ name, indirection = [] }: ResTarget, index: number): boolean =>
    indirection.length > 0 && targets.findIndex((each) => each.name === name) < index
  return targets.filter((target, index) => !isLaterPart(target, index)).map(({ name = '' }) => name)
}

/** DELETE, and the changes of its WITH clause before it. */
export const readDelete: Reader<DeleteStmt> = (statement, place, read) => {
  const { operations, place: own } = separate(statement.withClause, place, read)
  return [
    ...operations,
    {
      kind: 'delete',
      span: spanOfAll(own),
      table: relationName(statement.relation),
      where: whereOf(statement.whereClause, own),
      using: sources(statement.usingClause),
      strings: stringsIn({ ...statement, withClause: undefined }),
    },
  ]
}

/** MERGE, and the changes of its WITH clause before it. */
export const readMerge: Reader<MergeStmt> = (statement, place, read) => {
  const { operations, place: own } = separate(statement.withClause, place, read)
  return [...operations, { kind: 'merge', span: spanOfAll(own), table: relationName(statement.relation) }]
}

/** WHERE reaches to RETURNING or to the end. */
function whereOf(node: Node | undefined, place: StatementPlace): Condition | null {
  const whole = wholeOf(place)
  const from = findWord(place, whole, 'where') + 1
  const returning = findWord(place, { from, to: whole.to }, 'returning')
  return condition(node, textOf(place, { from, to: returning < 0 ? whole.to : returning }))
}

/** How the relations of a FROM list are called inside the statement. */
function sources(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => {
    const join = as('JoinExpr', node)
    if (join !== undefined) return sources([join.larg, join.rarg].filter((side) => side !== undefined))
    const relation = as('RangeVar', node)
    const alias =
      relation?.alias ?? (Object.values(node)[0] as { readonly alias?: { readonly aliasname?: string } }).alias
    const name = alias?.aliasname ?? relation?.relname
    return name === undefined ? [] : [name]
  })
}
