import type { CatalogColumn, CatalogTable } from '../model/catalog.js'
import { show } from '../model/names.js'
import type { ColumnDefinition } from '../model/operations/table.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'if-not-exists-masks-definition',
    code: 'G16',
    family: 'failure',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'IF NOT EXISTS passes over something that exists with another definition',
    why:
      'PostgreSQL looks at the name alone. The statement succeeds and changes nothing, and the table keeps the columns and types that it ' +
      'had, while whoever reads the migration believes in those that it says.',
    instead: 'Change what is there with ALTER TABLE. IF NOT EXISTS is right only where what may be there is the same.',
    messages: {
      column: '{{table}} has a column {{column}} already, of type {{is}}: it does not become {{said}}',
      table: '{{table}} exists already, {{difference}}: this statement changes nothing of it',
    },
  },
  check: {
    'add-column'({ table, column, ifNotExists, span }, { catalog }) {
      const known = ifNotExists ? catalog.column(table, column.name) : undefined
      if (known === undefined || !differs(known, column)) return
      const data = { table: show(table), column: column.name, is: known.type.text, said: column.type.text }
      return { message: 'column', at: span, data }
    },
    'create-table'({ table, columns, ifNotExists, fromQuery, like, partitionOf, span }, { catalog }) {
      const known = ifNotExists ? catalog.table(table) : undefined
      if (known === undefined || fromQuery || like.length > 0 || partitionOf !== null) return
      const difference = differenceOf(known, columns)
      return difference === null ? undefined : { message: 'table', at: span, data: { table: show(table), difference } }
    },
  },
})

function differenceOf(known: CatalogTable, columns: readonly ColumnDefinition[]): string | null {
  for (const column of columns) {
    const there = known.columns.find(({ name }) => name === column.name)
    if (there === undefined) return known.complete ? `without the column ${column.name}` : null
    if (differs(there, column)) return `with ${column.name} as ${there.type.text}`
  }
  return null
}

function differs({ type }: CatalogColumn, column: ColumnDefinition): boolean {
  const said = column.type.serial ? column.type.name : column.type.text
  return type.schema === column.type.schema && type.text !== said
}
