import { describe, type Value, type ValueOf } from '../python/value.js'
import { parameters, type Translation } from '../translation.js'
import { NO_TYPE } from './data-type.js'
import type { Scope } from './element.js'
import { condition, filling } from './expression.js'
import type { Table } from './from.js'
import { identifier } from './identifier.js'
import { keyOf } from './values.js'

/** ON CONFLICT of an INSERT. */
export function conflictOf(method: ValueOf<'method'>, table: Table, scope: Scope, translation: Translation): string {
  const order = ['constraint', 'index_elements', 'index_where', 'set_', 'where']
  const given = parameters(
    method,
    { order: method.name === 'on_conflict_do_nothing' ? order.slice(0, 3) : order },
    translation,
  )
  const bare = { ...scope, qualified: false }
  const constraint = given.optionalString('constraint')
  const elements = given.value('index_elements')
  const indexWhere = given.value('index_where')
  const names = elements === undefined ? [] : namesOf(elements, table, translation)
  const target =
    constraint !== null
      ? `ON CONSTRAINT ${identifier(constraint)} `
      : names.length > 0
        ? `(${names.map((name) => identifier(name)).join(', ')}) ${indexWhere === undefined ? '' : `WHERE ${condition([indexWhere], translation).write(bare)} `}`
        : ''
  if (method.name === 'on_conflict_do_nothing') return `ON CONFLICT ${target}DO NOTHING`
  if (method.name !== 'on_conflict_do_update') return translation.problem(describe(method))
  const set = given.value('set_')
  const entries = entriesOf(set, translation)
  const ordered = table.columns === null ? entries : inOrderOf(table, entries)
  const sql = ordered.map(({ key, value }) => {
    const member = table.columns?.find((column) => column.key === key)
    return `${identifier(member?.name ?? key)} = ${filling(value, member?.type ?? NO_TYPE, translation).write(scope)}`
  })
  if (sql.length === 0) translation.problem('ON CONFLICT DO UPDATE sets nothing')
  const where = given.value('where')
  return `ON CONFLICT ${target}DO UPDATE SET ${sql.join(', ')}${where === undefined ? '' : ` WHERE ${condition([where], translation).write(scope)}`}`
}

interface Entry {
  readonly key: string
  readonly value: Value
}

function entriesOf(set: Value | undefined, translation: Translation): readonly Entry[] {
  if (set?.kind === 'dict') return set.entries.map(({ key, value }) => ({ key: keyOf(key, translation), value }))
  if (set !== undefined) translation.problem(describe(set))
  return []
}

/** The order of the table's columns; what is no column of it comes last. */
function inOrderOf({ columns }: Table, entries: readonly Entry[]): readonly Entry[] {
  const place = ({ key }: Entry): number => {
    const index = columns?.findIndex((column) => column.key === key) ?? -1
    return index === -1 ? Number.MAX_SAFE_INTEGER : index
  }
  return [...entries].sort((a, b) => place(a) - place(b))
}

function namesOf(elements: Value, table: Table, translation: Translation): readonly string[] {
  if (elements.kind !== 'list') return [translation.problem(describe(elements))]
  return elements.items.map((item) => {
    const key = keyOf(item, translation)
    return table.columns?.find((column) => column.key === key)?.name ?? key
  })
}
