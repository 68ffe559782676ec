import { describe, type Value, type ValueOf } from '../python/value.js'
import { parameters, sqlalchemyName, type Translation } from '../translation.js'
import { newScope, type Element, type Scope } from './element.js'
import { condition, expressionOf } from './expression.js'
import { isSame, partsOf, tableOf, type From, type Table } from './from.js'
import { identifier, identifierList } from './identifier.js'
import { conflictOf } from './conflict.js'
import { queryOf } from './query.js'
import { display } from './select.js'
import { assigned, defaultsOf, givenValues, keyOf, setSql, type Assigned } from './values.js'

/** A core statement: the function or method that begins it, and the methods that follow. */
interface Chain {
  readonly verb: 'insert' | 'update' | 'delete'
  readonly table: Table
  readonly root: ValueOf<'call' | 'method'>
  readonly methods: readonly ValueOf<'method'>[]
}

/** A row of parameters that a connection is given beside the statement. */
export type Row = ReadonlyMap<string, Value>

/** INSERT, UPDATE, DELETE or SELECT as SQLAlchemy's core writes it, with its values in place; null for anything else. */
export function statementSql(value: Value, row: Row, translation: Translation): string | null {
  const chain = chainOf(value, translation)
  if (chain === null) {
    const query = queryOf(value, translation)
    if (query === null) return null
    return withCtes(newScope(translation, true, row), (scope) => query.write(scope, 'alone'))
  }
  switch (chain.verb) {
    case 'insert':
      return insert(chain, row, translation)
    case 'update':
      return update(chain, row, translation)
    case 'delete':
      return deletion(chain, row, translation)
  }
}

/** Whether a value is a statement of SQLAlchemy's core. */
export function isStatement(value: Value, translation: Translation): boolean {
  const quiet = { ...translation, problem: () => '' }
  return chainOf(value, quiet) !== null || queryOf(value, quiet) !== null
}

function chainOf(value: Value, translation: Translation): Chain | null {
  const methods: ValueOf<'method'>[] = []
  let node = value
  for (;;) {
    if (node.kind === 'call') {
      const verb = verbOf(sqlalchemyName(node))
      const [target] = node.positional
      const of = target ?? node.keywords.get('table')
      const table = verb === null || of === undefined ? null : tableOf(of, translation)
      if (verb === null || table === null) return null
      return { verb, table, root: { ...node, positional: node.positional.slice(1) }, methods }
    }
    if (node.kind !== 'method') return null
    const verb = verbOf(node.name)
    const table = verb === null ? null : tableOf(node.receiver, translation)
    if (verb !== null && table !== null) return { verb, table, root: node, methods }
    methods.unshift(node)
    node = node.receiver
  }
}

function verbOf(name: string | null): Chain['verb'] | null {
  switch (name) {
    case 'insert':
    case 'Insert':
      return 'insert'
    case 'update':
      return 'update'
    case 'delete':
      return 'delete'
    default:
      return null
  }
}

/** WITH in front of a statement whose parts ask for it. */
function withCtes(scope: Scope, write: (scope: Scope) => string): string {
  const sql = write(scope)
  const { ctes } = scope.statement
  return ctes.size === 0 ? sql : `WITH ${[...ctes.values()].join(', ')} ${sql}`
}

function scopeOf(froms: readonly From[], row: Row, translation: Translation): Scope {
  const all = froms.flatMap(partsOf)
  return { ...newScope(translation, true, row), around: all, outer: all }
}

function returning(parts: readonly Value[], translation: Translation): (scope: Scope) => string {
  const columns: Element[] = parts.map((part) => expressionOf(part, translation))
  return (scope) =>
    columns.length === 0 ? '' : ` RETURNING ${columns.map((column) => column.write(scope)).join(', ')}`
}

/** Says that a method is not understood, unless it changes nothing that is sent. */
function other(method: ValueOf<'method'>, verb: string, translation: Translation): void {
  if (!['execution_options', 'inline', 'return_defaults'].includes(method.name))
    translation.problem(`the method ${method.name} of ${verb} is not understood`)
}

function insert({ table, root, methods }: Chain, row: Row, translation: Translation): string {
  const rows: (readonly [readonly Value[], ReadonlyMap<string, Value>])[] = []
  let select: ValueOf<'method'> | null = null
  let conflict: ValueOf<'method'> | null = null
  const returned: Value[] = []
  // `table.insert(values)`, as it was written before SQLAlchemy 1.4.
  const given = parameters(root, { order: ['values', 'inline'], keywords: ['table'] }, translation)
  const first = given.value('values')
  if (first !== undefined) rows.push([[first], new Map()])
  for (const method of methods) {
    if (method.name === 'values') rows.push([method.positional, method.keywords])
    else if (method.name === 'from_select') select = method
    else if (method.name.startsWith('on_conflict_do_')) conflict = method
    else if (method.name === 'returning') returned.push(...method.positional)
    else other(method, 'INSERT', translation)
  }
  const defaults = defaultsOf(table, 'default')
  const scope = { ...newScope(translation, true, row) }
  const body = (scope: Scope): string => {
    if (select !== null) return fromSelect(select, table, defaults.size > 0, scope, translation)
    const lines = rowsOf(rows, row, table, translation).map((given) => assigned(given, table, defaults, translation))
    return valuesSql(lines, scope, translation)
  }
  return withCtes(scope, (scope) => {
    const end = conflict === null ? '' : ` ${conflictOf(conflict, table, scope, translation)}`
    return `INSERT INTO ${table.write(scope)} ${body(scope)}${end}${returning(returned, translation)(scope)}`
  })
}

