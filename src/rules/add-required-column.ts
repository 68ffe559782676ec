import type { Catalog } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-required-column',
    code: 'D8',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A column is added that must have a value and has no default',
    why:
      'If the table holds a single row, the statement fails: there is no value for it. A test on an empty database does not see ' +
      'that. If the table is empty, it succeeds, and the release that is running then fails at every INSERT, because it does not ' +
      'know the column.',
    instead:
      'Add the column with a DEFAULT, and keep that until no release writes rows without a value. Or add it nullable, let a release ' +
      'write it, fill the old rows in batches, and only then make it NOT NULL.',
    messages: {
      required:
        'Adds column {{column}} to {{table}} as NOT NULL without a DEFAULT: it fails if the table has rows, and breaks every INSERT of deployed code if not',
    },
  },
  check: {
    'add-column'({ table, column, ifNotExists, span }, { catalog }) {
      if (!isRequired(column) || hasSource(column, catalog)) return
      if (ifNotExists && catalog.column(table, column.name) !== undefined) return
      const fix = `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(column.name)} ${column.type.text};`
      return { message: 'required', at: span, data: { table: show(table), column: column.name }, fix }
    },
  },
})

function isRequired({ notNull, constraints }: ColumnDefinition): boolean {
  return notNull || constraints.some(({ type }) => type === 'primary-key')
}

/** Whether PostgreSQL finds a value for it by itself. */
function hasSource({ default: value, generated, identity, type }: ColumnDefinition, catalog: Catalog): boolean {
  if (generated !== null || identity !== null || type.serial) return true
  const found = value ?? catalog.domain(type)?.default ?? null
  return found !== null && !found.isNull
}
