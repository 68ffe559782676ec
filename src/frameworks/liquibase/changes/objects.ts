import { flagIn } from '../node.js'
import { type Change, type ChangeTypes, Untranslatable } from './change.js'
import { nameOf } from './tables.js'
import { literal } from './values.js'

/** Changes of indexes, sequences, views and procedures. */
export const OBJECTS: ChangeTypes = {
  createIndex: {
    sql: (change) => {
      const columns = change.someColumns().map((column) => {
        const given = nameOf({ ...change, column: (name) => (name.includes('(') ? name : change.column(name)) }, column)
        return flagIn(column, 'descending') === true ? `${given} DESC` : given
      })
      const name = change.text('indexName')
      const index = name === null ? '' : `${change.naming.name(name)} `
      const space = change.text('tablespace')
      const create = `CREATE ${change.flag('unique') ? 'UNIQUE ' : ''}INDEX ${index}ON ${change.table()}(${columns.join(', ')})${space === null ? '' : ` TABLESPACE ${space}`}`
      return change.flag('clustered') && name !== null
        ? [create, `CLUSTER ${change.table()} USING ${change.naming.name(name)}`]
        : [create]
    },
    inverse: (change) => [dropIndex(change)],
  },
  dropIndex: { sql: (change) => [dropIndex(change)] },
  createSequence: {
    sql: (change) => [
      `CREATE SEQUENCE IF NOT EXISTS ${sequence(change)}${options(change, ['dataType', 'startValue', 'incrementBy', 'minValue', 'maxValue', 'cacheSize'])}${cycle(change, true)}`,
    ],
    inverse: (change) => [`DROP SEQUENCE ${sequence(change)} CASCADE`],
  },
  alterSequence: {
    sql: (change) => [
      `ALTER SEQUENCE ${sequence(change)}${options(change, ['dataType', 'incrementBy', 'minValue', 'maxValue', 'cacheSize'])}${cycle(change, false)}`,
    ],
  },
  dropSequence: { sql: (change) => [`DROP SEQUENCE ${sequence(change)} CASCADE`] },
  renameSequence: {
    sql: (change) => renamed(change, 'SEQUENCE', 'oldSequenceName', 'newSequenceName'),
    inverse: (change) => renamed(change, 'SEQUENCE', 'newSequenceName', 'oldSequenceName'),
  },
  createView: {
    sql: (change) => {
      const given = change.text('path') === null ? bodyOf(change, 'selectQuery') : change.file('path').text
      const body = given.trim().replace(/;$/, '')
      const view = change.table('viewName')
      const remarks = change.text('remarks')
      const comment = remarks === null ? [] : [`COMMENT ON VIEW ${view} IS ${literal(remarks)}`]
      if (change.flag('fullDefinition')) return [body, ...comment]
      const replace = change.flag('replaceIfExists') ? 'OR REPLACE ' : ''
      return [`CREATE ${replace}VIEW ${view} AS ${body}`, ...comment]
    },
    inverse: (change) => [`DROP VIEW ${change.table('viewName')}`],
  },
  dropView: {
    sql: (change) => [`DROP VIEW ${change.flag('ifExists') ? 'IF EXISTS ' : ''}${change.table('viewName')}`],
  },
  renameView: {
    sql: (change) => renamed(change, 'TABLE', 'oldViewName', 'newViewName'),
    inverse: (change) => renamed(change, 'TABLE', 'newViewName', 'oldViewName'),
  },
  createProcedure: {
    sql: (change) => [
      change.text('path') === null ? bodyOf(change, 'procedureText', 'procedureBody') : change.file('path').text,
    ],
  },
  dropProcedure: {
    sql: (change) => {
      const [, name = '', args = ''] = /^([^(]*)(\(.*\))?$/s.exec(change.required('procedureName')) ?? []
      if (args !== '')
        throw new Untranslatable('procedureName with arguments is quoted as a whole, which names no procedure')
      return [`DROP PROCEDURE ${change.naming.qualified(change.text('schemaName'), name)}`]
    },
  },
}

/** The SQL that stands in a change, or in one of its attributes. */
function bodyOf(change: Change, ...attributes: readonly string[]): string {
  for (const attribute of attributes) {
    const text = change.text(attribute)
    if (text !== null) return text
  }
  if (change.node.value === null || change.node.value.trim() === '') {
    throw new Untranslatable(`${attributes[0]} is missing, and Liquibase refuses it`)
  }
  return change.node.value
}

function sequence(change: Change): string {
  return change.table('sequenceName')
}

const WORDS: Readonly<Record<string, string>> = {
  dataType: 'AS',
  startValue: 'START WITH',
  incrementBy: 'INCREMENT BY',
  minValue: 'MINVALUE',
  maxValue: 'MAXVALUE',
  cacheSize: 'CACHE',
}

function options(change: Change, names: readonly string[]): string {
  return names
    .map((name) => {
      const value = change.text(name)
      return value === null ? '' : ` ${WORDS[name]} ${value}`
    })
    .join('')
}

function cycle(change: Change, isNew: boolean): string {
  if (change.flag('cycle')) return ' CYCLE'
  return isNew || change.text('cycle') === null ? '' : ' NO CYCLE'
}

function dropIndex(change: Change): string {
  return `DROP INDEX ${change.naming.qualified(change.text('schemaName'), change.required('indexName'))}`
}

function renamed(change: Change, kind: string, from: string, to: string): readonly string[] {
  return [`ALTER ${kind} ${change.table(from)} RENAME TO ${change.naming.name(change.required(to))}`]
}
