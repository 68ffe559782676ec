import type { QualifiedName } from '../names.js'
import type { Expression, Placed, TypeName, Volatility } from './shared.js'

export interface IndexKey {
  /** null for an expression key. */
  readonly column: string | null
  readonly expression: Expression | null
  /** Whether it sorts the other way: DESC, or NULLs where they do not stand by default. */
  readonly reversed: boolean
}
export interface CreateIndex extends Placed {
  readonly kind: 'create-index'
  readonly table: QualifiedName
  readonly name: string | null
  readonly unique: boolean
  readonly concurrently: boolean
  readonly ifNotExists: boolean
  /** ON ONLY: partitions are left alone. */
  readonly only: boolean
  readonly method: string
  readonly keys: readonly IndexKey[]
  readonly include: readonly string[]
  readonly where: Expression | null
  readonly nullsNotDistinct: boolean
}
export interface DropIndex extends Placed {
  readonly kind: 'drop-index'
  readonly index: QualifiedName
  readonly concurrently: boolean
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface AlterIndex extends Placed {
  readonly kind: 'alter-index'
  readonly index: QualifiedName
  readonly action: 'set-options' | 'reset-options' | 'attach-partition' | 'set-statistics' | 'set-tablespace'
  readonly names: readonly string[]
}
export interface Reindex extends Placed {
  readonly kind: 'reindex'
  readonly target: 'index' | 'table' | 'schema' | 'database' | 'system'
  readonly name: QualifiedName | null
  readonly concurrently: boolean
}

export interface CreateView extends Placed {
  readonly kind: 'create-view'
  readonly view: QualifiedName
  readonly materialized: boolean
  readonly replace: boolean
  readonly ifNotExists: boolean
  readonly temporary: boolean
  readonly withData: boolean
  /** Tables and views that the query names, as far as the text tells. */
  readonly reads: readonly QualifiedName[]
  /** Names of its columns in order; null where the text does not tell them, as with `SELECT *`. */
  readonly columns: readonly string[] | null
  /** Columns of the one relation that the query reads, shown or not; null where it reads several, or in several parts. */
  readonly uses: readonly string[] | 'all' | null
}
export interface RefreshMaterializedView extends Placed {
  readonly kind: 'refresh-materialized-view'
  readonly view: QualifiedName
  readonly concurrently: boolean
  readonly withData: boolean
}

export interface CreateEnum extends Placed {
  readonly kind: 'create-enum'
  readonly type: QualifiedName
  readonly values: readonly string[]
}
export interface AddEnumValue extends Placed {
  readonly kind: 'add-enum-value'
  readonly type: QualifiedName
  readonly value: string
  readonly ifNotExists: boolean
  readonly neighbour: { readonly value: string; readonly after: boolean } | null
}
export interface RenameEnumValue extends Placed {
  readonly kind: 'rename-enum-value'
  readonly type: QualifiedName
  readonly value: string
  readonly newValue: string
}
/** CREATE TYPE of any other kind. */
export interface CreateType extends Placed {
  readonly kind: 'create-type'
  readonly type: QualifiedName
  readonly form: 'composite' | 'range' | 'base' | 'shell'
  readonly attributes: readonly { readonly name: string; readonly type: TypeName }[]
}
/** ALTER TYPE of a composite type: attributes added, dropped, retyped; `action` in PostgreSQL's words. */
export interface AlterType extends Placed {
  readonly kind: 'alter-type'
  readonly type: QualifiedName
  readonly action: 'add-attribute' | 'drop-attribute' | 'set-attribute-type' | 'rename-attribute' | 'set-options'
}
export interface CreateDomain extends Placed {
  readonly kind: 'create-domain'
  readonly domain: QualifiedName
  readonly type: TypeName
  readonly notNull: boolean
  readonly default: Expression | null
  readonly checks: readonly { readonly name: string | null; readonly expression: Expression }[]
}
export interface AlterDomain extends Placed {
  readonly kind: 'alter-domain'
  readonly domain: QualifiedName
  readonly action:
    | { readonly type: 'set-default' | 'drop-default' | 'set-not-null' | 'drop-not-null' }
    | { readonly type: 'add-constraint'; readonly name: string | null; readonly validated: boolean }
    | { readonly type: 'drop-constraint' | 'validate-constraint'; readonly name: string }
}

export interface CreateSequence extends Placed {
  readonly kind: 'create-sequence'
  readonly sequence: QualifiedName
  readonly ifNotExists: boolean
  readonly temporary: boolean
  /** Integer type as written, or `bigint`. */
  readonly type: string
  readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | null
}
export interface AlterSequence extends Placed {
  readonly kind: 'alter-sequence'
  readonly sequence: QualifiedName
  readonly type: string | null
  readonly restart: boolean
  readonly ownedBy: { readonly table: QualifiedName; readonly column: string } | 'none' | null
}

/** A parameter of a function or procedure, those of RETURNS TABLE included; `name` is '' when it has none. */
export interface FunctionParameter {
  readonly name: string
  readonly mode: 'in' | 'out' | 'inout' | 'variadic' | 'table'
  readonly type: TypeName
  readonly default: boolean
}
export interface CreateFunction extends Placed {
  readonly kind: 'create-function'
  readonly function: QualifiedName
  readonly procedure: boolean
  readonly replace: boolean
  /** Types of the input arguments, as `format_type` prints them. */
  readonly arguments: readonly string[]
  readonly parameters: readonly FunctionParameter[]
  /** null where RETURNS is not written: procedures, and functions whose OUT parameters say it. */
  readonly returns: { readonly type: TypeName; readonly set: boolean } | null
  readonly language: string
  readonly volatility: Volatility
  readonly securityDefiner: boolean
  /** null for C functions and the like. */
  readonly body: string | null
}
export interface AlterFunction extends Placed {
  readonly kind: 'alter-function'
  readonly function: QualifiedName
}
export interface CreateTrigger extends Placed {
  readonly kind: 'create-trigger'
  readonly table: QualifiedName
  readonly name: string
  readonly replace: boolean
  readonly row: boolean
  readonly constraint: boolean
  readonly function: QualifiedName
}
export interface CreatePolicy extends Placed {
  readonly kind: 'create-policy'
  readonly table: QualifiedName
  readonly name: string
  /** AS RESTRICTIVE: rows have to satisfy it besides the others. */
  readonly restrictive: boolean
}
export interface AlterPolicy extends Placed {
  readonly kind: 'alter-policy'
  readonly table: QualifiedName
  readonly name: string
}
export interface CreateRule extends Placed {
  readonly kind: 'create-rule'
  readonly table: QualifiedName
  readonly name: string
  readonly replace: boolean
}

export interface CreateSchema extends Placed {
  readonly kind: 'create-schema'
  readonly schema: string
  readonly ifNotExists: boolean
}
export interface DropSchema extends Placed {
  readonly kind: 'drop-schema'
  readonly schema: string
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface CreateExtension extends Placed {
  readonly kind: 'create-extension'
  readonly extension: string
  readonly ifNotExists: boolean
}
export interface AlterExtension extends Placed {
  readonly kind: 'alter-extension'
  readonly extension: string
}

/** Kinds of object that are dropped, renamed, moved, owned, commented on alike; in PostgreSQL's words, lower case. */
export type ObjectKind =
  | 'table'
  | 'column'
  | 'index'
  | 'view'
  | 'materialized view'
  | 'foreign table'
  | 'sequence'
  | 'type'
  | 'domain'
  | 'function'
  | 'procedure'
  | 'routine'
  | 'aggregate'
  | 'trigger'
  | 'policy'
  | 'rule'
  | 'constraint'
  | 'schema'
  | 'extension'
  | 'database'
  | 'role'
  | 'publication'
  | 'other'

/** DROP of anything but tables, columns, indexes, schemas, constraints, roles and databases. */
export interface DropObject extends Placed {
  readonly kind: 'drop-object'
  readonly object: ObjectKind
  readonly name: QualifiedName
  /** The table of a trigger, policy or rule. */
  readonly table: QualifiedName | null
  /** The types that a function, procedure or routine takes, which tell it from others of its name; null where none are written. */
  readonly takes: readonly TypeName[] | null
  readonly ifExists: boolean
  readonly cascade: boolean
}
/** RENAME of anything but tables, columns and constraints of tables. */
export interface RenameObject extends Placed {
  readonly kind: 'rename-object'
  readonly object: ObjectKind
  readonly name: QualifiedName
  readonly newName: string
  readonly table: QualifiedName | null
}
export interface SetSchema extends Placed {
  readonly kind: 'set-schema'
  readonly object: ObjectKind
  readonly name: QualifiedName
  readonly newSchema: string
}
export interface ChangeOwner extends Placed {
  readonly kind: 'change-owner'
  readonly object: ObjectKind
  readonly name: QualifiedName
  readonly owner: string
}
export interface Comment extends Placed {
  readonly kind: 'comment'
  readonly object: ObjectKind
  readonly name: QualifiedName
  /** The table of a column, constraint, trigger, policy or rule; the domain of a domain's constraint. */
  readonly table: QualifiedName | null
  /** null removes the comment. */
  readonly text: string | null
}
/** GRANT and REVOKE of privileges or membership, and ALTER DEFAULT PRIVILEGES. */
export interface ChangePrivileges extends Placed {
  readonly kind: 'change-privileges'
  readonly action: 'grant' | 'revoke' | 'alter-default'
  readonly object: ObjectKind
  readonly names: readonly QualifiedName[]
  readonly grantees: readonly string[]
}
export interface ChangeRole extends Placed {
  readonly kind: 'change-role'
  readonly action: 'create' | 'alter' | 'drop'
  readonly role: string
}
export interface ChangeDatabase extends Placed {
  readonly kind: 'change-database'
  readonly action: 'create' | 'alter' | 'drop'
  readonly database: string
}

/** CREATE and ALTER PUBLICATION; `options` changes neither its tables nor whether it has them all. */
export interface ChangePublication extends Placed {
  readonly kind: 'change-publication'
  readonly action: 'create' | 'add' | 'drop' | 'set' | 'options'
  readonly publication: string
  readonly tables: readonly QualifiedName[]
  readonly schemas: readonly string[]
  /** FOR ALL TABLES. */
  readonly all: boolean
}

export type ObjectOperation =
  | CreateIndex
  | DropIndex
  | AlterIndex
  | Reindex
  | CreateView
  | RefreshMaterializedView
  | CreateEnum
  | AddEnumValue
  | RenameEnumValue
  | CreateType
  | AlterType
  | CreateDomain
  | AlterDomain
  | CreateSequence
  | AlterSequence
  | CreateFunction
  | AlterFunction
  | CreateTrigger
  | CreatePolicy
  | AlterPolicy
  | CreateRule
  | CreateSchema
  | DropSchema
  | CreateExtension
  | AlterExtension
  | DropObject
  | RenameObject
  | SetSchema
  | ChangeOwner
  | Comment
  | ChangePrivileges
  | ChangeRole
  | ChangeDatabase
  | ChangePublication
