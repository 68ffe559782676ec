import { childOf, flagIn, textIn, type Node } from '../node.js'
import { type Change, type ChangeTypes, Untranslatable } from './change.js'
import { type Type, typeOf } from './types.js'
import { defaultSql, literal, valueOf, valueSql } from './values.js'

/** Changes of whole tables and their columns. */
export const TABLES: ChangeTypes = {
  createTable: {
    sql: createTable,
    inverse: (change) => [`DROP TABLE ${change.table()}`],
  },
  dropTable: {
    sql: (change) => [
      `DROP TABLE ${change.flag('ifExists') ? 'IF EXISTS ' : ''}${change.table()}${change.flag('cascadeConstraints') ? ' CASCADE' : ''}`,
    ],
  },
  renameTable: {
    sql: (change) => [
      `ALTER TABLE ${change.table('oldTableName')} RENAME TO ${change.naming.name(change.required('newTableName'))}`,
    ],
    inverse: (change) => [
      `ALTER TABLE ${change.table('newTableName')} RENAME TO ${change.naming.name(change.required('oldTableName'))}`,
    ],
  },
  setTableRemarks: {
    sql: (change) => [`COMMENT ON TABLE ${change.table()} IS ${literal(change.text('remarks') ?? '')}`],
  },
  addColumn: {
    sql: addColumn,
    inverse: (change) =>
      change.columns().map((column) => `ALTER TABLE ${change.table()} DROP COLUMN ${nameOf(change, column)}`),
  },
  dropColumn: {
    sql: (change) => {
      const columns = change.columns().map((column) => nameOf(change, column))
      const names = columns.length > 0 ? columns : [change.column(change.required('columnName'))]
      return names.map((name) => `ALTER TABLE ${change.table()} DROP COLUMN ${name}`)
    },
  },
  renameColumn: {
    sql: (change) => renameColumn(change, 'oldColumnName', 'newColumnName'),
    inverse: (change) => renameColumn(change, 'newColumnName', 'oldColumnName'),
  },
  modifyDataType: {
    sql: (change) => {
      const type = typeOf(change.required('newDataType')).sql
      const column = change.column(change.required('columnName'))
      return [`ALTER TABLE ${change.table()} ALTER COLUMN ${column} TYPE ${type} USING (${column}::${type})`]
    },
  },
  setColumnRemarks: {
    sql: (change) => [
      `COMMENT ON COLUMN ${change.table()}.${change.column(change.required('columnName'))} IS ${literal(change.text('remarks') ?? '')}`,
    ],
  },
  mergeColumns: {
    sql: (change) => {
      const [first = '', second = '', final = ''] = ['column1Name', 'column2Name', 'finalColumnName'].map((name) =>
        change.column(change.required(name)),
      )
      const table = change.table()
      const between = change.node.children.find(({ name }) => name === 'joinString')?.value ?? ''
      return [
        `ALTER TABLE ${table} ADD ${final} ${typeOf(change.required('finalColumnType')).sql}`,
        `UPDATE ${table} SET ${final} = ${first} || ${literal(between)} || ${second}`,
        `ALTER TABLE ${table} DROP COLUMN ${first}`,
        `ALTER TABLE ${table} DROP COLUMN ${second}`,
      ]
    },
  },
}

/** The name of a column of a change. */
export function nameOf(change: Change, column: Node): string {
  const name = textIn(column, 'name')
  if (name === null) throw new Untranslatable('a column has no name, and Liquibase refuses it')
  return flagIn(column, 'computed') === true ? name : change.column(name)
}

function renameColumn(change: Change, from: string, to: string): readonly string[] {
  const [before = '', after = ''] = [from, to].map((name) => change.column(change.required(name)))
  return [`ALTER TABLE ${change.table()} RENAME COLUMN ${before} TO ${after}`]
}

interface Column {
  readonly node: Node
  readonly name: string
  readonly type: Type | null
  readonly identity: string | null
  readonly constraints: Node | null
}

function columnOf(change: Change, node: Node): Column {
  const written = textIn(node, 'type')
  const type = written === null ? null : typeOf(written)
  const isIdentity = flagIn(node, 'autoIncrement') === true
  return {
    node,
    name: nameOf(change, node),
    type,
    identity: isIdentity ? identityOf(node) : null,
    constraints: childOf(node, 'constraints') ?? null,
  }
}

