import { allConstraints } from '../model/constraint.js'
import { asksTheMoment } from '../model/moment.js'
import { show, type QualifiedName } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'volatile-check-constraint',
    code: 'F8',
    family: 'failure',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A CHECK depends on more than the row',
    why:
      'PostgreSQL takes it for granted that a CHECK says the same of the same row for ever. One that asks the clock, the session or a ' +
      'random number is accepted, is tested when a row is written, and may be false a day later: then an UPDATE of another column ' +
      'fails, and so does the restore of a dump.',
    instead: 'Compare with columns and constants only, and keep what depends on the moment of writing in a trigger.',
    messages: { moving: 'The CHECK {{name}}on {{table}} holds or not by when it is asked: {{expression}}' },
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

function of(table: QualifiedName, constraint: TableConstraint): readonly Problem<'moving'>[] {
  if (constraint.type !== 'check') return []
  const { expression } = constraint
  if (!asksTheMoment(expression)) return []
  const name = constraint.name === null ? '' : `${constraint.name} `
  return [{ message: 'moving', at: constraint.span, data: { name, table: show(table), expression: expression.text } }]
}
