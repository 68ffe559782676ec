import { childrenOf, textIn } from '../node.js'
import { type Change, type ChangeTypes, Untranslatable } from './change.js'
import { readCsv } from './csv.js'
import { nameOf } from './tables.js'
import { typeOf } from './types.js'
import { literal, type Value, valueOf, valueSql } from './values.js'

/** Changes of rows. */
export const ROWS: ChangeTypes = {
  insert: {
    sql: (change) => {
      const columns = change
        .columns()
        .map((column) => ({ name: nameOf(change, column), value: rowValue(valueOf(column, 'value')) }))
      return [insertInto(change, columns)]
    },
  },
  update: {
    sql: (change) => {
      const sets = change.columns().map((column) => `${nameOf(change, column)} = ${rowValue(valueOf(column, 'value'))}`)
      return [`UPDATE ${change.table()} SET ${sets.join(', ')}${where(change)}`]
    },
  },
  delete: { sql: (change) => [`DELETE FROM ${change.table()}${where(change)}`] },
  loadData: { sql: loadData },
  addLookupTable: {
    sql: (change) => {
      const from = change.table('existingTableName', 'existingTableSchemaName')
      const to = change.table('newTableName', 'newTableSchemaName')
      const [old = '', name = ''] = ['existingColumnName', 'newColumnName'].map((each) =>
        change.column(change.required(each)),
      )
      const key =
        change.text('constraintName') ??
        `FK_${change.required('existingTableName')}_${change.required('newTableName')}`.toUpperCase()
      return [
        `CREATE TABLE ${to} AS SELECT DISTINCT ${old} AS ${name} FROM ${from} WHERE ${old} IS NOT NULL`,
        `ALTER TABLE ${to} ALTER COLUMN ${name} SET NOT NULL`,
        `ALTER TABLE ${to} ADD PRIMARY KEY (${name})`,
        `ALTER TABLE ${from} ADD CONSTRAINT ${change.naming.name(key)} FOREIGN KEY (${old}) REFERENCES ${to} (${name})`,
      ]
    },
    inverse: (change) => {
      const from = change.table('existingTableName', 'existingTableSchemaName')
      const to = change.table('newTableName', 'newTableSchemaName')
      const key =
        change.text('constraintName') ??
        `FK_${change.required('existingTableName')}_${change.required('newTableName')}`.toUpperCase()
      return [`ALTER TABLE ${from} DROP CONSTRAINT ${change.naming.name(key)}`, `DROP TABLE ${to}`]
    },
  },
}

function rowValue(value: Value | null): string {
  if (value?.kind === 'file') throw new Untranslatable('its value is the content of a file, which is not put into SQL')
  return value === null ? 'NULL' : (valueSql(value) ?? 'NULL')
}

function insertInto(change: Change, columns: readonly { readonly name: string; readonly value: string }[]): string {
  if (columns.length === 0) throw new Untranslatable('columns are missing, and Liquibase refuses it')
  return `INSERT INTO ${change.table()} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(({ value }) => value).join(', ')})`
}

/** The condition, with `:name` and `:value` filled in by the parameters in turn (`UpdateDataChange`, `WhereParams`). */
function where(change: Change): string {
  const condition = textIn(change.node, 'where') ?? change.text('whereClause')
  if (condition === null || condition.trim() === '') return ''
  const holders = childrenOf(change.node, 'whereParams').flatMap((each) => childrenOf(each, 'param'))
  let at = 0
  const filled = condition.trim().replace(/(?<!:):(name|value)\b/g, (whole, kind: string) => {
    const param = holders[at]
    if (param === undefined) return whole
    const name = textIn(param, 'name')
    if (kind === 'name') return name === null ? whole : change.column(name)
    at++
    return rowValue(valueOf(param, 'value'))
  })
  if (holders.length > 0 && /:name\b/.test(condition)) {
    throw new Untranslatable('whereParams fill in names, which is not followed')
  }
  return ` WHERE ${filled}`
}

const MOST_ROWS = 20_000

/** Rows of a file as one INSERT, as Liquibase sends them in batches; a type that only the database knows is one of text. */
function loadData(change: Change): readonly string[] {
  const separator = change.text('separator') ?? ','
  const quote = change.text('quotchar') ?? '"'
  const comment = change.text('commentLineStartsWith') ?? '#'
  if (separator.length > 1 && !/^(\\t|tab)$/i.test(separator))
    throw new Untranslatable(`separator ${separator} is not understood`)
  const rows = readCsv(change.file('file').text, separator.length > 1 ? '\t' : separator, quote, comment)
  const [header, ...data] = rows
  if (header === undefined) throw new Untranslatable('its file is empty, and Liquibase refuses it')
  if (data.length > MOST_ROWS) throw new Untranslatable(`its file has more than ${MOST_ROWS} rows`)
  const columns = change.columns()
  const kinds = header.map((name, index) => {
    const column =
      columns.find(
        (each) => (textIn(each, 'header') ?? textIn(each, 'name'))?.toLowerCase() === name.trim().toLowerCase(),
      ) ?? columns.find((each) => textIn(each, 'index') === String(index))
    const type = column === undefined ? null : textIn(column, 'type')
    return {
      name: (column === undefined ? null : textIn(column, 'name')) ?? name.trim(),
      type,
      default: column === undefined ? null : textIn(column, 'defaultValue'),
    }
  })
  const used = kinds.filter(({ type }) => type?.toLowerCase() !== 'skip')
  const values = data.map((row) =>
    kinds.flatMap((kind, index) => (kind.type?.toLowerCase() === 'skip' ? [] : [cell(row[index] ?? 'NULL', kind)])),
  )
  if (values.length === 0) return []
  const list = used.map(({ name }) => change.column(name)).join(', ')
  return [`INSERT INTO ${change.table()} (${list}) VALUES ${values.map((row) => `(${row.join(', ')})`).join(', ')}`]
}

function cell(text: string, kind: { readonly type: string | null; readonly default: string | null }): string {
  const value = text === '' && kind.default !== null ? kind.default : text
  if (/^null$/i.test(value)) return 'NULL'
  const type = kind.type?.toLowerCase() ?? null
  if (type === 'boolean') return /^(true|t|1|yes|y)$/i.test(value.trim()) ? 'TRUE' : 'FALSE'
  if (type === 'computed') return value
  if (type === 'sequence') return `nextval('${value}')`
  if (type === 'numeric' || (type !== null && ['number', 'verbatim'].includes(typeOf(type).kind) && type !== 'uuid')) {
    if (value.trim() === '') return 'NULL'
    if (/^[-+]?\d+(\.\d+)?(e[-+]?\d+)?$/i.test(value.trim())) return value.trim()
  }
  if ((type === 'date' || type === 'datetime' || type === 'timestamp') && value.trim() === '') return 'NULL'
  return literal(value)
}
