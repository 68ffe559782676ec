import { isOld } from '../model/catalog.js'
import { constraintName } from '../model/constraint.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'pg18-not-null-not-valid',
    code: 'C35',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    postgres: { from: 18 },
    summary: 'A CHECK stands in for a NOT NULL constraint that PostgreSQL 18 can add NOT VALID itself',
    why:
      'Before PostgreSQL 18 a validated CHECK was the only way to make an existing column NOT NULL without reading the table under a ' +
      'lock: four steps, one of which drops the CHECK again. From 18 on NOT NULL is a constraint of its own that can be NOT VALID, and ' +
      'validating it lets reads and writes pass.',
    instead: 'Add NOT NULL … NOT VALID, and VALIDATE CONSTRAINT in a later migration; nothing is left to clean up.',
    messages: {
      native: 'From PostgreSQL 18 on {{column}} of {{table}} can be made NOT NULL without the detour over a CHECK',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog }) {
      if (constraint.type !== 'check' || constraint.validated || !constraint.enforced) return
      const column = notNull(constraint.expression.text)
      if (column === undefined || !isOld(catalog, table)) return
      const name = quote(constraintName(table, constraint))
      return {
        message: 'native',
        at: span,
        data: { column, table: show(table) },
        fix: [
          `ALTER TABLE ${quote(table)} ADD CONSTRAINT ${name} NOT NULL ${quote(column)} NOT VALID;`,
          '-- in a later migration:',
          `ALTER TABLE ${quote(table)} VALIDATE CONSTRAINT ${name};`,
        ].join('\n'),
      }
    },
  },
})

/** The column of which a condition says that it is not null, and nothing else. */
function notNull(condition: string): string | undefined {
  const [, name, quoted] = /^[\s(]*(?:([a-z_][\w$]*)|"([^"]+)")\s+is\s+not\s+null[\s)]*$/i.exec(condition) ?? []
  return quoted ?? name?.toLowerCase()
}
