import { describe, type Value, type ValueOf } from '../python/value.js'
import { argumentsOf, parameters, sqlalchemyName, textOf, type Translation } from '../translation.js'
import { NO_TYPE, type DataType } from './data-type.js'
import { dataType } from './value-type.js'
import { element, madeUp, type Element, type Scope } from './element.js'
import { condition, expressionOf } from './expression.js'
import { callOf } from './function.js'
import { identifier } from './identifier.js'
import { queryOf, type Query } from './query.js'
import { remembering } from './remember.js'

/** What may stand in FROM. */
export interface From {
  /** The same for the same table or query, wherever it is spoken of. */
  readonly key: object
  readonly write: (scope: Scope) => string
  /** What stands before its columns. */
  readonly prefix: (scope: Scope) => string
  /** null when its columns are not declared. */
  readonly columns: readonly Member[] | null
  /** What a join holds. */
  readonly parts: readonly From[]
  /** The same under another name, for a function in FROM. */
  readonly renamed?: (key: object, name: string | null, lateral: boolean) => From
}

/** A column of something in FROM. */
export interface Member {
  /** What Python calls it. */
  readonly key: string
  readonly name: string
  readonly type: DataType
  /** `sa.Column(…)`, for a table. */
  readonly declared?: Value
}

/** Reads a table, an alias, a subquery or a join; null for anything else. */
export const fromOf = remembering((value, translation): From | null => {
  if (value.kind === 'call') {
    const name = sqlalchemyName(value)
    if (name === 'table' || name === 'Table' || value.path === 'alembic.op.create_table')
      return tableOf(value, translation)
    const [first, second, on] = value.positional
    if ((name === 'join' || name === 'outerjoin') && first !== undefined && second !== undefined)
      return joinOf(
        fromOf(first, translation),
        value,
        [second, ...(on === undefined ? [] : [on])],
        name === 'outerjoin',
        translation,
      )
    if (name === 'lateral' && first !== undefined)
      return derived(value, first, 'lateral', value.positional[1], translation)
    if (name === 'alias' && first !== undefined) return derived(value, first, 'alias', value.positional[1], translation)
    if (name === 'values') return null
    return null
  }
  if (value.kind !== 'method') return null
  const { name, receiver, positional, keywords } = value
  switch (name) {
    case 'alias':
    case 'subquery':
    case 'cte':
    case 'lateral':
      return derived(value, receiver, name, positional[0] ?? keywords.get('name'), translation)
    case 'join':
    case 'outerjoin': {
      const left = queryOf(receiver, translation) === null ? fromOf(receiver, translation) : null
      return left === null ? null : joinOf(left, value, positional, name === 'outerjoin', translation)
    }
    case 'data':
      return valuesOf(value, translation)
    case 'table_valued':
    case 'render_derived':
      return functionTable(value, translation)
    default:
      return null
  }
})

/** Whether two speak of the same. */
export function isSame(a: From, b: From): boolean {
  return a.key === b.key
}

/** A column by its Python name. */
export function columnOfFrom(from: From, key: string, translation: Translation): Element {
  const member = from.columns?.find((column) => column.key === key)
  if (member === undefined && from.columns !== null)
    translation.problem(`the table has no column ${key} where it is declared`)
  const name = member?.name ?? key
  return element((scope) => `${scope.qualified ? `${from.prefix(scope)}.` : ''}${identifier(name)}`, {
    type: member?.type ?? NO_TYPE,
    reads: [from],
    title: { kind: 'column', name },
  })
}

/** A table as a target, with its name as Python gives it. */
export interface Table extends From {
  readonly declared: readonly Value[]
}

/** Reads `sa.table(…)`, `sa.Table(…)` or what `op.create_table(…)` gives back. */
export function tableOf(value: Value, translation: Translation): Table | null {
  if (value.kind !== 'call') return null
  const kind = sqlalchemyName(value)
  if (kind !== 'table' && kind !== 'Table' && value.path !== 'alembic.op.create_table') return null
  const [name, ...rest] = value.positional
  const schemaValue = value.keywords.get('schema')
  const schema = schemaValue === undefined || schemaValue.kind === 'none' ? '' : textOf(schemaValue, translation)
  const text = identifier({
    schema,
    name: name === undefined ? translation.problem('the table has no name') : textOf(name, translation),
  })
  const reflects = ['autoload', 'autoload_with', 'extend_existing', 'keep_existing'].some((key) =>
    value.keywords.has(key),
  )
  const declared = rest.filter((item) => /^[cC]olumn$/.test(sqlalchemyName(item) ?? ''))
  const columns = reflects ? null : declared.map((item) => memberOf(item, translation))
  return { key: value.keywords, write: () => text, prefix: () => text, columns, parts: [], declared }
}

