import type {
  Born,
  CatalogColumn,
  CatalogConstraint,
  CatalogDomain,
  CatalogEnum,
  CatalogFunction,
  CatalogIndex,
  CatalogObject,
  CatalogTable,
  CatalogView,
} from '../model/catalog.js'
import type { QualifiedName } from '../model/names.js'
import { keyOf } from '../model/names.js'
import type { ObjectKind } from '../model/operations/object.js'
import type { Volatility } from '../model/operations/shared.js'
import type { ShardedMap } from './sharded-map.js'
import { shardedMap } from './sharded-map.js'

/** The schema under which temporary relations are stored. */
export const TEMPORARY = 'pg_temp'

export interface ColumnEntry extends CatalogColumn {
  /** Key of the sequence that the column owns. */
  readonly sequence: string | null
  /** Whether it was defined here: then it outlives its like in a table inherited from. */
  readonly local: boolean
}
export interface ConstraintEntry extends CatalogConstraint {
  readonly id: number
  /** The parent table's constraint that it came from. */
  readonly parent: number | null
  /** The unique index that a foreign key rests on; null when it is not known. */
  readonly restsOn: number | null
  readonly noInherit: boolean
}
export interface IndexEntry extends CatalogIndex {
  readonly id: number
  /** The partitioned parent's index that it is attached to. */
  readonly parent: number | null
  /** What PostgreSQL calls its keys, from which it makes the names of its copies. */
  readonly keyNames: readonly string[]
}
/** A trigger, policy or rule. */
export interface Attachment {
  readonly kind: Extract<ObjectKind, 'trigger' | 'policy' | 'rule'>
  readonly name: string
  /** What a trigger calls. */
  readonly calls: QualifiedName | null
  readonly born: Born
}
export interface TableEntry extends CatalogTable {
  readonly columns: readonly ColumnEntry[]
  readonly constraints: readonly ConstraintEntry[]
  readonly indexes: readonly IndexEntry[]
  readonly inherits: readonly QualifiedName[]
  readonly attachments: readonly Attachment[]
}
export interface ViewEntry extends CatalogView {
  /** Of a materialized view. */
  readonly indexes: readonly IndexEntry[]
}
export interface DomainEntry extends CatalogDomain {
  readonly notNull: boolean
  /** Its CHECK constraints by name. */
  readonly checks: readonly string[]
}
export interface FunctionEntry {
  readonly volatility: Volatility
  /** Whether calling it may change the schema. */
  readonly changesSchema: boolean
  /** One for each list of input types, and for each schema. */
  readonly overloads: readonly Overload[]
}
export interface Overload extends CatalogFunction {
  /** What is known of its definition, as text to compare. */
  readonly definition: string
}

/** Everything the replay knows. Entries are immutable and replaced as a whole, so forks may share them. */
export interface State {
  complete: boolean
  /** The schemas of `search_path`, and those of SET LOCAL. */
  path: readonly string[]
  localPath: readonly string[] | null
  lastId: number
  readonly tables: ShardedMap<TableEntry>
  readonly views: ShardedMap<ViewEntry>
  readonly enums: ShardedMap<CatalogEnum>
  readonly domains: ShardedMap<DomainEntry>
  /** By kind and name, see `objectKey`. */
  readonly objects: ShardedMap<CatalogObject>
  /** By unqualified name. */
  readonly functions: ShardedMap<FunctionEntry>
  /** Index to the table or materialized view that it is on. */
  readonly indexOwners: ShardedMap<string>
  /** Constraint names in use by schema, with the number of their users. */
  readonly constraintNames: ShardedMap<number>
  /** Reverse look-ups, by the key of the relation pointed to. */
  readonly referencing: ShardedMap<readonly string[]>
  readonly children: ShardedMap<readonly string[]>
  readonly readers: ShardedMap<readonly string[]>
  /** What holds something born in the file or transaction at hand, and so will have to be promoted. */
  readonly young: ShardedMap<Young>
  /** Temporary tables and views. */
  readonly temporary: ShardedMap<true>
  /** Enums with values added in the transaction at hand. */
  readonly fresh: ShardedMap<true>
}
export interface Young {
  readonly family: 'tables' | 'views' | 'enums' | 'domains' | 'objects'
  readonly key: string
}

/** What an operation is applied to, and since when what it creates exists. */
export interface Scene {
  readonly state: State
  readonly born: Born
  /** Whether the statement runs inside a transaction that an earlier one opened. */
  readonly inTransaction: boolean
}

/** A schema that holds nothing yet. */
export function emptyState(complete: boolean): State {
  return {
    complete,
    path: ['public'],
    localPath: null,
    lastId: 0,
    tables: shardedMap(),
    views: shardedMap(),
    enums: shardedMap(),
    domains: shardedMap(),
    objects: shardedMap(),
    functions: shardedMap(),
    indexOwners: shardedMap(),
    constraintNames: shardedMap(),
    referencing: shardedMap(),
    children: shardedMap(),
    readers: shardedMap(),
    young: shardedMap(),
    temporary: shardedMap(),
    fresh: shardedMap(),
  }
}

/** A state that can change without the other noticing. */
export function forkState(state: State): State {
  return {
    ...state,
    tables: state.tables.fork(),
    views: state.views.fork(),
    enums: state.enums.fork(),
    domains: state.domains.fork(),
    objects: state.objects.fork(),
    functions: state.functions.fork(),
    indexOwners: state.indexOwners.fork(),
    constraintNames: state.constraintNames.fork(),
    referencing: state.referencing.fork(),
    children: state.children.fork(),
    readers: state.readers.fork(),
    young: state.young.fork(),
    temporary: state.temporary.fork(),
    fresh: state.fresh.fork(),
  }
}

