import { sureOf } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-column-constrained-domain',
    code: 'C45',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A column is added whose domain has a constraint, so the table is rewritten',
    why:
      'PostgreSQL checks the domain’s constraint by writing every row anew, although all of them hold the same value, NULL for want of ' +
      'a default. The table and its indexes are rewritten under ACCESS EXCLUSIVE, in versions 10 to 18.',
    instead:
      'Give the column the type that is behind the domain, and the condition as a CHECK that is added NOT VALID and validated in a ' +
      'later migration.',
    messages: { domain: 'Adding {{column}} of domain {{domain}} rewrites {{table}} while every query on it waits' },
  },
  check: {
    'add-column'({ table, column, span }, { catalog, effect }) {
      const { type, default: value } = column
      const domain = catalog.domain({ schema: type.schema, name: type.name })
      if (domain?.constrained !== true || type.arrays > 0 || effect.rewrites.length === 0) return
      // A default that differs from row to row, and a generated column, rewrite the table whatever their type.
      const isConstant = value === null || value.volatility === 'immutable' || value.volatility === 'stable'
      if (!isConstant || column.generated?.stored === true) return
      return {
        message: 'domain',
        at: span,
        data: { column: column.name, domain: show(domain.name), table: show(table) },
        confidence: sureOf(catalog, table),
        fix: [
          `ALTER TABLE ${quote(table)} ADD COLUMN ${quote(column.name)} ${domain.type.text};`,
          `-- then the domain's condition, as a CHECK on ${quote(column.name)} that is NOT VALID`,
        ].join('\n'),
      }
    },
  },
})