/** `GENERATED … AS IDENTITY`, as versions of PostgreSQL from 10 on are sent it. */
function identityOf(node: Node): string {
  const generation = textIn(node, 'generationType') ?? 'BY DEFAULT'
  const options = [
    ['START WITH', textIn(node, 'startWith')],
    ['INCREMENT BY', textIn(node, 'incrementBy')],
  ].flatMap(([words, value]) => (value === null ? [] : [`${words} ${value}`]))
  return `GENERATED ${generation.toUpperCase()} AS IDENTITY${options.length === 0 ? '' : ` (${options.join(' ')})`}`
}

function defaultClause({ node, type, identity }: Column): string {
  const value = valueOf(node, 'defaultValue')
  if (value === null || identity !== null) return ''
  if (value.kind === 'function' && value.text.startsWith('GENERATED ALWAYS ')) return ` ${value.text}`
  const sql = defaultSql(value, type)
  return ` DEFAULT ${sql ?? 'NULL'}`
}

const is = (node: Node | null, name: string): boolean => node !== null && flagIn(node, name) === true
const isNot = (node: Node | null, name: string): boolean => node !== null && flagIn(node, name) === false

function createTable(change: Change): readonly string[] {
  const columns = change.someColumns().map((node) => columnOf(change, node))
  const keys = columns.filter(({ constraints }) => is(constraints, 'primaryKey'))
  const parts = columns.map((column) => {
    const { name, type, identity, constraints } = column
    const required = isNot(constraints, 'nullable') || is(constraints, 'primaryKey')
    const notNull = required ? ` NOT NULL` : ''
    return `${name}${type === null ? '' : ` ${type.sql}`}${defaultClause(column)}${identity === null ? '' : ` ${identity}`}${notNull}`
  })
  const [first] = keys
  const table = change.required('tableName')
  const constraints = [
    ...(first === undefined ? [] : [primaryKey(change, keys, table)]),
    ...columns.flatMap((column) => foreignKey(change, column)),
    ...uniques(change, columns),
  ]
  const space = change.text('tablespace')
  const create =
    `CREATE TABLE ${change.flag('ifNotExists') ? 'IF NOT EXISTS ' : ''}${change.table()} ` +
    `(${[...parts, ...constraints].join(', ')})${space === null ? '' : ` TABLESPACE ${space}`}`
  return [create, ...remarksOf(change, columns)]
}

function remarksOf(change: Change, columns: readonly Column[]): readonly string[] {
  const own = change.text('remarks')?.trim() || null
  return [
    ...(own === null ? [] : [`COMMENT ON TABLE ${change.table()} IS ${literal(own)}`]),
    ...columns.flatMap(({ node, name }) => {
      const remarks = textIn(node, 'remarks')?.trim() || null
      return remarks === null ? [] : [`COMMENT ON COLUMN ${change.table()}.${name} IS ${literal(remarks)}`]
    }),
  ]
}

function primaryKey(change: Change, keys: readonly Column[], table: string): string {
  const options = keys.map(({ constraints }) => constraints)
  const given = options
    .map((each) => (each === null ? null : textIn(each, 'primaryKeyName')))
    .findLast((name) => name !== null)
  const name = given ?? `${table}_pkey`
  const space = options
    .map((each) => (each === null ? null : textIn(each, 'primaryKeyTablespace')))
    .find((each) => each !== null)
  return (
    `CONSTRAINT ${change.naming.name(name)} PRIMARY KEY (${keys.map((key) => key.name).join(', ')})` +
    (space === undefined || space === null ? '' : ` USING INDEX TABLESPACE ${space}`) +
    (options.some((each) => is(each, 'initiallyDeferred')) ? ' INITIALLY DEFERRED' : '') +
    (options.some((each) => is(each, 'deferrable')) ? ' DEFERRABLE' : '')
  )
}