function memberOf(value: Value, translation: Translation): Member {
  const { positional, keywords } = argumentsOf(value)
  const [first, second] = positional
  const named = first?.kind === 'string' || first === undefined ? first : isName(first) ? first : undefined
  const text = named ?? keywords.get('name')
  const name = text === undefined ? translation.problem('a column has no name') : textOf(text, translation)
  const key = keywords.get('key')
  const type = keywords.get('type_') ?? (named === undefined ? first : second)
  return {
    key: key?.kind === 'string' ? key.text : name,
    name,
    type:
      type === undefined || /^(ForeignKey|Identity|Computed|Sequence)$/.test(sqlalchemyName(type) ?? '')
        ? NO_TYPE
        : dataType(type, translation),
    declared: value,
  }
}

function isName(value: Value): boolean {
  return (
    (value.kind === 'call' && /^alembic\.(op|batch_\d+)\.f$/.test(value.path)) ||
    (value.kind === 'method' && value.name === 'f')
  )
}

/** An alias of a table, or a query that stands in FROM. */
function derived(
  value: ValueOf<'call' | 'method'>,
  of: Value,
  kind: 'alias' | 'subquery' | 'cte' | 'lateral',
  nameValue: Value | undefined,
  translation: Translation,
): From | null {
  const key = value.keywords
  const given = nameValue === undefined || nameValue.kind === 'none' ? null : textOf(nameValue, translation)
  for (const [word, extra] of value.keywords)
    if (word !== 'name' && extra.kind !== 'none' && !(extra.kind === 'boolean' && !extra.is))
      translation.problem(`the parameter ${word} of ${kind}() is not understood`)
  const query = queryOf(of, translation)
  if (query !== null) return derivedQuery(query, key, given, kind)
  const inner = fromOf(of, translation)
  if (inner === null) return null
  const base = of.kind === 'call' && of.positional[0]?.kind === 'string' ? of.positional[0].text : 'anon'
  const name = (scope: Scope): string => identifier(given ?? madeUp(key, base, scope.statement))
  if (inner.renamed !== undefined && kind !== 'subquery' && kind !== 'cte')
    return inner.renamed(key, given, kind === 'lateral')
  return {
    key,
    prefix: name,
    write: (scope) => `${kind === 'lateral' ? 'LATERAL ' : ''}${inner.write(scope)} AS ${name(scope)}`,
    columns: inner.columns,
    parts: [],
  }
}

function derivedQuery(
  query: Query,
  key: object,
  given: string | null,
  kind: 'alias' | 'subquery' | 'cte' | 'lateral',
): From {
  const name = (scope: Scope): string => identifier(given ?? madeUp(key, 'anon', scope.statement))
  const from = {
    key,
    prefix: name,
    columns: query.columns.map(({ name, type }) => ({ key: name, name, type })),
    parts: [],
  }
  if (kind === 'cte') {
    return {
      ...from,
      write: (scope) => {
        const { ctes } = scope.statement
        if (!ctes.has(key)) {
          const alone = { ...scope, around: [], outer: [] }
          const sql = `${name(scope)} AS (${query.write(alone, 'from')})`
          ctes.set(key, sql)
        }
        return name(scope)
      },
    }
  }
  const lateral = kind === 'lateral'
  return {
    ...from,
    write: (scope) => {
      const sql = query.write(scope, lateral ? 'lateral' : 'from')
      return `${lateral ? 'LATERAL ' : ''}(${sql}) AS ${name(scope)}`
    },
  }
}

