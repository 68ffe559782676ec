import type { QualifiedName } from '../names.js'
import type { Expression, Placed, TypeName } from './shared.js'

export type TableConstraint =
  | (ConstraintParts & {
      readonly type: 'primary-key' | 'unique'
      readonly columns: readonly string[]
      readonly usingIndex: string | null
      readonly nullsNotDistinct: boolean
      readonly include: readonly string[]
    })
  | (ConstraintParts & {
      readonly type: 'foreign-key'
      readonly columns: readonly string[]
      readonly references: QualifiedName
      readonly referencedColumns: readonly string[]
      readonly onDelete: string
      readonly onUpdate: string
    })
  | (ConstraintParts & { readonly type: 'check'; readonly expression: Expression; readonly noInherit: boolean })
  | (ConstraintParts & { readonly type: 'not-null'; readonly columns: readonly string[] })
  | (ConstraintParts & { readonly type: 'exclusion'; readonly columns: readonly string[]; readonly method: string })

interface ConstraintParts extends Placed {
  /** null when PostgreSQL chooses the name. */
  readonly name: string | null
  /** false after NOT VALID. */
  readonly validated: boolean
  readonly enforced: boolean
  readonly deferrable: boolean
  readonly initiallyDeferred: boolean
}

export interface ColumnDefinition extends Placed {
  readonly name: string
  readonly type: TypeName
  readonly notNull: boolean
  readonly default: Expression | null
  readonly identity: 'always' | 'by-default' | null
  readonly generated: { readonly expression: Expression; readonly stored: boolean } | null
  readonly collation: QualifiedName | null
  /** Constraints written on the column: primary key, unique, check, references. NOT NULL is `notNull`. */
  readonly constraints: readonly TableConstraint[]
}

export interface CreateTable extends Placed {
  readonly kind: 'create-table'
  readonly table: QualifiedName
  readonly ifNotExists: boolean
  readonly persistence: 'permanent' | 'unlogged' | 'temporary'
  readonly columns: readonly ColumnDefinition[]
  readonly constraints: readonly TableConstraint[]
  readonly partitionBy: { readonly strategy: 'range' | 'list' | 'hash'; readonly columns: readonly string[] } | null
  readonly partitionOf: { readonly parent: QualifiedName; readonly isDefault: boolean } | null
  readonly inherits: readonly QualifiedName[]
  readonly like: readonly QualifiedName[]
  /** CREATE TABLE AS or SELECT INTO: the columns come from a query and are not known. */
  readonly fromQuery: boolean
}

