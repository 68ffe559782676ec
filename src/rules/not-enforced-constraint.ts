import { allConstraints } from '../model/constraint.js'
import { show, type QualifiedName } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'not-enforced-constraint',
    code: 'F41',
    family: 'failure',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    postgres: { from: 18 },
    summary: 'A constraint is added that PostgreSQL does not enforce',
    why:
      'A constraint that is NOT ENFORCED checks nothing, neither the rows that are there nor those that come, and no query is planned ' +
      'by it. Whoever reads the schema takes it for a promise that the data keep.',
    instead: 'Enforce it; for a table with rows add it as NOT VALID first and validate it in a later migration.',
    messages: { idle: 'Constraint {{constraint}}of {{table}} is NOT ENFORCED: nothing checks it' },
  },
  check: {
    'add-constraint'({ table, constraint }) {
      return of(table, constraint)
    },
    'add-column'({ table, column }) {
      return column.constraints.flatMap((each) => of(table, each))
    },
    'create-table'({ table, columns, constraints }) {
      return allConstraints({ columns, constraints }).flatMap((each) => of(table, each))
    },
  },
})

function of(table: QualifiedName, { name, enforced, span }: TableConstraint): readonly Problem<'idle'>[] {
  if (enforced) return []
  return [{ message: 'idle', at: span, data: { table: show(table), constraint: name === null ? '' : `${name} ` } }]
}
