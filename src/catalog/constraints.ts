import { keyOf } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import { columnPart, distinctKeyNames } from './generated-name.js'
import type { IndexPlan } from './indexes.js'
import { defineIndex, dropIndexOf, inheritIndex, planOf } from './indexes.js'
import { changeTable, childrenOf, chooseConstraintName, current, findTable, place } from './relations.js'
import type { ConstraintEntry, IndexEntry, Scene, State, TableEntry } from './state.js'
import { newId } from './state.js'

/** Adds a constraint to a table with all that PostgreSQL adds along: an index, NOT NULL, the same on tables below it. */
export function addConstraint(scene: Scene, table: TableEntry, constraint: TableConstraint): void {
  const now = current(scene.state, table)
  if (now === undefined || (constraint.name !== null && now.constraints.some(({ name }) => name === constraint.name))) {
    return
  }
  switch (constraint.type) {
    case 'primary-key':
    case 'unique':
      return addKey(scene, now, constraint)
    case 'exclusion':
      return addExclusion(scene, now, constraint)
    case 'check':
      return addCheck(scene, now, constraint)
    case 'foreign-key':
      return addForeignKey(scene, now, constraint)
    case 'not-null':
      return addNotNull(scene, now, constraint)
  }
}

/** Gives a new or newly attached partition the indexes, keys and foreign keys of its parent. */
export function inheritFromParent(scene: Scene, partition: TableEntry, parent: TableEntry): void {
  for (const index of parent.indexes) {
    const owner = parent.constraints.find(({ name }) => name === index.constraint)
    const plan = planOf(index, labelOf(owner?.type))
    const copy = inheritIndex(scene, partition, index, plan, owner !== undefined)
    if (copy === undefined || owner === undefined) continue
    linkKey(scene, partition, copy, owner)
  }
  for (const constraint of parent.constraints) {
    if (constraint.type === 'foreign-key') inheritForeignKey(scene, partition, constraint)
  }
}

/** Adds a parent's CHECK to a table below it, or notes that it is the one already there. */
export function inheritCheck(scene: Scene, child: TableEntry, check: ConstraintEntry): void {
  const now = current(scene.state, child)
  if (now === undefined) return
  const same = now.constraints.find(({ name }) => name === check.name)
  // In plain inheritance a CHECK that was there before outlives the parent's.
  const merged = same !== undefined && now.partitionOf !== null ? { ...same, parent: check.id } : same
  const entry = merged ?? { ...check, id: newId(scene.state), parent: check.id, born: scene.born }
  const others = now.constraints.filter((each) => each !== same)
  changeTable(scene.state, now, { constraints: [...others, entry] })
  for (const below of childrenOf(scene.state, now)) inheritCheck(scene, below, entry)
}

/** Drops a constraint with its index, the same on the tables below, and the foreign keys that rest on it. */
export function dropConstraintOf(state: State, table: TableEntry, constraint: ConstraintEntry): void {
  const now = current(state, table)
  if (now === undefined) return
  changeTable(state, now, { constraints: now.constraints.filter(({ id }) => id !== constraint.id) })
  const index = now.indexes.find((each) => each.constraint === constraint.name)
  if (index !== undefined && constraint.type !== 'foreign-key') {
    dropIndexOf(state, now, index.id)
    dropForeignKeysOn(state, table, index)
  }
  for (const child of childrenOf(state, now)) {
    for (const each of child.constraints) if (each.parent === constraint.id) dropConstraintOf(state, child, each)
  }
}

/** Drops the foreign keys that rest on a unique index which is no more. */
export function dropForeignKeysOn(state: State, table: TableEntry, index: IndexEntry): void {
  const wanted = sorted(index.columns.map((column) => column ?? ''))
  for (const { owner, constraint } of foreignKeysTo(state, table)) {
    const { restsOn, references } = constraint
    const isOn = restsOn === null ? sorted(references?.columns ?? []) === wanted : restsOn === index.id
    if (isOn) dropConstraintOf(state, owner, constraint)
  }
}

/** Foreign keys that point to a table. */
export function foreignKeysTo(
  state: State,
  table: TableEntry,
): readonly { readonly owner: TableEntry; readonly constraint: ConstraintEntry }[] {
  const target = keyOf(table.name)
  return (state.referencing.get(target) ?? []).flatMap((key) => {
    const owner = state.tables.get(key)
    if (owner === undefined) return []
    return owner.constraints
      .filter(({ references }) => references !== null && keyOf(references.table) === target)
      .map((constraint) => ({ owner, constraint }))
  })
}