/** The rows of an INSERT: one, or those of a list; what is given beside the statement completes it. */
function rowsOf(
  given: readonly (readonly [readonly Value[], ReadonlyMap<string, Value>])[],
  row: Row,
  table: Table,
  translation: Translation,
): readonly ReadonlyMap<string, Value>[] {
  const [only] = given
  const [list] = only?.[0] ?? []
  if (
    list?.kind === 'list' &&
    list.items.length > 0 &&
    list.items.every(({ kind }) => kind === 'dict' || kind === 'list')
  ) {
    if (given.length > 1) translation.problem('values() is called again after a list of rows')
    return list.items.map((item) => givenValues([item], new Map(), table, translation))
  }
  const all = given.map(([positional, keywords]) => givenValues(positional, keywords, table, translation))
  return [new Map([...all.flatMap((values) => [...values]), ...row])]
}

function valuesSql(lines: readonly (readonly Assigned[])[], scope: Scope, translation: Translation): string {
  const [first] = lines
  if (first === undefined || first.length === 0) return translation.problem('the values of an INSERT are missing')
  const names = first.map(({ name }) => name)
  const rows = lines.map((line) => {
    if (line.map(({ name }) => name).join() !== names.join())
      translation.problem('rows of an INSERT name different columns')
    return `(${line.map(({ value }) => value.write(scope)).join(', ')})`
  })
  return `${identifierList(names)} VALUES ${rows.join(', ')}`
}

function fromSelect(
  method: ValueOf<'method'>,
  table: Table,
  completes: boolean,
  scope: Scope,
  translation: Translation,
): string {
  const given = parameters(method, { order: ['names', 'select', 'include_defaults'] }, translation)
  const names = given.value('names')
  const select = given.value('select')
  const query = select === undefined ? null : queryOf(select, translation)
  if (names?.kind !== 'list' || query === null)
    return translation.problem(select === undefined ? 'an INSERT has no SELECT' : describe(select))
  if (completes && given.flag('include_defaults') !== false)
    translation.problem('an INSERT from a SELECT is completed by the defaults of its table')
  const columns = names.items.map((name) => {
    const key = keyOf(name, translation)
    return table.columns?.find((column) => column.key === key)?.name ?? key
  })
  return `${identifierList(columns)} ${query.write(scope, 'alone')}`
}

/** WHERE of an UPDATE or a DELETE, and what else it says. */
function parts(
  { root, methods, verb }: Chain,
  translation: Translation,
): {
  readonly where: Element | null
  readonly values: (readonly [readonly Value[], ReadonlyMap<string, Value>])[]
  readonly returned: readonly Value[]
  readonly inOrder: boolean
} {
  const wheres: Value[] = []
  const values: (readonly [readonly Value[], ReadonlyMap<string, Value>])[] = []
  const returned: Value[] = []
  let inOrder = false
  const order = verb === 'update' ? ['whereclause', 'values'] : ['whereclause']
  const given = parameters(root, { order, keywords: ['table'] }, translation)
  const [where, set] = [given.value('whereclause'), given.value('values')]
  if (where !== undefined) wheres.push(where)
  if (set !== undefined) values.push([[set], new Map()])
  for (const method of methods) {
    const { name, positional, keywords } = method
    if (name === 'where' && keywords.size === 0) wheres.push(...positional)
    else if (name === 'values' && verb === 'update') values.push([positional, keywords])
    else if (name === 'ordered_values' && verb === 'update') {
      inOrder = true
      for (const pair of positional) {
        const [key, value] = pair.kind === 'list' ? pair.items : []
        if (key === undefined || value === undefined) translation.problem(describe(pair))
        else values.push([[{ kind: 'dict', entries: [{ key, value }] }], new Map()])
      }
    } else if (name === 'returning') returned.push(...positional)
    else other(method, verb.toUpperCase(), translation)
  }
  return { where: wheres.length === 0 ? null : condition(wheres, translation), values, returned, inOrder }
}

function update(chain: Chain, row: Row, translation: Translation): string {
  const { table } = chain
  const { where, values, returned, inOrder } = parts(chain, translation)
  const given = new Map(
    values.flatMap(([positional, keywords]) => [...givenValues(positional, keywords, table, translation)]),
  )
  // Parameters that no `bindparam` takes are values.
  if (given.size === 0) for (const [name, value] of row) given.set(name, value)
  const set = assigned(given, table, defaultsOf(table, 'onupdate'), translation, inOrder)
  if (set.length === 0) translation.problem('the values of an UPDATE are missing')
  // In SQLAlchemy's order.
  const more = beside(table, [...(where?.reads ?? []), ...set.flatMap(({ value }) => value.reads)])
  return withCtes(scopeOf([table, ...more], row, translation), (scope) =>
    [
      `UPDATE ${table.write(scope)} SET ${setSql(set, (name) => identifier(name), scope)}`,
      more.length === 0 ? '' : ` FROM ${more.map((from) => from.write(scope)).join(', ')}`,
      where === null ? '' : ` WHERE ${where.write(scope)}`,
      returning(returned, translation)(scope),
    ].join(''),
  )
}

function deletion(chain: Chain, row: Row, translation: Translation): string {
  const { table } = chain
  const { where, returned } = parts(chain, translation)
  const more = beside(table, where?.reads ?? [])
  return withCtes(scopeOf([table, ...more], row, translation), (scope) =>
    [
      `DELETE FROM ${table.write(scope)}`,
      more.length === 0 ? '' : ` USING ${more.map((from) => from.write(scope)).join(', ')}`,
      where === null ? '' : ` WHERE ${where.write(scope)}`,
      returning(returned, translation)(scope),
    ].join(''),
  )
}

/** Other tables that a statement reads. */
function beside(table: Table, reads: readonly From[]): readonly From[] {
  return display(reads.filter((from) => !isSame(from, table)))
}
