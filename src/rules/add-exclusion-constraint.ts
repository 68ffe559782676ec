import { sureOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'add-exclusion-constraint',
    code: 'C30',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'An exclusion constraint builds its index and checks every row while all queries on the table wait',
    why:
      'ADD EXCLUDE builds an index and compares each row with the others, all under ACCESS EXCLUSIVE. There is no way round: it can be ' +
      'neither NOT VALID nor made from an index that was built before.',
    instead:
      'Create a second table that has the constraint from the start, copy the rows in batches while a trigger keeps both in step, and ' +
      'swap the names; or let a trigger check new rows; or take a maintenance window.',
    messages: {
      build: 'Adding exclusion constraint {{name}} checks every row of {{table}} while all queries on it wait',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog }) {
      if (constraint.type !== 'exclusion') return
      const name = constraint.name ?? `on ${constraint.columns.join(', ') || 'an expression'}`
      return { message: 'build', at: span, data: { name, table: show(table) }, confidence: sureOf(catalog, table) }
    },
  },
})