/** Sets NOT NULL on columns, here and below. */
export function setNotNull(state: State, table: TableEntry, columns: readonly string[]): void {
  const now = current(state, table)
  if (now === undefined) return
  changeTable(state, now, {
    columns: now.columns.map((column) => (columns.includes(column.name) ? { ...column, notNull: true } : column)),
  })
  for (const child of childrenOf(state, now)) setNotNull(state, child, columns)
}

type Of<Type extends TableConstraint['type']> = Extract<TableConstraint, { type: Type }>

function addKey(scene: Scene, table: TableEntry, key: Of<'primary-key' | 'unique'>): void {
  const { state } = scene
  const isPrimary = key.type === 'primary-key'
  if (isPrimary && table.constraints.some(({ type }) => type === 'primary-key')) return
  if (key.usingIndex !== null) return adoptIndex(scene, table, key, key.usingIndex)

  if (isPrimary) setNotNull(state, table, key.columns)
  const plan: IndexPlan = {
    name: key.name,
    label: isPrimary ? 'pkey' : 'key',
    unique: true,
    columns: key.columns,
    include: key.include,
    mentions: [],
    partial: false,
    reversed: false,
    method: 'btree',
    keyNames: distinctKeyNames([...key.columns, ...key.include]),
    only: false,
  }
  const index = defineIndex(scene, table, plan, true)
  if (index !== undefined) addIndexConstraint(scene, table, index, { type: key.type, columns: key.columns })
}

function addExclusion(scene: Scene, table: TableEntry, exclusion: Of<'exclusion'>): void {
  const plan: IndexPlan = {
    name: exclusion.name,
    label: 'excl',
    unique: false,
    columns: exclusion.columns,
    include: [],
    mentions: [],
    partial: false,
    reversed: false,
    method: exclusion.method === '' ? 'btree' : exclusion.method,
    keyNames: distinctKeyNames(exclusion.columns),
    only: false,
  }
  const index = defineIndex(scene, table, plan, true)
  if (index !== undefined) {
    addIndexConstraint(scene, table, index, { type: 'exclusion', columns: exclusion.columns })
  }
}

/** Notes the constraint that an index stands for, and those of the partitions' indexes. */
function addIndexConstraint(
  scene: Scene,
  table: TableEntry,
  index: IndexEntry,
  parts: Pick<ConstraintEntry, 'type' | 'columns'>,
  parent: number | null = null,
): void {
  const { state, born } = scene
  const now = current(state, table)
  if (now === undefined) return
  const entry: ConstraintEntry = {
    ...parts,
    name: index.name.name,
    validated: true,
    references: null,
    expression: null,
    born,
    id: newId(state),
    parent,
    restsOn: null,
    noInherit: false,
  }
  changeTable(state, now, { constraints: [...now.constraints, entry] })
  for (const child of childrenOf(state, now)) {
    const copy = child.indexes.find((each) => each.parent === index.id)
    if (copy !== undefined) linkKey(scene, child, copy, entry)
  }
}

/** Ties a partition's index to the parent's constraint: its own constraint of the kind, or a new one. */
function linkKey(scene: Scene, partition: TableEntry, index: IndexEntry, owner: ConstraintEntry): void {
  const now = current(scene.state, partition)
  const own = now?.constraints.find(({ name }) => name === index.constraint)
  if (now === undefined) return
  if (own === undefined) return addIndexConstraint(scene, now, index, owner, owner.id)
  const constraints = now.constraints.map((each) => (each === own ? { ...each, parent: owner.id } : each))
  changeTable(scene.state, now, { constraints })
}

/** ADD CONSTRAINT … USING INDEX: the index takes the constraint's name. */
function adoptIndex(scene: Scene, table: TableEntry, key: Of<'primary-key' | 'unique'>, indexName: string): void {
  const { state } = scene
  const index = table.indexes.find(({ name }) => name.name === indexName)
  if (index === undefined) return
  const name = key.name ?? indexName
  const columns = index.columns.flatMap((column) => column ?? [])
  const renamed = { ...index, name: { ...index.name, name }, constraint: name }
  changeTable(state, table, { indexes: table.indexes.map((each) => (each === index ? renamed : each)) })
  if (key.type === 'primary-key') setNotNull(state, table, columns)
  addIndexConstraint(scene, table, renamed, { type: key.type, columns })
}

