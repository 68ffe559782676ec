import { keyOf, type QualifiedName } from './names.js'
import type { FunctionParameter, ObjectKind } from './operations/object.js'
import type { Expression, TypeName } from './operations/shared.js'
import type { TableConstraint } from './operations/table.js'

/** Since when an object exists: `base` before the pull request; the others are ever closer to the statement at hand. */
export type Born = 'base' | 'pull' | 'file' | 'transaction'

export interface CatalogColumn {
  readonly name: string
  readonly type: TypeName
  readonly notNull: boolean
  readonly default: Expression | null
  readonly identity: 'always' | 'by-default' | null
  readonly generated: 'stored' | 'virtual' | null
  readonly born: Born
}
export interface CatalogConstraint {
  readonly name: string
  readonly type: TableConstraint['type']
  readonly columns: readonly string[]
  readonly validated: boolean
  readonly references: {
    readonly table: QualifiedName
    readonly columns: readonly string[]
    readonly onDelete: string
    readonly onUpdate: string
  } | null
  /** A CHECK's expression. */
  readonly expression: Expression | null
  readonly born: Born
}
export interface CatalogIndex {
  readonly name: QualifiedName
  readonly table: QualifiedName
  readonly unique: boolean
  readonly valid: boolean
  /** Key columns in order; null for an expression key. */
  readonly columns: readonly (string | null)[]
  readonly include: readonly string[]
  readonly partial: boolean
  /** Columns named in the predicate and in expression keys. */
  readonly mentions: readonly string[]
  readonly method: string
  /** Whether a key sorts the other way: DESC, or NULLs where they do not stand by default. */
  readonly reversed: boolean
  /** The constraint that owns it. */
  readonly constraint: string | null
  readonly born: Born
}
export interface CatalogTable {
  readonly name: QualifiedName
  readonly columns: readonly CatalogColumn[]
  readonly constraints: readonly CatalogConstraint[]
  readonly indexes: readonly CatalogIndex[]
  readonly persistence: 'permanent' | 'unlogged' | 'temporary'
  readonly partitioned: boolean
  /** Columns of the partition key; empty when not partitioned or when the key is an expression. */
  readonly partitionKey: readonly string[]
  readonly partitionOf: QualifiedName | null
  /** Whether it is its parent's DEFAULT partition. */
  readonly defaultPartition: boolean
  /** Whether the columns are all known: false after CREATE TABLE AS, LIKE, or an operation that was not understood. */
  readonly complete: boolean
  readonly born: Born
}
export interface CatalogEnum {
  readonly name: QualifiedName
  readonly values: readonly string[]
  readonly born: Born
  /** Values added in the transaction at hand. */
  readonly fresh: readonly string[]
}
export interface CatalogDomain {
  readonly name: QualifiedName
  readonly type: TypeName
  /** Whether it carries NOT NULL or a CHECK. */
  readonly constrained: boolean
  readonly default: Expression | null
  readonly born: Born
}
export interface CatalogView {
  readonly name: QualifiedName
  readonly materialized: boolean
  readonly reads: readonly QualifiedName[]
  /** Names of its columns in order; null when they are not known. */
  readonly columns: readonly string[] | null
  /** Columns of the one table that it reads which it cannot be without; null when they are not known. */
  readonly uses: readonly string[] | null
  /** Of a materialized view: whether it holds what its query gave; false after WITH NO DATA. */
  readonly populated: boolean
  readonly born: Born
}
/** A function or procedure as it was last defined; of the same name there may be others. */
export interface CatalogFunction {
  readonly name: QualifiedName
  readonly procedure: boolean
  readonly parameters: readonly FunctionParameter[]
  readonly returns: { readonly type: TypeName; readonly set: boolean } | null
}
/** Anything else that a script creates and may forget to drop: sequence, function, type, trigger, policy, schema, … */
export interface CatalogObject {
  readonly kind: ObjectKind
  readonly name: QualifiedName
  /** The table of a trigger, policy or rule. */
  readonly table: QualifiedName | null
  /** The function of a trigger. */
  readonly calls?: QualifiedName | null
  /** What is known of its definition, as text to compare; '' when nothing is. */
  readonly definition: string
  readonly born: Born
}

/**
 * The schema as far as the files tell, at one moment of the replay. `undefined` means "not known to exist": when `complete`
 * is false (files alone, no history; or something was not understood) it may still exist.
 */
