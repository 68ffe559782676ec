import { quote, type QualifiedName } from './names.js'
import type { CreateTable, TableConstraint } from './operations/table.js'

/** A constraint's name, or the one PostgreSQL chooses when none is written. */
export function constraintName(table: QualifiedName, constraint: TableConstraint): string {
  if (constraint.name !== null) return constraint.name
  switch (constraint.type) {
    case 'primary-key':
      return `${table.name}_pkey`
    case 'unique':
      return constraint.usingIndex ?? joined(table, constraint.columns, 'key')
    case 'foreign-key':
      return joined(table, constraint.columns, 'fkey')
    case 'not-null':
      return joined(table, constraint.columns, 'not_null')
    case 'exclusion':
      return joined(table, constraint.columns, 'excl')
    case 'check': {
      const { columns } = constraint.expression
      return joined(table, columns.length === 1 ? columns : [], 'check')
    }
  }
}

function joined(table: QualifiedName, columns: readonly string[], suffix: string): string {
  return [table.name, ...columns, suffix].join('_')
}

type Validatable = Extract<TableConstraint, { type: 'foreign-key' | 'check' | 'not-null' }>

/** SQL that adds a constraint without reading the rows, and reads them later under a lock that lets writes pass. */
export function addThenValidate(table: QualifiedName, constraint: Validatable): string {
  const name = quote(constraintName(table, constraint))
  return [
    `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${name} ${definition(constraint)} NOT VALID;`,
    '-- in a later migration:',
    `ALTER TABLE ${quote(table)} VALIDATE CONSTRAINT ${name};`,
  ].join('\n')
}

/** SQL that builds the index of a unique constraint or primary key while writes go on, then makes it the constraint. */
export function indexThenConstraint(
  table: QualifiedName,
  constraint: Extract<TableConstraint, { type: 'unique' | 'primary-key' }>,
): string {
  const name = quote(constraintName(table, constraint))
  const include = constraint.include.length === 0 ? '' : ` INCLUDE (${list(constraint.include)})`
  const nulls = constraint.nullsNotDistinct ? ' NULLS NOT DISTINCT' : ''
  const kind = constraint.type === 'unique' ? 'UNIQUE' : 'PRIMARY KEY'
  return [
    '-- in a migration of its own, outside a transaction:',
    `CREATE UNIQUE INDEX CONCURRENTLY ${name} ON ${quote(table)} (${list(constraint.columns)})${include}${nulls};`,
    '-- in a later migration:',
    `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${name} ${kind} USING INDEX ${name}${deferral(constraint)};`,
  ].join('\n')
}

function definition(constraint: Validatable): string {
  switch (constraint.type) {
    case 'check':
      return `CHECK (${constraint.expression.text})${constraint.noInherit ? ' NO INHERIT' : ''}`
    case 'not-null':
      return `NOT NULL ${list(constraint.columns)}`
    case 'foreign-key': {
      const target = constraint.referencedColumns.length === 0 ? '' : ` (${list(constraint.referencedColumns)})`
      return (
        `FOREIGN KEY (${list(constraint.columns)}) REFERENCES ${quote(constraint.references)}${target}` +
        `${action('DELETE', constraint.onDelete)}${action('UPDATE', constraint.onUpdate)}${deferral(constraint)}`
      )
    }
  }
}

function action(event: string, does: string): string {
  return does.toLowerCase() === 'no action' ? '' : ` ON ${event} ${does.toUpperCase()}`
}

function deferral({ deferrable, initiallyDeferred }: TableConstraint): string {
  return `${deferrable ? ' DEFERRABLE' : ''}${initiallyDeferred ? ' INITIALLY DEFERRED' : ''}`
}

function list(columns: readonly string[]): string {
  return columns.map(quote).join(', ')
}

/** The constraints of a CREATE TABLE: those that are written on its columns, then its own. */
export function allConstraints({
  columns,
  constraints,
}: Pick<CreateTable, 'columns' | 'constraints'>): readonly TableConstraint[] {
  return [...columns.flatMap((column) => column.constraints), ...constraints]
}
