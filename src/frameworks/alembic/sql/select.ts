import { describe, type Value, type ValueOf } from '../python/value.js'
import { parameters, sqlalchemyName, type Translation } from '../translation.js'
import { madeUp, mayWrite, type Element, type Scope } from './element.js'
import { condition, expressionOf } from './expression.js'
import { columnOfFrom, fromOf, isSame, joinOf, partsOf, type From } from './from.js'
import { identifier } from './identifier.js'
import type { Place, Query } from './query.js'
import { tableText } from './text.js'

/** A SELECT as its methods build it. */
interface Select {
  columns: Value[]
  from: From[]
  where: Value[]
  having: Value[]
  group: Value[]
  order: Value[]
  /** null when there is no DISTINCT. */
  distinct: Value[] | null
  limit: Value | null
  offset: Value | null
  correlates: readonly From[] | null
  lock: string
}

/** Reads `sa.select(…)` and the methods that follow; null for anything else. */
export function selectOf(value: Value, translation: Translation): Query | null {
  const chain: ValueOf<'method'>[] = []
  let root = value
  while (root.kind === 'method') {
    chain.unshift(root)
    root = root.receiver
  }
  const isTable =
    ['table', 'Table'].includes(sqlalchemyName(root) ?? '') ||
    (root.kind === 'call' && root.path === 'alembic.op.create_table')
  if (root.kind !== 'call') return null
  const [first, ...rest] = chain
  // A table has a method `select` too.
  const table = isTable && first?.name === 'select' && first.positional.length === 0 ? root : null
  if (table === null && sqlalchemyName(root) !== 'select') return null
  const methods = table === null ? chain : rest
  if (methods.some(({ name }) => LEAVING.has(name))) return null
  const select = beginning(table === null ? root : null, table, translation)
  for (const method of methods) follow(select, method, translation)
  return queryFrom(
    select,
    value.kind === 'method' || value.kind === 'call' ? value.keywords : root.keywords,
    translation,
  )
}

/** Methods that make something else of a SELECT. */
const LEAVING: ReadonlySet<string> = new Set([
  ...['subquery', 'alias', 'cte', 'lateral', 'exists', 'union', 'union_all', 'intersect', 'intersect_all', 'except_'],
  ...['except_all', 'label', 'in_', 'is_', 'is_not', 'isnot', 'not_in', 'notin_', 'any_', 'all_', 'as_scalar'],
])

function beginning(root: ValueOf<'call'> | null, table: Value | null, translation: Translation): Select {
  const select: Select = {
    columns: table === null ? [] : [table],
    from: [],
    where: [],
    having: [],
    group: [],
    order: [],
    distinct: null,
    limit: null,
    offset: null,
    correlates: null,
    lock: '',
  }
  if (root === null) return select
  // `select([a, b], whereclause)`, as it was written before SQLAlchemy 1.4.
  const [first] = root.positional
  const old = first?.kind === 'list'
  const order = old ? ['columns', 'whereclause', 'from_obj'] : []
  const given = parameters(root, { order, rest: !old, keywords: old ? ['distinct'] : [] }, translation)
  select.columns.push(...(old ? first.items : given.rest))
  const where = given.value('whereclause')
  if (where !== undefined) select.where.push(where)
  const from = given.value('from_obj')
  for (const item of from === undefined ? [] : from.kind === 'list' ? from.items : [from])
    addFrom(select, item, translation)
  if (given.has('distinct') && given.flag('distinct') === true) select.distinct = []
  return select
}

function addFrom(select: Select, value: Value, translation: Translation): void {
  const from = fromOf(value, translation) ?? tableText(value, translation)
  if (from === null) translation.problem(describe(value))
  else select.from.push(from)
}