export interface DropTable extends Placed {
  readonly kind: 'drop-table'
  readonly table: QualifiedName
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameTable extends Placed {
  readonly kind: 'rename-table'
  readonly table: QualifiedName
  readonly newName: string
}
export interface AddColumn extends Placed {
  readonly kind: 'add-column'
  readonly table: QualifiedName
  readonly column: ColumnDefinition
  readonly ifNotExists: boolean
}
export interface DropColumn extends Placed {
  readonly kind: 'drop-column'
  readonly table: QualifiedName
  readonly column: string
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface RenameColumn extends Placed {
  readonly kind: 'rename-column'
  readonly table: QualifiedName
  readonly column: string
  readonly newName: string
}
export interface SetColumnType extends Placed {
  readonly kind: 'set-column-type'
  readonly table: QualifiedName
  readonly column: string
  readonly type: TypeName
  readonly using: Expression | null
  readonly collation: QualifiedName | null
}
export interface SetDefault extends Placed {
  readonly kind: 'set-default'
  readonly table: QualifiedName
  readonly column: string
  readonly default: Expression
}
export interface DropDefault extends Placed {
  readonly kind: 'drop-default'
  readonly table: QualifiedName
  readonly column: string
}
export interface SetNotNull extends Placed {
  readonly kind: 'set-not-null'
  readonly table: QualifiedName
  readonly column: string
}
export interface DropNotNull extends Placed {
  readonly kind: 'drop-not-null'
  readonly table: QualifiedName
  readonly column: string
}
/** ADD/SET/DROP of identity, generation expression: what a column's values come from. */
export interface AlterColumnSource extends Placed {
  readonly kind: 'alter-column-source'
  readonly table: QualifiedName
  readonly column: string
  readonly action:
    | { readonly type: 'add-identity'; readonly identity: 'always' | 'by-default' }
    | { readonly type: 'set-identity'; readonly identity: 'always' | 'by-default' | null }
    | { readonly type: 'drop-identity'; readonly ifExists: boolean }
    | { readonly type: 'set-expression'; readonly expression: Expression }
    | { readonly type: 'drop-expression'; readonly ifExists: boolean }
}
/** STATISTICS, STORAGE, COMPRESSION and attribute options of a column. */
export interface AlterColumnStorage extends Placed {
  readonly kind: 'alter-column-storage'
  readonly table: QualifiedName
  readonly column: string
  readonly setting: 'statistics' | 'storage' | 'compression' | 'options'
}
export interface AddConstraint extends Placed {
  readonly kind: 'add-constraint'
  readonly table: QualifiedName
  readonly constraint: TableConstraint
}
export interface DropConstraint extends Placed {
  readonly kind: 'drop-constraint'
  readonly table: QualifiedName
  readonly constraint: string
  readonly ifExists: boolean
  readonly cascade: boolean
}
export interface ValidateConstraint extends Placed {
  readonly kind: 'validate-constraint'
  readonly table: QualifiedName
  readonly constraint: string
}
export interface AlterConstraint extends Placed {
  readonly kind: 'alter-constraint'
  readonly table: QualifiedName
  readonly constraint: string
}
export interface RenameConstraint extends Placed {
  readonly kind: 'rename-constraint'
  readonly table: QualifiedName
  readonly constraint: string
  readonly newName: string
}
export interface AttachPartition extends Placed {
  readonly kind: 'attach-partition'
  readonly table: QualifiedName
  readonly partition: QualifiedName
  readonly isDefault: boolean
}
export interface DetachPartition extends Placed {
  readonly kind: 'detach-partition'
  readonly table: QualifiedName
  readonly partition: QualifiedName
  readonly concurrently: boolean
  readonly finalize: boolean
}
/** ENABLE/DISABLE TRIGGER or RULE, with their ALWAYS and REPLICA forms; `name` is null for ALL and USER. */
export interface ToggleTrigger extends Placed {
  readonly kind: 'toggle-trigger'
  readonly table: QualifiedName
  readonly object: 'trigger' | 'rule'
  readonly name: string | null
  readonly scope: 'one' | 'all' | 'user'
  readonly state: 'enabled' | 'disabled' | 'always' | 'replica'
}
export interface SetRowSecurity extends Placed {
  readonly kind: 'set-row-security'
  readonly table: QualifiedName
  readonly state: 'enabled' | 'disabled' | 'forced' | 'not-forced'
}
/** Every other ALTER TABLE action; `action` names it in PostgreSQL's words. */
export interface AlterTable extends Placed {
  readonly kind: 'alter-table'
  readonly table: QualifiedName
  readonly action:
    | 'set-logged'
    | 'set-unlogged'
    | 'set-tablespace'
    | 'set-access-method'
    | 'set-options'
    | 'reset-options'
    | 'cluster-on'
    | 'set-without-cluster'
    | 'set-without-oids'
    | 'replica-identity'
    | 'inherit'
    | 'no-inherit'
    | 'of-type'
    | 'not-of'
    | 'foreign-options'
  /** Names of storage parameters, the tablespace, the parent, … as far as the action has one. */
  readonly names: readonly string[]
  /** Of a replica identity: what it rests on. */
  readonly identity?: 'default' | 'index' | 'full' | 'nothing'
}

export type TableOperation =
  | CreateTable
  | DropTable
  | RenameTable
  | AddColumn
  | DropColumn
  | RenameColumn
  | SetColumnType
  | SetDefault
  | DropDefault
  | SetNotNull
  | DropNotNull
  | AlterColumnSource
  | AlterColumnStorage
  | AddConstraint
  | DropConstraint
  | ValidateConstraint
  | AlterConstraint
  | RenameConstraint
  | AttachPartition
  | DetachPartition
  | ToggleTrigger
  | SetRowSecurity
  | AlterTable
