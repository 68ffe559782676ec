import type { LockMode } from '../model/effect.js'
import { show, type QualifiedName } from '../model/names.js'
import type { Operation, OperationKind, OperationOf } from '../model/operation.js'
import type { TableConstraint } from '../model/operations/table.js'

/** What an operation does, in plain words, without a full stop. */
export function sayOperation(operation: Operation): string {
  const say = SENTENCES[operation.kind] as (operation: Operation) => string
  return say(operation)
}

/** What a lock makes other sessions wait for, in plain words. */
export function sayLock(mode: LockMode): string {
  switch (mode) {
    case 'ACCESS EXCLUSIVE':
      return 'every reader and writer waits until the transaction ends'
    case 'EXCLUSIVE':
    case 'SHARE ROW EXCLUSIVE':
    case 'SHARE':
      return 'readers go on, every writer waits until the transaction ends'
    case 'SHARE UPDATE EXCLUSIVE':
      return 'readers and writers go on; other schema changes and VACUUM wait'
    default:
      return 'readers and writers go on'
  }
}

type Sentences = { readonly [Kind in OperationKind]: (operation: OperationOf<Kind>) => string }

const on = (table: QualifiedName): string => `on ${show(table)}`
const list = (names: readonly string[]): string => names.join(', ')
const counted = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`

const SENTENCES: Sentences = {
  'create-table': ({ table, columns, fromQuery, partitionOf }) =>
    partitionOf !== null
      ? `creates ${show(table)} as a partition of ${show(partitionOf.parent)}`
      : fromQuery
        ? `creates the table ${show(table)} and fills it from a query`
        : `creates the table ${show(table)} with ${counted(columns.length, 'column')}`,
  'drop-table': ({ table }) => `drops the table ${show(table)} with all its rows`,
  'rename-table': ({ table, newName }) => `renames the table ${show(table)} to ${newName}`,
  'add-column': ({ table, column }) =>
    `adds the column ${column.name} (${column.type.text}${column.notNull ? ', not null' : ''}) to ${show(table)}`,
  'drop-column': ({ table, column }) => `drops the column ${column} of ${show(table)} with its values`,
  'rename-column': ({ table, column, newName }) => `renames the column ${column} of ${show(table)} to ${newName}`,
  'set-column-type': ({ table, column, type }) => `changes the type of ${show(table)}.${column} to ${type.text}`,
  'set-default': ({ table, column, default: value }) =>
    `sets the default of ${show(table)}.${column} to ${value.text} for new rows`,
  'drop-default': ({ table, column }) => `takes the default of ${show(table)}.${column} away`,
  'set-not-null': ({ table, column }) => `forbids NULL in ${show(table)}.${column}`,
  'drop-not-null': ({ table, column }) => `allows NULL in ${show(table)}.${column}`,
  'alter-column-source': ({ table, column, action }) =>
    `changes how ${show(table)}.${column} gets its values (${action.type.replaceAll('-', ' ')})`,
  'alter-column-storage': ({ table, column, setting }) => `changes the ${setting} setting of ${show(table)}.${column}`,
  'add-constraint': ({ table, constraint }) =>
    `adds ${sayConstraint(constraint)} to ${show(table)}${constraint.validated ? '' : ', without checking the rows that are there'}`,
  'drop-constraint': ({ table, constraint }) => `drops the constraint ${constraint} of ${show(table)}`,
  'validate-constraint': ({ table, constraint }) => `checks every row of ${show(table)} against ${constraint}`,
  'alter-constraint': ({ table, constraint }) =>
    `changes how the constraint ${constraint} of ${show(table)} is enforced`,
  'rename-constraint': ({ table, constraint, newName }) =>
    `renames the constraint ${constraint} of ${show(table)} to ${newName}`,
  'attach-partition': ({ table, partition }) => `makes ${show(partition)} a partition of ${show(table)}`,
  'detach-partition': ({ table, partition, concurrently }) =>
    `takes the partition ${show(partition)} out of ${show(table)}${concurrently ? ' while others go on' : ''}`,
  'toggle-trigger': ({ table, object, name, scope, state }) =>
    `sets ${name === null ? `${scope} ${object}s` : `the ${object} ${name}`} ${on(table)} to ${state}`,
  'set-row-security': ({ table, state }) => `sets row level security ${on(table)} to ${state.replace('-', ' ')}`,
  'alter-table': ({ table, action }) => `changes ${show(table)}: ${action.replaceAll('-', ' ')}`,
  'create-index': ({ table, name, unique, concurrently }) =>
    `builds ${unique ? 'a unique' : 'an'} index${name === null ? '' : ` ${name}`} ${on(table)}${concurrently ? ' while others go on writing' : ''}`,
  'drop-index': ({ index }) => `drops the index ${show(index)}`,
  'alter-index': ({ index, action }) => `changes the index ${show(index)}: ${action.replaceAll('-', ' ')}`,
  reindex: ({ target, name }) =>
    `builds the ${target}${name === null ? '' : ` ${show(name)}`}${target === 'index' ? '' : "'s indexes"} anew`,
  'create-view': ({ view, materialized }) => `creates the ${materialized ? 'materialized view' : 'view'} ${show(view)}`,
  'refresh-materialized-view': ({ view }) => `computes the materialized view ${show(view)} anew`,
  'create-enum': ({ type, values }) => `creates the enum ${show(type)} with the values ${list(values)}`,
  'add-enum-value': ({ type, value }) => `adds the value ${value} to the enum ${show(type)}, for good`,
  'rename-enum-value': ({ type, value, newValue }) =>
    `renames the value ${value} of the enum ${show(type)} to ${newValue}`,
  'create-type': ({ type, form }) => `creates the ${form} type ${show(type)}`,
  'alter-type': ({ type, action }) => `changes the type ${show(type)}: ${action.replaceAll('-', ' ')}`,
  'create-domain': ({ domain, type }) => `creates the domain ${show(domain)} over ${type.text}`,
  'alter-domain': ({ domain, action }) => `changes the domain ${show(domain)}: ${action.type.replaceAll('-', ' ')}`,
  'create-sequence': ({ sequence }) => `creates the sequence ${show(sequence)}`,
  'alter-sequence': ({ sequence, restart }) => `${restart ? 'restarts' : 'changes'} the sequence ${show(sequence)}`,
  'create-function': ({ function: name, procedure, replace }) =>
    `${replace ? 'creates or replaces' : 'creates'} the ${procedure ? 'procedure' : 'function'} ${show(name)}`,
  'alter-function': ({ function: name }) => `changes the function ${show(name)}`,
  'create-trigger': ({ table, name, row }) =>
    `makes the trigger ${name} run for each ${row ? 'row' : 'statement'} ${on(table)}`,
  'create-policy': ({ table, name }) => `creates the row policy ${name} ${on(table)}`,
  'alter-policy': ({ table, name }) => `changes the row policy ${name} ${on(table)}`,
  'create-rule': ({ table, name }) => `creates the rewrite rule ${name} ${on(table)}`,
  'create-schema': ({ schema }) => `creates the schema ${schema}`,
  'drop-schema': ({ schema, cascade }) => `drops the schema ${schema}${cascade ? ' with everything in it' : ''}`,
  'create-extension': ({ extension }) => `installs the extension ${extension}`,
  'alter-extension': ({ extension }) => `changes the extension ${extension}`,
  'drop-object': ({ object, name, table, cascade }) =>
    `drops the ${object} ${show(name)}${table === null ? '' : ` ${on(table)}`}${cascade ? ' with everything that depends on it' : ''}`,
  'rename-object': ({ object, name, newName }) => `renames the ${object} ${show(name)} to ${newName}`,
  'set-schema': ({ object, name, newSchema }) => `moves the ${object} ${show(name)} to the schema ${newSchema}`,
  'change-owner': ({ object, name, owner }) => `makes ${owner} the owner of the ${object} ${show(name)}`,
  comment: ({ object, name, text }) =>
    `${text === null ? 'removes the comment of' : 'comments'} the ${object} ${show(name)}`,
  'change-privileges': ({ action, object, names, grantees }) =>
    action === 'alter-default'
      ? 'changes the privileges that future objects get'
      : `${action}s privileges ${action === 'grant' ? 'to' : 'from'} ${list(grantees)}${names.length === 0 ? '' : ` on the ${object} ${list(names.map(show))}`}`,
  'change-role': ({ action, role }) => `${action}s the role ${role}`,
  'change-database': ({ action, database }) => `${action}s the database ${database}`,
  'change-publication': ({ action, publication }) =>
    `${action === 'create' ? 'creates' : 'changes'} the publication ${publication}`,
  insert: ({ table, source, rows }) =>
    `inserts ${source === 'values' ? counted(rows, 'row') : 'rows from a query'} into ${show(table)}`,
  update: ({ table, columns, where }) =>
    `updates ${list(columns)} in ${where === null ? 'every row' : 'some rows'} of ${show(table)}`,
  delete: ({ table, where }) => `deletes ${where === null ? 'every row' : 'some rows'} of ${show(table)}`,
  merge: ({ table }) => `merges rows into ${show(table)}`,
  truncate: ({ table, cascade }) => `empties ${show(table)}${cascade ? ' and every table that refers to it' : ''}`,
  copy: ({ table, direction, endpoint }) =>
    `copies ${direction} ${endpoint}${table === null ? '' : `, ${direction === 'from' ? 'into' : 'out of'} ${show(table)}`}`,
  select: ({ functions }) => (functions.length === 0 ? 'runs a query' : `runs a query that calls ${list(functions)}`),
  do: ({ language, dynamic }) => `runs a block of ${language}${dynamic ? ' that makes up SQL while it runs' : ''}`,
  call: ({ procedure }) => `calls the procedure ${show(procedure)}`,
  set: ({ name, value, local }) =>
    value === null
      ? `resets ${name}`
      : `sets ${name} to ${value}${local ? ' for this transaction' : ' for this session'}`,
  'lock-table': ({ table, mode }) => `locks ${show(table)} in ${mode.toLowerCase()} mode`,
  transaction: ({ action }) => `${action.replaceAll('-', ' ')} of a transaction`,
  vacuum: ({ full, table }) =>
    `${full ? 'rewrites and shrinks' : 'vacuums'} ${table === null ? 'every table' : show(table)}`,
  analyze: ({ table }) => `gathers statistics of ${table === null ? 'every table' : show(table)}`,
  cluster: ({ table }) => `rewrites ${table === null ? 'every clustered table' : show(table)} in the order of an index`,
  unmodelled: ({ node }) => `does something that is not analysed (${node})`,
}

function sayConstraint(constraint: TableConstraint): string {
  switch (constraint.type) {
    case 'primary-key':
      return `a primary key${over(constraint.columns)}`
    case 'unique':
      return `a unique constraint${over(constraint.columns)}`
    case 'foreign-key':
      return `a foreign key from ${list(constraint.columns)} to ${show(constraint.references)}`
    case 'check':
      return `the check ${constraint.expression.text}`
    case 'not-null':
      return `NOT NULL${over(constraint.columns)}`
    case 'exclusion':
      return `an exclusion constraint${over(constraint.columns)}`
  }
}

function over(columns: readonly string[]): string {
  return columns.length === 0 ? '' : ` over ${list(columns)}`
}