function follow(select: Select, method: ValueOf<'method'>, translation: Translation): void {
  const { name, positional, keywords } = method
  const plain = keywords.size === 0
  const [first] = positional
  switch (name) {
    case 'where':
    case 'filter':
      if (plain) return void select.where.push(...positional)
      break
    case 'filter_by':
      break
    case 'having':
      if (plain) return void select.having.push(...positional)
      break
    case 'group_by':
      if (plain) return void select.group.push(...positional)
      break
    case 'order_by':
      if (plain) return void select.order.push(...positional)
      break
    case 'distinct':
      if (plain) return void (select.distinct = [...positional])
      break
    case 'limit':
    case 'offset':
      if (plain && first !== undefined) return void (select[name] = first.kind === 'none' ? null : first)
      break
    case 'select_from':
      for (const item of positional) addFrom(select, item, translation)
      return
    case 'join':
    case 'outerjoin':
    case 'join_from':
    case 'outerjoin_from':
      return joinOnto(select, method, translation)
    case 'with_only_columns':
      if (plain) return void (select.columns = first?.kind === 'list' ? [...first.items] : [...positional])
      break
    case 'add_columns':
    case 'column':
      if (plain) return void select.columns.push(...positional)
      break
    case 'correlate':
      if (plain) {
        select.correlates = positional.flatMap((item) => fromOf(item, translation) ?? [])
        return
      }
      break
    case 'with_for_update': {
      const given = parameters(method, { keywords: ['nowait', 'read', 'skip_locked', 'key_share'] }, translation)
      const word =
        given.flag('read') === true
          ? given.flag('key_share') === true
            ? 'KEY SHARE'
            : 'SHARE'
          : given.flag('key_share') === true
            ? 'NO KEY UPDATE'
            : 'UPDATE'
      select.lock = ` FOR ${word}${given.flag('nowait') === true ? ' NOWAIT' : ''}${given.flag('skip_locked') === true ? ' SKIP LOCKED' : ''}`
      return
    }
    case 'execution_options':
      return
    default:
  }
  translation.problem(`the method ${name} of a SELECT is not understood`)
}

/** `.join(target, onclause)`: onto the last table of FROM, or the first table of the columns. */
function joinOnto(select: Select, method: ValueOf<'method'>, translation: Translation): void {
  const explicit = method.name.endsWith('_from')
  const [start, ...others] = method.positional
  const positional = explicit ? others : method.positional
  let left: From | null = null
  if (explicit) left = start === undefined ? null : fromOf(start, translation)
  else left = select.from.pop() ?? readBy(select, translation)[0] ?? null
  const joined = joinOf(left, method, positional, method.name.startsWith('outer'), translation)
  if (joined !== null) select.from.push(joined)
}

function readBy(select: Select, translation: Translation): readonly From[] {
  return columnsOf(select, translation).flatMap(({ reads }) => reads)
}

/** What it gives: a whole table stands for its columns. */
function columnsOf({ columns }: Select, translation: Translation): readonly Element[] {
  return columns.flatMap((column) => {
    const from = column.kind === 'call' || column.kind === 'method' ? wholeOf(column, translation) : null
    if (from === null) {
      if (column.kind === 'number') return [{ ...expressionOf(column, translation), title: { kind: 'none' } as const }]
      return [expressionOf(column, translation)]
    }
    if (from.columns === null) translation.problem('a whole table is selected, whose columns are not declared here')
    return (from.columns ?? []).map(({ key }) => columnOfFrom(from, key, translation))
  })
}

function wholeOf(value: Value, translation: Translation): From | null {
  return value.kind === 'method' && ['label', 'over', 'join', 'outerjoin'].includes(value.name)
    ? null
    : fromOf(value, translation)
}

