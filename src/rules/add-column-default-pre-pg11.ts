import { sureOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-column-default-pre-pg11',
    code: 'C37',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { until: 10 },
    summary: 'A column is added with a default, which PostgreSQL 10 writes into every row',
    why:
      'Up to PostgreSQL 10 a column with a default other than NULL makes the table and all its indexes be written anew under ACCESS ' +
      'EXCLUSIVE. From 11 on a constant default is stored once and costs nothing.',
    instead:
      'Add the column without a default, set the default for new rows, and fill the old rows in batches; or upgrade first.',
    messages: {
      rewrite: 'Adding {{column}} with default {{default}} rewrites {{table}} while every query on it waits',
    },
  },
  check: {
    'add-column'({ table, column, span }, { catalog, effect }) {
      const value = column.default
      // What rewrites the table in later versions too has rules of its own.
      if (value === null || value.isNull || effect.rewrites.length > 0) return
      const target = `ALTER TABLE ${quote(table)}`
      return {
        message: 'rewrite',
        at: span,
        data: { column: column.name, default: value.text, table: show(table) },
        confidence: sureOf(catalog, table),
        fix: [
          `${target} ADD COLUMN ${quote(column.name)} ${column.type.text};`,
          `${target} ALTER COLUMN ${quote(column.name)} SET DEFAULT ${value.text};`,
          '-- then, in batches outside this migration, where it is NULL:',
          `-- UPDATE ${quote(table)} SET ${quote(column.name)} = ${value.text}`,
        ].join('\n'),
      }
    },
  },
})
