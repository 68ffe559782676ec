import { show } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'duplicate-columns',
    code: 'F32',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'A statement names one column twice',
    why:
      'PostgreSQL refuses a table, a key, an INSERT or an UPDATE that names a column twice. It is what a merge of two edits or a copied ' +
      'line leaves behind.',
    instead: 'Take one of the two out, and see which of them was meant.',
    messages: {
      table: 'Column {{column}} is defined twice in {{table}}',
      key: 'Column {{column}} stands twice in a key of {{table}}',
      insert: 'Column {{column}} stands twice in the INSERT into {{table}}',
      update: 'Column {{column}} of {{table}} is set twice',
    },
  },
  check: {
    'create-table'({ table, columns, constraints, span }) {
      const column = twice(columns.map(({ name }) => name))
      if (column !== undefined) return { message: 'table', at: span, data: { column, table: show(table) } }
      return constraints.flatMap((constraint) => {
        const double = twice(keyColumns(constraint))
        if (double === undefined) return []
        return { message: 'key' as const, at: constraint.span, data: { column: double, table: show(table) } }
      })
    },
    'add-constraint'({ table, constraint, span }) {
      const column = twice(keyColumns(constraint))
      return column === undefined ? undefined : { message: 'key', at: span, data: { column, table: show(table) } }
    },
    insert({ table, columns, span }) {
      const column = twice(columns ?? [])
      return column === undefined ? undefined : { message: 'insert', at: span, data: { column, table: show(table) } }
    },
    update({ table, columns, span }) {
      const column = twice(columns)
      return column === undefined ? undefined : { message: 'update', at: span, data: { column, table: show(table) } }
    },
  },
})

function keyColumns(constraint: TableConstraint): readonly string[] {
  return constraint.type === 'primary-key' || constraint.type === 'unique' ? constraint.columns : []
}

function twice(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) !== index)
}