function queryFrom(select: Select, key: object, translation: Translation): Query {
  const columns = columnsOf(select, translation)
  const where = select.where.length === 0 ? null : condition(select.where, translation)
  const having = select.having.length === 0 ? null : condition(select.having, translation)
  const froms = display([...select.from, ...columns.flatMap(({ reads }) => reads), ...(where?.reads ?? [])])
  const names = columns.map(({ title }) => (title.kind === 'none' || title.kind === 'made-up' ? null : title.name))
  const ordering = (value: Value): Element => referred(value, columns, translation)
  const group = select.group.map(ordering)
  const order = select.order.map(ordering)
  const distinct = select.distinct?.map((value) => expressionOf(value, translation)) ?? null
  const [limit, offset] = [select.limit, select.offset].map((value) =>
    value === null ? null : expressionOf(value, translation),
  )

  const write = (outer: Scope, place: Place): string => {
    if (!mayWrite(outer)) return ''
    const shown = correlated(froms, select, outer, place)
    const inner: Scope = {
      ...outer,
      qualified: true,
      around: shown.flatMap(partsOf),
      outer: [...outer.outer, ...shown.flatMap(partsOf)],
    }
    const list = (parts: readonly Element[]): string => parts.map((part) => part.write(inner)).join(', ')
    const titled = titles(columns, inner, place)
    return [
      `SELECT ${distinct === null ? '' : distinct.length === 0 ? 'DISTINCT ' : `DISTINCT ON (${list(distinct)}) `}${titled.join(', ')}`,
      shown.length === 0 ? '' : ` FROM ${shown.map((from) => from.write(inner)).join(', ')}`,
      where === null ? '' : ` WHERE ${where.write(inner)}`,
      group.length === 0 ? '' : ` GROUP BY ${list(group)}`,
      having === null ? '' : ` HAVING ${having.write(inner)}`,
      order.length === 0 ? '' : ` ORDER BY ${list(order)}`,
      limit ? ` LIMIT ${limit.write(inner)}` : '',
      offset ? `${limit ? '' : ' LIMIT ALL'} OFFSET ${offset.write(inner)}` : '',
      select.lock,
    ].join('')
  }
  return {
    key,
    write,
    columns: columns.flatMap(({ type }, index) => {
      const name = names[index]
      return name === null || name === undefined ? [] : [{ name, type }]
    }),
    ends: order.length > 0 || select.limit !== null || select.offset !== null,
  }
}

/** Each table once, and none that a join holds already. */
export function display(all: readonly From[]): readonly From[] {
  const unique = all.filter((from, index) => all.findIndex((other) => isSame(other, from)) === index)
  const hidden = unique.flatMap(({ parts }) => parts)
  return unique.filter((from) => !hidden.some((other) => isSame(other, from)))
}

/** What stays in FROM: a table of the statement around is spoken of there, not here. */
function correlated(froms: readonly From[], { correlates }: Select, outer: Scope, place: Place): readonly From[] {
  const without = (gone: readonly From[]): readonly From[] =>
    froms.filter((from) => !gone.some((other) => isSame(other, from)))
  if (correlates !== null) {
    const named = outer.outer.filter((from) => correlates.some((other) => isSame(other, from)))
    return without(named)
  }
  if (place === 'alone' || place === 'from' || froms.length < 2) return froms
  return without(outer.around)
}

/** The columns with the names that they get. */
function titles(columns: readonly Element[], scope: Scope, place: Place): readonly string[] {
  const seen = new Set<string>()
  return columns.map((column) => {
    const sql = column.write(scope)
    const { title } = column
    if (title.kind === 'none') return sql
    if (title.kind === 'made-up') return `${sql} AS ${identifier(madeUp(column, title.base, scope.statement))}`
    if (seen.has(title.name)) return `${sql} AS ${identifier(madeUp(column, title.name, scope.statement))}`
    seen.add(title.name)
    const plain = title.kind === 'column' && (place === 'alone' || place === 'inside')
    return plain ? sql : `${sql} AS ${identifier(title.name)}`
  })
}

/** A key of ORDER BY or GROUP BY: the name of a label or of a column stands for it. */
function referred(value: Value, columns: readonly Element[], translation: Translation): Element {
  const name = value.kind === 'string' ? value.text : null
  const key = name === null ? expressionOf(value, translation) : null
  const found = columns.find(({ title }) =>
    name === null
      ? title.kind === 'label' && key?.title.kind === 'label' && title.name === key.title.name
      : title.kind !== 'none' && title.kind !== 'made-up' && title.name === name,
  )
  if (found !== undefined && found.title.kind === 'label') {
    const { name: label } = found.title
    return { ...found, write: () => identifier(label) }
  }
  if (key !== null) return key
  if (found !== undefined) return found
  translation.problem(`${name ?? ''} is no column of the SELECT`)
  return expressionOf(value, translation)
}
