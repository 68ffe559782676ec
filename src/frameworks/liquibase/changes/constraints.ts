import { type Change, type ChangeTypes, Untranslatable } from './change.js'
import { typeOf } from './types.js'
import { defaultSql, literal, type Value, valueOf, valueSql } from './values.js'

const column = (change: Change): string => change.column(change.required('columnName'))
const constraint = (change: Change): string => change.naming.name(change.required('constraintName'))
const alter = (change: Change, rest: string): string => `ALTER TABLE ${change.table()} ${rest}`
const named = (change: Change): string => {
  const name = change.text('constraintName')
  return name === null ? '' : `CONSTRAINT ${change.naming.name(name)} `
}
const tablespace = (change: Change): string => {
  const name = change.text('tablespace')
  return name === null ? '' : ` USING INDEX TABLESPACE ${name}`
}

/** Changes of constraints and defaults. */
export const CONSTRAINTS: ChangeTypes = {
  addNotNullConstraint: {
    sql: (change) => {
      const filled = change.text('defaultNullValue')
      const set = alter(change, `ALTER COLUMN ${column(change)} SET NOT NULL`)
      if (filled === null || /^null$/i.test(filled)) return [set]
      const value = fillOf(filled, change.text('columnDataType'))
      return [`UPDATE ${change.table()} SET ${column(change)} = ${value} WHERE ${column(change)} IS NULL`, set]
    },
    inverse: (change) => [alter(change, `ALTER COLUMN ${column(change)} DROP NOT NULL`)],
  },
  dropNotNullConstraint: {
    sql: (change) => [alter(change, `ALTER COLUMN ${column(change)} DROP NOT NULL`)],
    inverse: (change) => [alter(change, `ALTER COLUMN ${column(change)} SET NOT NULL`)],
  },
  addPrimaryKey: {
    sql: (change) => {
      const columns = change.naming.columns(change.required('columnNames'))
      const index = change.text('forIndexName')
      const name = change.text('constraintName')
      if (index !== null) throw new Untranslatable('forIndexName is not followed')
      const key = alter(change, `ADD ${named(change)}PRIMARY KEY (${columns})${tablespace(change)}`)
      if (!change.flag('clustered')) return [key]
      if (name === null) throw new Untranslatable('constraintName is missing with clustered, and Liquibase refuses it')
      return [key, `CLUSTER ${change.table()} USING ${change.naming.name(name)}`]
    },
    inverse: (change) => dropPrimaryKey(change),
  },
  dropPrimaryKey: { sql: (change) => dropPrimaryKey(change) },
  addUniqueConstraint: {
    sql: (change) => {
      const columns = change.naming.columns(change.required('columnNames'))
      const index = change.text('forIndexName')
      const using = index === null ? '' : ` USING INDEX ${index}`
      if (index !== null) throw new Untranslatable('forIndexName gives PostgreSQL SQL that it does not accept')
      const deferrable = change.flag('deferrable') || change.flag('initiallyDeferred') ? ' DEFERRABLE' : ''
      const deferred = change.flag('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
      return [
        alter(change, `ADD ${named(change)}UNIQUE (${columns})${using}${tablespace(change)}${deferrable}${deferred}`),
      ]
    },
    inverse: (change) =>
      change.text('constraintName') === null ? null : [alter(change, `DROP CONSTRAINT ${constraint(change)}`)],
  },
  dropUniqueConstraint: { sql: (change) => [alter(change, `DROP CONSTRAINT ${constraint(change)}`)] },
  addForeignKeyConstraint: {
    sql: (change) => {
      const base = change.table('baseTableName', 'baseTableSchemaName')
      const other = change.table('referencedTableName', 'referencedTableSchemaName')
      const from = change.naming.columns(change.required('baseColumnNames'))
      const to = change.naming.columns(change.required('referencedColumnNames'))
      const onDelete = change.text('onDelete') ?? (change.flag('deleteCascade') ? 'CASCADE' : null)
      const onUpdate = change.text('onUpdate')
      const deferrable = change.flag('deferrable') || change.flag('initiallyDeferred') ? ' DEFERRABLE' : ''
      const deferred = change.flag('initiallyDeferred') ? ' INITIALLY DEFERRED' : ''
      const unchecked = /^false$/i.test(change.text('validate') ?? '') ? ' NOT VALID' : ''
      return [
        `ALTER TABLE ${base} ADD CONSTRAINT ${constraint(change)} FOREIGN KEY (${from}) REFERENCES ${other} (${to})` +
          `${onUpdate === null ? '' : ` ON UPDATE ${onUpdate.toUpperCase()}`}${onDelete === null ? '' : ` ON DELETE ${onDelete.toUpperCase()}`}` +
          `${deferrable}${deferred}${unchecked}`,
      ]
    },
    inverse: (change) => dropForeignKey(change),
  },
  dropForeignKeyConstraint: { sql: (change) => dropForeignKey(change) },
  addDefaultValue: {
    sql: (change) => {
      const value = valueOf(change.node, 'defaultValue')
      if (value === null) throw new Untranslatable('the default value is missing, and Liquibase refuses it')
      const type = change.text('columnDataType')
      if (value.kind === 'text' && type !== null && typeOf(type).kind === 'boolean') {
        throw new Untranslatable('a default of a boolean has to be defaultValueBoolean, and Liquibase refuses it')
      }
      const sql = numberIn(value) ?? valueSql(value) ?? 'NULL'
      const set = alter(change, `ALTER COLUMN ${column(change)} SET DEFAULT ${sql}`)
      if (value.kind !== 'sequence') return [set]
      const sequence = /^nextval\('(.*)'\)$/.exec(sql)?.[1] ?? value.text
      return [set, `ALTER SEQUENCE ${sequence} OWNED BY ${change.table()}.${column(change)}`]
    },
    inverse: (change) => [alter(change, `ALTER COLUMN ${column(change)} DROP DEFAULT`)],
  },
  dropDefaultValue: { sql: (change) => [alter(change, `ALTER COLUMN ${column(change)} DROP DEFAULT`)] },
  addAutoIncrement: {
    sql: (change) => {
      const schema = change.text('schemaName')
      const name = `${change.required('tableName')}_${change.required('columnName')}_seq`.toLowerCase()
      const sequence = change.naming.qualified(schema, name)
      const start = change.text('startWith')
      const step = change.text('incrementBy')
      const options = `${start === null ? '' : ` START WITH ${start}`}${step === null ? '' : ` INCREMENT BY ${step}`}`
      return [
        `CREATE SEQUENCE IF NOT EXISTS ${sequence}${options}`,
        alter(change, `ALTER COLUMN ${column(change)} SET NOT NULL`),
        alter(change, `ALTER COLUMN ${column(change)} SET DEFAULT nextval('${sequence}')`),
        `ALTER SEQUENCE ${sequence} OWNED BY ${change.table()}.${column(change)}`,
      ]
    },
  },
}

/** A number as Java prints it, where that is what JavaScript prints; null of what is no number. */
function numberIn(value: Value): string | null {
  if (value.kind !== 'number') return null
  if (!/^[-+]?\d{0,15}(\.\d{1,6})?$/.test(value.text)) {
    throw new Untranslatable(`its default ${value.text} is sent as another number, which is not followed`)
  }
  return String(Number(value.text))
}

function fillOf(value: string, type: string | null): string {
  if (type === null || typeOf(type).kind !== 'boolean') return literal(value)
  if (typeOf(type).sql.startsWith('BIT')) {
    if (!/^[01]$/.test(value)) throw new Untranslatable(`what fills ${type} is not followed, but for 0 and 1`)
    return `B'${value}'`
  }
  return literal(defaultSql({ kind: 'text', text: value }, typeOf(type)) ?? value)
}

/** Without a name Liquibase looks the constraint up. */
function dropPrimaryKey(change: Change): readonly string[] {
  if (change.text('constraintName') !== null) return [alter(change, `DROP CONSTRAINT ${constraint(change)}`)]
  const schema = change.text('schemaName') ?? 'public'
  const table = change.required('tableName')
  return [
    `DO $$ DECLARE constraint_name varchar;
BEGIN
  SELECT tc.CONSTRAINT_NAME into strict constraint_name
    FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS tc
    WHERE CONSTRAINT_TYPE = 'PRIMARY KEY'
      AND TABLE_NAME = ${literal(table.toLowerCase())} AND TABLE_SCHEMA = ${literal(schema)};
    EXECUTE 'alter table ${change.naming.qualified(schema, table).replaceAll("'", "''")} drop constraint "' || constraint_name || '"';
END $$`,
  ]
}

function dropForeignKey(change: Change): readonly string[] {
  return [`ALTER TABLE ${change.table('baseTableName', 'baseTableSchemaName')} DROP CONSTRAINT ${constraint(change)}`]
}