function foreignKey(change: Change, { name, constraints }: Column): readonly string[] {
  if (constraints === null) return []
  const references = referenced(change, constraints, '')
  if (references === null) return []
  const key = textIn(constraints, 'foreignKeyName')
  if (key === null) throw new Untranslatable('foreignKeyName is missing, and Liquibase refuses it')
  const cascade = is(constraints, 'deleteCascade') ? ' ON DELETE CASCADE' : ''
  const deferred = is(constraints, 'initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
  const deferrable = is(constraints, 'deferrable') ? ' DEFERRABLE' : ''
  return [
    `CONSTRAINT ${change.naming.name(key)} FOREIGN KEY (${name}) REFERENCES ${references}${cascade}${deferred}${deferrable}`,
  ]
}

function referenced(change: Change, constraints: Node, space: string): string | null {
  const table = textIn(constraints, 'referencedTableName')
  const columns = textIn(constraints, 'referencedColumnNames')
  const written = textIn(constraints, 'references')
  if (written !== null) {
    const [, name = '', list = ''] = /^\s*([\w."]+)\s*\(([^)]*)\)\s*$/.exec(written) ?? []
    return name === '' || space === '' ? written : `${name}${space}(${change.naming.columns(list)})`
  }
  if (table === null || columns === null) return null
  const schema = textIn(constraints, 'referencedTableSchemaName')
  return `${change.naming.qualified(schema, table)}${space}(${change.naming.columns(columns)})`
}

/** Constraints of one name are one constraint; those without a name come first. */
function uniques(change: Change, columns: readonly Column[]): readonly string[] {
  const unnamed: string[] = []
  const named = new Map<string, string[]>()
  for (const { name, constraints } of columns) {
    if (!is(constraints, 'unique') || constraints === null) continue
    const key = textIn(constraints, 'uniqueConstraintName')
    if (key === null) unnamed.push(`UNIQUE (${name})`)
    else named.set(key, [...(named.get(key) ?? []), name])
  }
  return [
    ...unnamed,
    ...[...named].map(([key, names]) => `CONSTRAINT ${change.naming.name(key)} UNIQUE (${names.join(', ')})`),
  ]
}

function addColumn(change: Change): readonly string[] {
  const columns = change.someColumns().map((node) => columnOf(change, node))
  const table = change.table()
  const filled = columns.flatMap(({ node, name }) => {
    const value = valueOf(node, 'value')
    if (value?.kind === 'file')
      throw new Untranslatable('its value is the content of a file, which is not put into SQL')
    return value === null ? [] : [`UPDATE ${table} SET ${name} = ${valueSql(value) ?? 'NULL'}`]
  })
  const later: string[] = []
  const added = columns.flatMap((column) => {
    const { node, name, type, identity, constraints } = column
    if (type === null) throw new Untranslatable('a column has no type, and Liquibase refuses it')
    for (const place of ['afterColumn', 'beforeColumn', 'position']) {
      if (textIn(node, place) !== null)
        throw new Untranslatable(`${place} is not allowed on PostgreSQL, and Liquibase refuses it`)
    }
    // A column that is to be filled can only be NOT NULL once it is.
    const required = isNot(constraints, 'nullable')
    const key = is(constraints, 'primaryKey') ? ' PRIMARY KEY' : ''
    const isFilled = valueOf(node, 'value') !== null
    const notNull = key !== '' || (required && !isFilled) ? ' NOT NULL' : ''
    if (key === '' && required && isFilled) later.push(`ALTER TABLE ${table} ALTER COLUMN ${name} SET NOT NULL`)
    const add = `ALTER TABLE ${table} ADD ${name} ${type.sql}${identity === null ? '' : ` ${identity}`}${defaultClause(column)}${notNull}${key}`
    const own = [add]
    if (constraints !== null && is(constraints, 'unique')) {
      const unique = textIn(constraints, 'uniqueConstraintName')
      own.push(
        `ALTER TABLE ${table} ADD ${unique === null ? '' : `CONSTRAINT ${change.naming.name(unique)} `}UNIQUE (${name})`,
      )
    }
    const references = constraints === null ? null : referenced(change, constraints, ' ')
    if (constraints !== null && references !== null) {
      const fk = textIn(constraints, 'foreignKeyName')
      if (fk === null) throw new Untranslatable('foreignKeyName is missing, and Liquibase refuses it')
      const cascade = is(constraints, 'deleteCascade') ? ' ON DELETE CASCADE' : ''
      const deferrable = is(constraints, 'deferrable') ? ' DEFERRABLE' : ''
      const deferred = is(constraints, 'initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
      own.push(
        `ALTER TABLE ${table} ADD CONSTRAINT ${change.naming.name(fk)} FOREIGN KEY (${name}) REFERENCES ${references}${cascade}${deferrable}${deferred}`,
      )
    }
    return own
  })
  const remarks = remarksOf({ ...change, text: (name) => (name === 'remarks' ? null : change.text(name)) }, columns)
  return [...added, ...filled, ...later, ...remarks]
}
