import type { Catalog, CatalogIndex } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { drops, operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-index',
    code: 'B20',
    family: 'data-loss',
    weight: 'notice',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'An index that existed before this pull request is dropped, and no other takes its place',
    why:
      'Queries that used it read the whole table from the commit on, and so do the checks of foreign keys on its columns when a row ' +
      'that is pointed to is deleted. To build it again takes as long as it took at first. A unique index is a rule besides: the ' +
      'same values may then be there twice. An index whose columns another one begins with, one that is replaced in the same pull ' +
      'request, and one that is not valid are not meant. How it is locked is said by rules of their own.',
    instead:
      'Ask pg_stat_user_indexes of every server, replicas too, whether anything used it, and build what replaces it first.',
    messages: {
      dropped: 'Drops index {{index}} of {{table}}: queries by {{columns}} may read the whole table from now on',
      unique: 'Drops unique index {{index}} of {{table}}: rows that are alike in {{columns}} are no longer refused',
    },
  },
  check: {
    'drop-index'({ index: name, cascade, span }, { catalog, pull }) {
      const index = catalog.index(name)
      if (cascade || index === undefined || index.constraint !== null || !index.valid || index.born !== 'base') return
      if (isCovered(index, catalog) || operationsIn(pull).some((each) => settles(each, index))) return
      const columns = index.columns.map((column) => column ?? 'an expression').join(', ')
      const data = { index: show(name), table: show(index.table), columns }
      if (index.unique && !index.partial) return { message: 'unique', at: span, data, weight: 'warning' }
      return { message: 'dropped', at: span, data }
    },
  },
})

function isCovered(index: CatalogIndex, catalog: Catalog): boolean {
  return catalog
    .indexes(index.table)
    .some(
      (other) =>
        keyOf(other.name) !== keyOf(index.name) &&
        other.valid &&
        (!other.partial || index.partial) &&
        other.method === index.method &&
        (!index.unique || (other.unique && other.columns.length === index.columns.length)) &&
        beginsWith(other.columns, index.columns),
    )
}

/** Whether it builds one that serves the same queries, or takes the table or a column of the index along. */
function settles(operation: Operation, index: CatalogIndex): boolean {
  const { table, columns, mentions, unique } = index
  if (drops(operation, table) || columns.some((column) => column !== null && drops(operation, table, column)))
    return true
  if (operation.kind === 'create-index') {
    if (keyOf(operation.table) !== keyOf(table) || (unique && !operation.unique)) return false
    const keys = operation.keys.map(({ column }) => column)
    if (!columns.includes(null) && !keys.includes(null)) return beginsWith(keys, columns) || isSameSet(keys, columns)
    const over = new Set(operation.keys.flatMap(({ column, expression }) => column ?? expression?.columns ?? []))
    return [...columns, ...mentions].every((column) => column === null || over.has(column))
  }
  if (operation.kind !== 'add-constraint' || keyOf(operation.table) !== keyOf(table)) return false
  const { constraint } = operation
  return (constraint.type === 'unique' || constraint.type === 'primary-key') && beginsWith(constraint.columns, columns)
}

function beginsWith(longer: readonly (string | null)[], shorter: readonly (string | null)[]): boolean {
  return !shorter.includes(null) && shorter.every((column, place) => longer[place] === column)
}

function isSameSet(one: readonly (string | null)[], other: readonly (string | null)[]): boolean {
  return one.length === other.length && one.every((column) => other.includes(column))
}
