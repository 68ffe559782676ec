import { sureOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { isZoneChange } from '../model/type-change.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'timestamp-timezone-dependent',
    code: 'C49',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A timestamp gains or loses its time zone by the TimeZone that the session happens to have',
    why:
      'Without AT TIME ZONE each value is converted by the session’s TimeZone, which differs from one machine or role to the next: the ' +
      'same migration then stores other moments. And only where that is UTC, from PostgreSQL 12 on, are the rows left alone; elsewhere ' +
      'the table is rewritten under ACCESS EXCLUSIVE.',
    instead:
      "Where the values are meant as UTC, SET LOCAL TimeZone = 'UTC' before it: nothing is rewritten then. Where they are not, say so " +
      'with USING … AT TIME ZONE, and do it as a new column that is filled in batches.',
    messages: {
      zone: 'Changing {{column}} from {{from}} to {{to}} goes by the session’s TimeZone, and rewrites {{table}} unless that is UTC',
    },
  },
  check: {
    'set-column-type'({ table, column, type, using, span }, { catalog, effect, session, sizeOf, statement, postgres }) {
      const from = catalog.column(table, column)?.type
      if (from === undefined || effect.rewrites.length === 0 || !isZoneChange(from, type, using)) return
      const inUtc = postgres >= 12 && session.inTransaction
      return {
        message: 'zone',
        at: span,
        data: { column, from: from.text, to: type.text, table: show(table) },
        confidence: sureOf(catalog, table),
        fix: inUtc
          ? `SET LOCAL TimeZone = 'UTC';\n${statement.sql.trim().replace(/;?$/, ';')}`
          : `ALTER TABLE ${quote(table)} ALTER COLUMN ${quote(column)} TYPE ${type.text} USING ${quote(column)} AT TIME ZONE 'UTC';`,
        ...(sizeOf(table) === 'large' ? { weight: 'error' as const } : {}),
      }
    },
  },
})