export interface Catalog {
  /** Whether everything that exists is known. */
  readonly complete: boolean
  /** The schemas in which unqualified names are looked up. */
  readonly searchPath: readonly string[]
  table(name: QualifiedName): CatalogTable | undefined
  column(table: QualifiedName, column: string): CatalogColumn | undefined
  index(name: QualifiedName): CatalogIndex | undefined
  enum(name: QualifiedName): CatalogEnum | undefined
  view(name: QualifiedName): CatalogView | undefined
  /** Since when a table, view or index exists; `unknown` when it is not known to exist. */
  born(name: QualifiedName): Born | 'unknown'
  domain(name: QualifiedName): CatalogDomain | undefined
  readonly tables: Iterable<CatalogTable>
  readonly views: Iterable<CatalogView>
  readonly enums: Iterable<CatalogEnum>
  /** Everything that is no table, index, view or enum; domains too. */
  readonly objects: Iterable<CatalogObject>
  /** Direct partitions and inheritance children. */
  children(table: QualifiedName): readonly CatalogTable[]
  /** Indexes of a table or materialized view. */
  indexes(relation: QualifiedName): readonly CatalogIndex[]
  /** Views and materialized views that name the table or view in their query. */
  readers(relation: QualifiedName): readonly CatalogView[]
  /** Foreign keys that point to the table, with the table that owns each. */
  referencing(
    table: QualifiedName,
  ): readonly { readonly table: QualifiedName; readonly constraint: CatalogConstraint }[]
  /** Functions and procedures of the name that this history created; those of extensions and of PostgreSQL are not known. */
  functions(name: QualifiedName): readonly CatalogFunction[]
  /** Volatility of a function this history created, by unqualified lower-case name; undefined for others. */
  volatilityOf(functionName: string): 'immutable' | 'stable' | 'volatile' | undefined
}

/** Whether the pull request itself adds the column; a column that is not known counts as old. */
export function columnIsNew(catalog: Catalog, table: QualifiedName, column: string): boolean {
  const born = catalog.column(table, column)?.born
  return born !== undefined && born !== 'base'
}

/**
 * Since when an object of a kind exists, `table` being that of a trigger, policy or rule; `unknown` when it is not known to
 * exist. Functions of one name count as one.
 */
export function bornOf(
  catalog: Catalog,
  kind: ObjectKind,
  name: QualifiedName,
  table: QualifiedName | null = null,
): Born | 'unknown' {
  const type = kind === 'type' || kind === 'domain' ? (catalog.enum(name) ?? catalog.domain(name)) : undefined
  const relation = catalog.born(name)
  if (type !== undefined) return type.born
  if (RELATIONS.has(kind)) return relation
  const isOf = (each: CatalogObject): boolean =>
    each.kind === kind || (kind === 'routine' && (each.kind === 'function' || each.kind === 'procedure'))
  const isOn = (each: CatalogObject): boolean =>
    table === null || (each.table !== null && keyOf(each.table) === keyOf(catalog.table(table)?.name ?? table))
  return [...catalog.objects].find((each) => isOf(each) && isOn(each) && isNamed(each.name, name))?.born ?? 'unknown'
}

const RELATIONS: ReadonlySet<ObjectKind> = new Set<ObjectKind>([
  ...(['table', 'index', 'view', 'materialized view', 'foreign table'] as const),
])

/** An unqualified name means the object of that name in whichever schema. */
function isNamed(known: QualifiedName, name: QualifiedName): boolean {
  return name.schema === '' ? known.name === name.name : keyOf(known) === keyOf(name)
}

/** Whether it is certain that no such relation exists. */
export function isAbsent(catalog: Catalog, name: QualifiedName): boolean {
  return catalog.complete && catalog.born(name) === 'unknown'
}

/** How sure one can be of what is said about a relation: nobody here saw an unknown one created. */
export function sureOf(catalog: Catalog, name: QualifiedName): 'certain' | 'likely' {
  return catalog.born(name) === 'unknown' ? 'likely' : 'certain'
}

/** How sure one can be of what is known to exist: what was not understood may have changed or dropped it. */
export function certaintyOf({ complete }: Catalog): 'certain' | 'likely' {
  return complete ? 'certain' : 'likely'
}

/** Whether the relation existed before the pull request, as far as anybody knows. */
export function isOld(catalog: Catalog, name: QualifiedName): boolean {
  const born = catalog.born(name)
  return born === 'base' || born === 'unknown'
}

/** Whether two functions take the same types, so that one replaces the other: lengths and OUT parameters do not count. */
export function takesSame(
  one: Pick<CatalogFunction, 'parameters'>,
  other: Pick<CatalogFunction, 'parameters'>,
): boolean {
  return inputTypes(one) === inputTypes(other)
}

/** Whether a function takes just these types, as DROP FUNCTION names them. */
export function takesTypes(one: Pick<CatalogFunction, 'parameters'>, types: readonly TypeName[]): boolean {
  return inputTypes(one) === types.map(bareType).join(', ')
}

/** A type without its length, as functions know it. */
export function bareType({ schema, name, arrays }: TypeName): string {
  return `${keyOf({ schema, name })}${arrays > 0 ? '[]' : ''}`
}

function inputTypes({ parameters }: Pick<CatalogFunction, 'parameters'>): string {
  return parameters
    .filter(({ mode }) => mode !== 'out' && mode !== 'table')
    .map(({ type }) => bareType(type))
    .join(', ')
}
