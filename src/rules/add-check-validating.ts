import { sureOf } from '../model/catalog.js'
import { addThenValidate } from '../model/constraint.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-check-validating',
    code: 'C25',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A check constraint is tested on all existing rows while every query on the table waits',
    why:
      'ADD CHECK reads the whole table under ACCESS EXCLUSIVE, so that readers wait too, from the first row to the last. A check ' +
      'written on a new column does the same, although every row holds the same value.',
    instead:
      'Add it as NOT VALID: new rows are checked from then on. Then run VALIDATE CONSTRAINT in a later migration, which reads the ' +
      'rows while reads and writes go on.',
    messages: {
      validate: 'Adding {{check}} reads all of {{table}} while every query on it waits',
      column: 'Adding column {{column}} with a check reads all of {{table}} while every query on it waits',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog }) {
      if (constraint.type !== 'check' || !constraint.validated || !constraint.enforced) return
      return {
        message: 'validate',
        at: span,
        data: { check: constraint.name === null ? 'a check' : `check ${constraint.name}`, table: show(table) },
        confidence: sureOf(catalog, table),
        fix: addThenValidate(table, constraint),
      }
    },
    'add-column'({ table, column, span }, { catalog, effect }) {
      if (effect.rewrites.length > 0) return
      if (!column.constraints.some(({ type, enforced }) => type === 'check' && enforced)) return
      return {
        message: 'column',
        at: span,
        data: { column: column.name, table: show(table) },
        confidence: sureOf(catalog, table),
      }
    },
  },
})
