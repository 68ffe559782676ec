import type { Born } from '../model/catalog.js'
import { keyOf, quote } from '../model/names.js'
import type { Expression } from '../model/operations/shared.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { dropConstraintOf, dropForeignKeysOn, foreignKeysTo } from './constraints.js'
import { dropIndexOf } from './indexes.js'
import { changeTable, childrenOf, chooseRelationName, current, loseSight, removeSequence } from './relations.js'
import type { ColumnEntry, ConstraintEntry, IndexEntry, Scene, State, TableEntry } from './state.js'
import { putObject, putView } from './state.js'

/** The column of a definition, with the sequence that serial and identity columns own. */
export function columnOf(scene: Scene, table: TableEntry['name'], definition: ColumnDefinition): ColumnEntry {
  const { state, born } = scene
  const isPrimary = definition.constraints.some(({ type }) => type === 'primary-key')
  const isNotNull = definition.constraints.some(({ type }) => type === 'not-null')
  const sequence =
    definition.type.serial || definition.identity !== null
      ? addOwnedSequence(state, born, table, definition.name)
      : null
  return {
    name: definition.name,
    type: definition.type.serial ? { ...definition.type, text: definition.type.name, serial: false } : definition.type,
    notNull: definition.notNull || isPrimary || isNotNull || definition.type.serial || definition.identity !== null,
    default: definition.type.serial && sequence !== null ? nextValue(sequence) : definition.default,
    identity: definition.identity,
    generated: definition.generated === null ? null : definition.generated.stored ? 'stored' : 'virtual',
    born,
    sequence,
    local: true,
  }
}

/** Creates the sequence of a serial or identity column and tells its key. */
export function addOwnedSequence(state: State, born: Born, table: TableEntry['name'], column: string): string {
  const name = chooseRelationName(state, table, column, 'seq')
  putObject(state, { kind: 'sequence', name, table: null, definition: '', born })
  return keyOf(name)
}

/** Adds a column to a table and to those below it; a child that has the column keeps its own. */
export function addColumnTo(state: State, table: TableEntry, column: ColumnEntry): void {
  const now = current(state, table)
  if (now === undefined) return
  if (!now.columns.some(({ name }) => name === column.name)) {
    changeTable(state, now, { columns: [...now.columns, column] })
  }
  for (const child of childrenOf(state, now)) addColumnTo(state, child, inheritedColumn(column, child))
}

/** What a child gets of its parent's column: partitions inherit identity too, and nobody the ownership of a sequence. */
export function inheritedColumn(column: ColumnEntry, child: Pick<TableEntry, 'partitionOf'>): ColumnEntry {
  return { ...column, sequence: null, local: false, identity: child.partitionOf === null ? null : column.identity }
}

/** Changes one column, here and below. */
export function changeColumn(
  state: State,
  table: TableEntry,
  column: string,
  change: (column: ColumnEntry) => ColumnEntry,
): void {
  const now = current(state, table)
  if (now === undefined) return
  changeTable(state, now, { columns: now.columns.map((each) => (each.name === column ? change(each) : each)) })
  for (const child of childrenOf(state, now)) changeColumn(state, child, column, change)
}

/** Drops a column with every index and constraint that mentions it, here and below. */
export function dropColumnOf(state: State, table: TableEntry, column: string, cascade: boolean): void {
  const now = current(state, table)
  if (now === undefined) return
  const children = childrenOf(state, now)
  for (const constraint of now.constraints) {
    if (constraint.columns.includes(column)) dropConstraintOf(state, now, constraint)
  }
  for (const index of current(state, now)?.indexes ?? []) {
    if (!mentions(index, column)) continue
    dropIndexOf(state, now, index.id)
    if (index.constraint !== null) dropConstraintNamed(state, now, index.constraint)
    else if (index.unique) dropForeignKeysOn(state, now, index)
  }
  for (const { owner, constraint } of foreignKeysTo(state, now)) {
    if (constraint.references?.columns.includes(column) === true) dropConstraintOf(state, owner, constraint)
  }
  const rest = current(state, now)
  removeSequence(state, rest?.columns.find(({ name }) => name === column)?.sequence ?? null)
  changeTable(state, now, { columns: (rest?.columns ?? []).filter(({ name }) => name !== column) })
  // CASCADE drops the views that use the column; which ones do, their text does not tell for sure.
  if (cascade && state.readers.has(keyOf(now.name))) loseSight(state)
  for (const child of children) {
    const own = current(state, child)?.columns.find(({ name }) => name === column)
    if (own !== undefined && !own.local && !inheritsColumn(state, child, column)) {
      dropColumnOf(state, child, column, cascade)
    }
  }
}

