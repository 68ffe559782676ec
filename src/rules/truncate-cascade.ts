import type { Catalog } from '../model/catalog.js'
import { keepsBooks } from '../model/migration.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'truncate-cascade',
    code: 'B10',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table is emptied together with every table that references it',
    why:
      'CASCADE follows the foreign keys, and theirs in turn, and empties every table it reaches, each under ACCESS EXCLUSIVE. One ' +
      'foreign key that somebody adds later is enough to make it reach further than its author knew. It says all that `truncate` ' +
      'would, so that one keeps silent.',
    instead:
      'Name the tables that are meant in one TRUNCATE without CASCADE; PostgreSQL refuses when another one references them.',
    messages: {
      unknown: 'Empties table {{table}} and, with CASCADE, every table that references it',
      known: 'Empties table {{table}} and, with CASCADE, the tables that reference it: {{others}}',
    },
  },
  check: {
    truncate({ table, cascade, restartIdentity, span }, { catalog, conventions }) {
      if (!cascade || keepsBooks(conventions, table)) return
      const others = reached(table, catalog)
      const names = [table, ...others].map(quote).join(', ')
      return {
        message: others.length > 0 ? 'known' : 'unknown',
        at: span,
        data: { table: show(table), others: others.map(show).join(', ') },
        fix: `TRUNCATE ${names}${restartIdentity ? ' RESTART IDENTITY' : ''};`,
      }
    },
  },
})

/** The other tables that CASCADE empties, as far as their foreign keys are known. */
function reached(table: QualifiedName, catalog: Catalog): readonly QualifiedName[] {
  const found = new Map([[keyOf(table), table]])
  // A map hands out what is added to it while it is being walked.
  for (const current of found.values()) {
    for (const { table: other } of catalog.referencing(current))
      if (!found.has(keyOf(other))) found.set(keyOf(other), other)
  }
  return [...found.values()].slice(1)
}
