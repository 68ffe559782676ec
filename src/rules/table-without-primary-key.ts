import { allConstraints } from '../model/constraint.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'table-without-primary-key',
    code: 'I1',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A table has no primary key',
    why: 'Rows without a key cannot be told apart: duplicates cannot be removed one by one, logical replication refuses UPDATE and DELETE, and tools that look for a key find none.',
    instead: 'Give the table a primary key.',
    messages: { keyless: 'Table {{table}} has no primary key' },
  },
  check: {
    'create-table'(operation, { script, statement }) {
      const { table, columns, constraints, persistence, partitionOf, inherits, like, fromQuery, span } = operation
      if (persistence === 'temporary' || partitionOf !== null || inherits.length > 0 || like.length > 0 || fromQuery)
        return
      const all = allConstraints({ columns, constraints })
      if (all.some(({ type }) => type === 'primary-key')) return
      const later = script.statements.slice(statement.index + 1).flatMap(({ operations }) => operations)
      const isGiven = later.some(
        (each) =>
          each.kind === 'add-constraint' && each.constraint.type === 'primary-key' && show(each.table) === show(table),
      )
      return isGiven ? undefined : { message: 'keyless', at: span, data: { table: show(table) } }
    },
  },
})