/** Stores a table under its name, keeping every reverse look-up true. */
export function putTable(state: State, table: TableEntry): void {
  const key = keyOf(table.name)
  removeTable(state, key)
  state.tables.set(key, table)
  if (table.name.schema === TEMPORARY) state.temporary.set(key, true)
  for (const index of table.indexes) state.indexOwners.set(keyOf(index.name), key)
  for (const constraint of table.constraints) {
    countName(state, table.name.schema, constraint.name, 1)
    if (constraint.references !== null) link(state.referencing, keyOf(constraint.references.table), key)
  }
  for (const parent of parentsOf(table)) link(state.children, keyOf(parent), key)
  const parts = [table, ...table.columns, ...table.constraints, ...table.indexes, ...table.attachments]
  if (parts.some(isYoung)) noteYoung(state, 'tables', key)
}

/** Forgets a table and what points from it to others, not what points to it. */
export function removeTable(state: State, key: string): void {
  const table = state.tables.get(key)
  if (table === undefined) return
  state.tables.delete(key)
  state.young.delete(`tables ${key}`)
  for (const index of table.indexes) state.indexOwners.delete(keyOf(index.name))
  for (const constraint of table.constraints) {
    countName(state, table.name.schema, constraint.name, -1)
    if (constraint.references !== null) unlink(state.referencing, keyOf(constraint.references.table), key)
  }
  for (const parent of parentsOf(table)) unlink(state.children, keyOf(parent), key)
}

/** Stores a view or materialized view under its name. */
export function putView(state: State, view: ViewEntry): void {
  const key = keyOf(view.name)
  removeView(state, key)
  state.views.set(key, view)
  if (view.name.schema === TEMPORARY) state.temporary.set(key, true)
  for (const index of view.indexes) state.indexOwners.set(keyOf(index.name), key)
  for (const read of view.reads) link(state.readers, keyOf(read), key)
  if (isYoung(view) || view.indexes.some(isYoung)) noteYoung(state, 'views', key)
}

/** Forgets a view. */
export function removeView(state: State, key: string): void {
  const view = state.views.get(key)
  if (view === undefined) return
  state.views.delete(key)
  state.young.delete(`views ${key}`)
  for (const index of view.indexes) state.indexOwners.delete(keyOf(index.name))
  for (const read of view.reads) unlink(state.readers, keyOf(read), key)
}

/** Stores an enum under its name. */
export function putEnum(state: State, type: CatalogEnum): void {
  const key = keyOf(type.name)
  state.enums.set(key, type)
  if (isYoung(type)) noteYoung(state, 'enums', key)
  if (type.fresh.length > 0) state.fresh.set(key, true)
}

/** Stores a domain under its name. */
export function putDomain(state: State, domain: DomainEntry): void {
  const key = keyOf(domain.name)
  state.domains.set(key, domain)
  if (isYoung(domain)) noteYoung(state, 'domains', key)
}

/** Stores any other object. */
export function putObject(state: State, object: CatalogObject): void {
  const key = objectKey(object.kind, object.name)
  state.objects.set(key, object)
  if (isYoung(object)) noteYoung(state, 'objects', key)
}

/** Under which key an object of the given kind is stored; functions and procedures share theirs, as DROP ROUTINE does. */
export function objectKey(kind: ObjectKind, name: QualifiedName): string {
  const family = kind === 'procedure' || kind === 'routine' || kind === 'aggregate' ? 'function' : kind
  return `${family} ${keyOf(name)}`
}

/** The definitions of all functions of a name, in one order whichever came first. */
export function definitionOf(overloads: readonly Overload[], name: QualifiedName): string {
  const named = overloads.filter((each) => keyOf(each.name) === keyOf(name))
  return named
    .map(({ definition }) => definition)
    .toSorted()
    .join('\n')
}

/** A number that no constraint or index of this state has. */
export function newId(state: State): number {
  return ++state.lastId
}

/** Under which key a constraint's name is counted: PostgreSQL keeps generated ones unique in a schema. */
export function constraintNameKey(schema: string, name: string): string {
  return keyOf({ schema, name })
}

function parentsOf(table: TableEntry): readonly QualifiedName[] {
  return table.partitionOf === null ? table.inherits : [table.partitionOf, ...table.inherits]
}

function isYoung(object: { readonly born: Born }): boolean {
  return object.born === 'file' || object.born === 'transaction'
}

function noteYoung(state: State, family: Young['family'], key: string): void {
  state.young.set(`${family} ${key}`, { family, key })
}

function countName(state: State, schema: string, name: string, by: 1 | -1): void {
  const key = constraintNameKey(schema, name)
  const count = (state.constraintNames.get(key) ?? 0) + by
  if (count > 0) state.constraintNames.set(key, count)
  else state.constraintNames.delete(key)
}

function link(map: ShardedMap<readonly string[]>, to: string, from: string): void {
  const known = map.get(to) ?? []
  if (!known.includes(from)) map.set(to, [...known, from])
}

function unlink(map: ShardedMap<readonly string[]>, to: string, from: string): void {
  const rest = (map.get(to) ?? []).filter((key) => key !== from)
  if (rest.length > 0) map.set(to, rest)
  else map.delete(to)
}
