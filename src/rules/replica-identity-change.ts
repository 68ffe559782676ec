import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'replica-identity-change',
    code: 'D24',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table loses what logical replication knows its rows by, or sends them whole',
    why:
      'A table that is published has to tell which row an UPDATE or DELETE is about. Without a replica identity PostgreSQL refuses ' +
      'both on the publisher itself (“does not have a replica identity and publishes updates”): the application stops, not only the ' +
      'subscriber. REPLICA IDENTITY FULL works for any table, but writes the whole old row into the log for each change, and a ' +
      'subscriber without a fitting index reads its whole table for each.',
    instead:
      'Let it rest on the primary key (DEFAULT), or on a unique index over NOT NULL columns with USING INDEX. Change subscribers first.',
    messages: {
      nothing:
        'Table {{table}} gets no replica identity: where it is published, PostgreSQL refuses UPDATE and DELETE on it',
      keyless:
        'Table {{table}} gets its primary key as replica identity, and has none: where it is published, PostgreSQL refuses UPDATE and DELETE on it',
      full: 'Table {{table}} writes whole old rows into the log for every UPDATE and DELETE',
    },
  },
  check: {
    'alter-table'({ table, identity, span }, { catalog }) {
      const data = { table: show(table) }
      const fix = `ALTER TABLE ${quote(table)} REPLICA IDENTITY DEFAULT;`
      const known = catalog.table(table)
      const hasKey = known?.constraints.some(({ type }) => type === 'primary-key') === true
      if (identity === 'nothing') return { message: 'nothing', at: span, data, ...(hasKey ? { fix } : {}) }
      if (identity === 'full') {
        return { message: 'full', at: span, data, weight: 'notice', ...(hasKey ? { fix } : {}) }
      }
      if (identity !== 'default' || hasKey || known?.complete !== true) return
      return { message: 'keyless', at: span, data }
    },
  },
})
