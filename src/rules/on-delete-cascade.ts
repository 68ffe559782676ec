import { allConstraints } from '../model/constraint.js'
import { show, type QualifiedName } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'on-delete-cascade',
    code: 'B28',
    family: 'data-loss',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A foreign key deletes or changes rows on its own',
    why:
      'ON DELETE CASCADE deletes whatever points to a row, and what points to that, without a word from the application; one DELETE ' +
      'can empty half a database and lock rows of many tables until it is done. ON UPDATE CASCADE writes as far. Whether that is ' +
      'wanted is for a team to say: it is off by default.',
    instead: 'Let the key refuse (NO ACTION, RESTRICT) or SET NULL, and delete dependent rows by name.',
    messages: {
      deletes: 'Deleting from {{parent}} also deletes every row of {{table}} that points there',
      updates: 'Changing the key of {{parent}} also changes every row of {{table}} that points there',
    },
  },
  check: {
    'create-table'({ table, columns, constraints }) {
      const all = allConstraints({ columns, constraints })
      return all.flatMap((constraint) => spreads(table, constraint))
    },
    'add-column': ({ table, column }) => column.constraints.flatMap((constraint) => spreads(table, constraint)),
    'add-constraint': ({ table, constraint }) => spreads(table, constraint),
  },
})

function spreads(table: QualifiedName, constraint: TableConstraint): readonly Problem<'deletes' | 'updates'>[] {
  if (constraint.type !== 'foreign-key') return []
  const place = { at: constraint.span, data: { table: show(table), parent: show(constraint.references) } }
  if (constraint.onDelete === 'CASCADE') return [{ message: 'deletes', ...place }]
  return constraint.onUpdate === 'CASCADE' ? [{ message: 'updates', ...place }] : []
}
