import { operationsOf } from '../model/migration.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-destroys-new-data',
    code: 'E12',
    family: 'rollback',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'The down script drops what will hold new data once the release is live',
    why:
      'It is the natural inverse, and right in the first minutes. Later it destroys everything that was written since: the longer ' +
      'the release has been live, the more a rollback costs. Nearly every migration that adds something has it, which is why the ' +
      'rule is off until a team asks for it.',
    instead: 'Say in the pull request until when a rollback is acceptable, and go forward with a fix after that.',
    messages: {
      table: 'The down script drops table {{table}}, with every row that was written since up',
      column: 'The down script drops column {{column}} of {{table}}, with every value that was written since up',
    },
  },
  check: {
    'drop-table'({ table, span }, { direction, migration }) {
      if (direction === 'up' || !operationsOf(migration.up).some((each) => createsTable(each, keyOf(table)))) return
      return { message: 'table', at: span, data: { table: show(table) } }
    },
    'drop-column'({ table, column, span }, { direction, migration }) {
      if (direction === 'up') return
      const adds = (each: Operation): boolean =>
        each.kind === 'add-column' && each.column.name === column && keyOf(each.table) === keyOf(table)
      if (!operationsOf(migration.up).some(adds)) return
      return { message: 'column', at: span, data: { table: show(table), column } }
    },
  },
})

function createsTable(operation: Operation, table: string): boolean {
  return operation.kind === 'create-table' && keyOf(operation.table) === table
}
