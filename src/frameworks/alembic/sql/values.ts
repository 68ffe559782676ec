import { describe, type Value } from '../python/value.js'
import { argumentsOf, textOf, type Translation } from '../translation.js'
import { NO_TYPE } from './data-type.js'
import type { Element, Scope } from './element.js'
import { filling } from './expression.js'
import type { Table } from './from.js'

/** A column that a statement fills, and with what. */
export interface Assigned {
  readonly name: string
  readonly value: Element
}

/** Values by the Python name of their column, in the order in which they are given. */
export type Given = ReadonlyMap<string, Value>

/** Reads the values of one row: a dictionary, keywords, or a tuple in the order of the table's columns. */
export function givenValues(
  positional: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  table: Table,
  translation: Translation,
): Given {
  const given = new Map<string, Value>()
  const [row, more] = positional
  if (more !== undefined) translation.problem('values() is given more than one row')
  if (row?.kind === 'dict') for (const { key, value } of row.entries) given.set(keyOf(key, translation), value)
  else if (row?.kind === 'list') {
    row.items.forEach((value, index) => {
      const column = table.columns?.[index]
      given.set(column?.key ?? translation.problem('a row has more values than the table has columns'), value)
    })
  } else if (row !== undefined) translation.problem(describe(row))
  for (const [name, value] of keywords) given.set(name, value)
  return given
}

/** The column that a key stands for: its name, or `table.c.name`. */
export function keyOf(key: Value, translation: Translation): string {
  if (key.kind === 'attribute' && key.receiver.kind === 'attribute' && /^(c|columns)$/.test(key.receiver.name))
    return key.name
  if (key.kind === 'item' && key.receiver.kind === 'attribute' && key.key.kind === 'string') return key.key.text
  const [first] = argumentsOf(key).positional
  return textOf(key.kind === 'call' && /\.column$/i.test(key.path) && first !== undefined ? first : key, translation)
}

/**
 * Puts values in the order of the table's columns, as SQLAlchemy does; `always` are those that stand for a column that is
 * not given. A table without declared columns keeps the order in which they are given.
 */
export function assigned(
  given: Given,
  table: Table,
  always: ReadonlyMap<string, Value>,
  translation: Translation,
  inOrder = false,
): readonly Assigned[] {
  const columns = inOrder ? null : table.columns
  if (table.columns !== null)
    for (const key of given.keys())
      if (!table.columns.some((column) => column.key === key))
        translation.problem(`the table has no column ${key} where it is declared`)
  const keys =
    columns === null
      ? [...given.keys(), ...[...always.keys()].filter((key) => !given.has(key))]
      : columns.map(({ key }) => key)
  return keys.flatMap((key) => {
    const value = given.get(key) ?? always.get(key)
    if (value === undefined) return []
    if (!given.has(key) && isCallable(value)) translation.problem('a default is computed by Python for each row')
    const member = table.columns?.find((column) => column.key === key)
    return [{ name: member?.name ?? key, value: filling(value, member?.type ?? NO_TYPE, translation) }]
  })
}

/** What Python puts into columns that are not given: `default=`, or `onupdate=`. */
export function defaultsOf(table: Table, keyword: 'default' | 'onupdate'): Given {
  const defaults = new Map<string, Value>()
  for (const column of table.declared) {
    const { keywords } = argumentsOf(column)
    const value = keywords.get(keyword) ?? (keyword === 'default' ? keywords.get('insert_default') : undefined)
    if (value === undefined || value.kind === 'none') continue
    const member = table.columns?.find(({ declared }) => declared === column)
    if (member !== undefined) defaults.set(member.key, value)
  }
  return defaults
}

/** Something that Python calls for each row. */
function isCallable({ kind }: Value): boolean {
  return kind === 'name' || kind === 'attribute' || kind === 'function'
}

/** `a=1, b=2` of SET. */
export function setSql(values: readonly Assigned[], name: (name: string) => string, scope: Scope): string {
  return values.map((item) => `${name(item.name)}=${item.value.write(scope)}`).join(', ')
}
