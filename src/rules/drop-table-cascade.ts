import { isAbsent } from '../model/catalog.js'
import { keepsBooks } from '../model/migration.js'
import { keyOf, quote, show } from '../model/names.js'
import { isRecreated } from './drop-and-recreate-table.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-table-cascade',
    code: 'B2',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that existed before is dropped together with whatever depends on it',
    why:
      'Besides the rows, CASCADE takes every view that reads the table and every foreign key that points to it, and says so only in ' +
      'a NOTICE. The tables that lose a foreign key stay, without the guarantee. Which objects go depends on what the database at ' +
      'hand holds, so production may lose more than the test did. This says all that `drop-table` would, so that one keeps silent.',
    instead:
      'Drop the dependent views and foreign keys by name, then the table without CASCADE, which refuses when something was forgotten.',
    messages: {
      dropped:
        'Drops table {{table}} with all its rows, and with CASCADE every view and foreign key that depends on it',
      referenced: 'Drops table {{table}} with all its rows, and with CASCADE what depends on it: {{dependents}}',
    },
  },
  check: {
    'drop-table'(operation, context) {
      const { table, ifExists, cascade, span } = operation
      if (!cascade || isRecreated(operation, context) || keepsBooks(context.conventions, table)) return
      if (ifExists && isAbsent(context.catalog, table)) return
      const views = context.catalog.readers(table)
      const keys = context.catalog.referencing(table).filter((other) => keyOf(other.table) !== keyOf(table))
      const dependents = [
        ...views.map(({ name }) => `view ${show(name)}`),
        ...keys.map(({ table: owner, constraint }) => `foreign key ${constraint.name} of ${show(owner)}`),
      ]
      const fix = [
        ...views.map(({ name, materialized }) => `DROP ${materialized ? 'MATERIALIZED ' : ''}VIEW ${quote(name)};`),
        ...keys.map((key) => `ALTER TABLE ${quote(key.table)} DROP CONSTRAINT ${quote(key.constraint.name)};`),
        `DROP TABLE ${ifExists ? 'IF EXISTS ' : ''}${quote(table)};`,
      ].join('\n')
      const message = dependents.length > 0 ? 'referenced' : 'dropped'
      return { message, at: span, data: { table: show(table), dependents: dependents.join(', ') }, fix }
    },
  },
})