/** Whether a table still has a column from some table above it. */
export function inheritsColumn(state: State, table: TableEntry, column: string): boolean {
  const parents = table.partitionOf === null ? table.inherits : [table.partitionOf]
  return parents.some((parent) => state.tables.get(keyOf(parent))?.columns.some(({ name }) => name === column) === true)
}

/** Renames a column wherever it is mentioned: indexes, constraints, foreign keys of others, tables below. */
export function renameColumnOf(state: State, table: TableEntry, from: string, to: string): void {
  const now = current(state, table)
  if (now === undefined) return
  const follow = (name: string): string => (name === from ? to : name)
  const references = foreignKeysTo(state, now)
  changeTable(state, now, {
    columns: now.columns.map((column) => ({ ...column, name: follow(column.name) })),
    partitionKey: now.partitionKey.map(follow),
    indexes: now.indexes.map((index) => followIndex(index, follow)),
    constraints: now.constraints.map((constraint) => followConstraint(constraint, from, to)),
  })
  for (const { owner } of references) {
    const constraints = current(state, owner)?.constraints.map((each) =>
      each.references === null || keyOf(each.references.table) !== keyOf(now.name)
        ? each
        : { ...each, references: { ...each.references, columns: each.references.columns.map(follow) } },
    )
    if (constraints !== undefined) changeTable(state, owner, { constraints })
  }
  for (const key of state.readers.get(keyOf(now.name)) ?? []) {
    const view = state.views.get(key)
    if (view?.uses?.includes(from) === true) putView(state, { ...view, uses: view.uses.map(follow) })
  }
  for (const child of childrenOf(state, now)) renameColumnOf(state, child, from, to)
}

/** The default of a serial column. */
export function nextValue(sequence: string): Expression {
  return {
    text: `nextval('${sequence}'::regclass)`,
    volatility: 'volatile',
    constant: false,
    isNull: false,
    columns: [],
    strings: [sequence],
  }
}

function mentions(index: IndexEntry, column: string): boolean {
  return index.columns.includes(column) || index.include.includes(column) || index.mentions.includes(column)
}

function dropConstraintNamed(state: State, table: TableEntry, name: string): void {
  const constraint = current(state, table)?.constraints.find((each) => each.name === name)
  if (constraint !== undefined) dropConstraintOf(state, table, constraint)
}

function followIndex(index: IndexEntry, follow: (name: string) => string): IndexEntry {
  return {
    ...index,
    columns: index.columns.map((column) => (column === null ? null : follow(column))),
    include: index.include.map(follow),
    mentions: index.mentions.map(follow),
  }
}

function followConstraint(constraint: ConstraintEntry, from: string, to: string): ConstraintEntry {
  const follow = (name: string): string => (name === from ? to : name)
  const { expression } = constraint
  return {
    ...constraint,
    columns: constraint.columns.map(follow),
    expression:
      expression === null
        ? null
        : { ...expression, columns: expression.columns.map(follow), text: renamedIn(expression.text, from, to) },
  }
}

/** The expression with a column renamed, string literals left alone. */
function renamedIn(text: string, from: string, to: string): string {
  const word = new RegExp(`(?<![\\w$"])(?:"${escaped(from)}"|${escaped(from)})(?![\\w$"(])`, 'g')
  return text
    .split(/('(?:[^']|'')*')/)
    .map((part, at) => (at % 2 === 1 ? part : part.replace(word, () => quote(to))))
    .join('')
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