/** `left.join(right, onclause, isouter=…, full=…)`. */
export function joinOf(
  left: From | null,
  value: ValueOf<'call' | 'method'>,
  positional: readonly Value[],
  outer: boolean,
  translation: Translation,
): From | null {
  const call = { positional, keywords: new Map([...value.keywords].filter(([name]) => name !== 'left')) }
  const given = parameters(call, { order: ['right', 'onclause', 'isouter', 'full'] }, translation)
  const rightValue = given.value('right')
  const right = rightValue === undefined ? null : fromOf(rightValue, translation)
  const onValue = given.value('onclause')
  if (left === null || right === null) {
    translation.problem(rightValue === undefined ? 'a join has no table' : describe(rightValue))
    return null
  }
  if (onValue === undefined) {
    translation.problem('a join without its condition follows foreign keys that are not known')
    return null
  }
  const on = condition([onValue], translation)
  const full = given.flag('full') === true
  const isOuter = outer || given.flag('isouter') === true
  const word = full ? 'FULL OUTER JOIN' : isOuter ? 'LEFT OUTER JOIN' : 'JOIN'
  const side = (from: From, scope: Scope): string =>
    from.parts.length > 0 && from === right ? `(${from.write(scope)})` : from.write(scope)
  return {
    key: value.keywords,
    prefix: () => translation.problem('a column of a join is not understood'),
    write: (scope) => {
      const around = {
        ...scope,
        around: [...scope.around, ...partsOf(left)],
        outer: [...scope.outer, ...partsOf(left)],
      }
      return `${left.write(scope)} ${word} ${side(right, around)} ON ${on.write(scope)}`
    },
    columns: null,
    parts: [...partsOf(left), ...partsOf(right)],
  }
}

/** A join's tables, or the thing itself. */
export function partsOf(from: From): readonly From[] {
  return from.parts.length === 0 ? [from] : [from, ...from.parts]
}

/** `sa.values(column, …, name=…).data([…])`. */
function valuesOf(value: ValueOf<'method'>, translation: Translation): From | null {
  const { receiver } = value
  if (sqlalchemyName(receiver) !== 'values') return null
  const given = parameters(argumentsOf(receiver), { rest: true, keywords: ['name', 'literal_binds'] }, translation)
  const members = given.rest.map((column) => memberOf(column, translation))
  const name = identifier(given.string('name'))
  const [rows] = value.positional
  const written =
    rows?.kind === 'list'
      ? rows.items.map((row) => {
          if (row.kind !== 'list') return () => translation.problem(describe(row))
          const cells = row.items.map((cell, index) => expressionOf(cell, translation, members[index]?.type))
          return (scope: Scope) => `(${cells.map((cell) => cell.write(scope)).join(', ')})`
        })
      : [() => translation.problem('the values are not written out')]
  const list = members.map((member) => identifier(member.name)).join(', ')
  return {
    key: receiver.kind === 'call' ? receiver.keywords : value.keywords,
    prefix: () => name,
    write: (scope) => `(VALUES ${written.map((row) => row(scope)).join(', ')}) AS ${name} (${list})`,
    columns: members,
    parts: [],
  }
}

/** `func.f(…).table_valued('a', with_ordinality='n')`, and its `render_derived(name=…)`. */
function functionTable(value: ValueOf<'method'>, translation: Translation): From | null {
  const renders = value.name === 'render_derived' ? value : null
  const valued = renders === null ? value : renders.receiver
  if (valued.kind !== 'method' || valued.name !== 'table_valued') return null
  const call = callOf(valued.receiver, translation)
  if (call === null) return null
  const given = parameters(
    valued,
    { rest: true, keywords: ['with_ordinality', 'name', 'joins_implicitly'] },
    translation,
  )
  const shown = renders === null ? null : parameters(renders, { order: ['name', 'with_types'] }, translation)
  const ordinal = given.optionalString('with_ordinality')
  const members = given.rest.map((column): Member =>
    column.kind === 'string' ? { key: column.text, name: column.text, type: NO_TYPE } : memberOf(column, translation),
  )
  const all = ordinal === null ? members : [...members, { key: ordinal, name: ordinal, type: NO_TYPE }]
  const own = shown?.optionalString('name') ?? given.optionalString('name')
  const types = shown?.flag('with_types') === true
  const list = all.map((member) => identifier(member.name) + (types ? ` ${member.type.sql}` : '')).join(', ')
  const named = (key: object, name: (scope: Scope) => string, base: string, lateral: boolean): From => ({
    key,
    prefix: name,
    write: (scope) =>
      `${lateral ? 'LATERAL ' : ''}${call.write(scope)}${ordinal === null ? '' : ' WITH ORDINALITY'} AS ${name(scope)}${renders === null ? '' : `(${list})`}`,
    columns: all,
    parts: [],
    renamed: (key, given, lateral) =>
      named(key, (scope) => identifier(given ?? madeUp(key, base, scope.statement)), given ?? base, lateral),
  })
  const { keywords } = value
  return named(keywords, (scope) => identifier(own ?? madeUp(keywords, 'anon', scope.statement)), own ?? 'anon', false)
}
