import { sureOf } from '../model/catalog.js'
import { quote, show, type QualifiedName } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-column-serial',
    code: 'C38',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A serial or identity column is added, so every row gets a number and the table is rewritten',
    why:
      'Each existing row takes a value from the new sequence. The table and all its indexes are written anew under ACCESS ' +
      'EXCLUSIVE, on every version of PostgreSQL.',
    instead:
      'Add a plain column, give it a sequence as its default for new rows, and number the old rows in batches. Make it the primary ' +
      'key afterwards, by way of an index that was built concurrently.',
    messages: {
      serial: 'Adding serial column {{column}} rewrites {{table}} while every query on it waits',
      identity: 'Adding identity column {{column}} rewrites {{table}} while every query on it waits',
    },
  },
  check: {
    'add-column'({ table, column, span }, { catalog }) {
      if (!column.type.serial && column.identity === null) return
      return {
        message: column.type.serial ? 'serial' : 'identity',
        at: span,
        data: { column: column.name, table: show(table) },
        confidence: sureOf(catalog, table),
        fix: byHand(table, column),
      }
    },
  },
})

function byHand(table: QualifiedName, { name, type }: ColumnDefinition): string {
  const integer = type.name
  const sequence = quote({ schema: table.schema, name: `${table.name}_${name}_seq` })
  return [
    `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(name)} ${integer};`,
    `CREATE SEQUENCE ${sequence} AS ${integer} OWNED BY ${quote(table)}.${quote(name)};`,
    `ALTER TABLE ${quote(table)} ALTER COLUMN ${quote(name)} SET DEFAULT nextval('${sequence.replaceAll("'", "''")}');`,
    '-- then, in batches outside this migration, where it is NULL:',
    `-- UPDATE ${quote(table)} SET ${quote(name)} = DEFAULT`,
  ].join('\n')
}