function addCheck(scene: Scene, table: TableEntry, check: Of<'check'>): void {
  const { state, born } = scene
  const columns = check.expression.columns
  const [only] = columns
  const entry: ConstraintEntry = {
    name:
      check.name ??
      chooseConstraintName(state, table.name, columns.length === 1 && only !== undefined ? only : null, 'check'),
    type: 'check',
    columns,
    validated: check.validated && check.enforced,
    references: null,
    expression: check.expression,
    born,
    id: newId(state),
    parent: null,
    restsOn: null,
    noInherit: check.noInherit,
  }
  changeTable(state, table, { constraints: [...table.constraints, entry] })
  if (!check.noInherit) for (const child of childrenOf(state, table)) inheritCheck(scene, child, entry)
}

function addNotNull(scene: Scene, table: TableEntry, constraint: Of<'not-null'>): void {
  const { state, born } = scene
  const [column] = constraint.columns
  const entry: ConstraintEntry = {
    name: constraint.name ?? chooseConstraintName(state, table.name, column ?? null, 'not_null'),
    type: 'not-null',
    columns: constraint.columns,
    validated: constraint.validated,
    references: null,
    expression: null,
    born,
    id: newId(state),
    parent: null,
    restsOn: null,
    noInherit: false,
  }
  changeTable(state, table, { constraints: [...table.constraints, entry] })
  setNotNull(state, table, constraint.columns)
}

function addForeignKey(scene: Scene, table: TableEntry, key: Of<'foreign-key'>): void {
  const { state, born } = scene
  const target = findTable(state, key.references)
  const columns =
    key.referencedColumns.length > 0
      ? key.referencedColumns
      : (target?.constraints.find(({ type }) => type === 'primary-key')?.columns ?? [])
  const entry: ConstraintEntry = {
    name: key.name ?? chooseConstraintName(state, table.name, columnPart(key.columns), 'fkey'),
    type: 'foreign-key',
    columns: key.columns,
    validated: key.validated && key.enforced,
    references: {
      table: target?.name ?? place(state, key.references),
      columns,
      onDelete: key.onDelete,
      onUpdate: key.onUpdate,
    },
    expression: null,
    born,
    id: newId(state),
    parent: null,
    restsOn: target === undefined ? null : (answering(target, key.referencedColumns)?.id ?? null),
    noInherit: false,
  }
  changeTable(state, table, { constraints: [...table.constraints, entry] })
  if (!table.partitioned) return
  for (const partition of childrenOf(state, table)) inheritForeignKey(scene, partition, entry)
}

/** The index that PostgreSQL ties a foreign key to: the primary key's, or the oldest that fits the columns. */
function answering(target: TableEntry, columns: readonly string[]): IndexEntry | undefined {
  const primary = target.constraints.find(({ type }) => type === 'primary-key')?.name
  if (columns.length === 0)
    return target.indexes.find(({ constraint }) => constraint !== null && constraint === primary)
  const wanted = sorted(columns)
  return target.indexes.find(
    (index) => index.unique && !index.partial && sorted(index.columns.map((column) => column ?? '')) === wanted,
  )
}

function inheritForeignKey(scene: Scene, partition: TableEntry, key: ConstraintEntry): void {
  const { state, born } = scene
  const now = current(state, partition)
  if (now === undefined) return
  const same = now.constraints.find((each) => each.parent === null && sameForeignKey(each, key))
  if (same !== undefined) {
    const constraints = now.constraints.map((each) => (each === same ? { ...each, parent: key.id } : each))
    return changeTable(state, now, { constraints })
  }
  const taken = now.constraints.some(({ name }) => name === key.name)
  const name = taken ? chooseConstraintName(state, now.name, columnPart(key.columns), 'fkey') : key.name
  const entry = { ...key, name, born, id: newId(state), parent: key.id }
  changeTable(state, now, { constraints: [...now.constraints, entry] })
  for (const below of childrenOf(state, now)) inheritForeignKey(scene, below, entry)
}

function sameForeignKey(one: ConstraintEntry, other: ConstraintEntry): boolean {
  if (one.references === null || other.references === null) return false
  return (
    one.columns.join('\0') === other.columns.join('\0') &&
    keyOf(one.references.table) === keyOf(other.references.table) &&
    one.references.columns.join('\0') === other.references.columns.join('\0')
  )
}

function labelOf(type: TableConstraint['type'] | undefined): IndexPlan['label'] {
  if (type === 'primary-key') return 'pkey'
  if (type === 'unique') return 'key'
  return type === 'exclusion' ? 'excl' : 'idx'
}

function sorted(columns: readonly string[]): string {
  return columns.toSorted().join('\0')
}
