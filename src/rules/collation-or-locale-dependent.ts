import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'collation-or-locale-dependent',
    code: 'F44',
    family: 'failure',
    weight: 'off',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'What a statement does depends on the locale or the time zone of the server',
    why:
      'A database sorts text by the collation it was created with, and casts an instant to a date or to text by the TimeZone of the ' +
      'session. Both are often others in CI than in production: rows go into another partition, days shift by one, and nothing fails.',
    instead:
      'Write COLLATE "C" for what only has to be in some order, and AT TIME ZONE where an instant becomes a day.',
    messages: {
      order: 'Which rows a partition by {{column}} gets depends on the collation of the database',
      zone: 'What becomes of {{table}}.{{column}} depends on the TimeZone of the session that migrates',
    },
  },
  check: {
    'create-table'({ partitionBy, columns }) {
      if (partitionBy?.strategy !== 'range') return
      const keys = columns.filter(({ name }) => partitionBy.columns.includes(name))
      return keys
        .filter(({ type, collation }) => collation === null && type.arrays === 0 && TEXT.test(type.name))
        .map(({ name, span }) => ({ message: 'order', at: span, data: { column: name } }) as const)
    },
    'set-column-type'({ table, column, type, using, span }, { catalog }) {
      const before = catalog.column(table, column)?.type
      if (using !== null || before?.name !== 'timestamp with time zone' || before.arrays > 0) return
      if (type.name !== 'date' && !TEXT.test(type.name)) return
      return { message: 'zone', at: span, data: { table: show(table), column } }
    },
  },
})

const TEXT = /^(text|character varying|character|name)$/
