import { columnIsNew } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { drops, operationsAfter } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-default',
    code: 'D13',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'The DEFAULT of a column that existed before this pull request is dropped',
    why:
      'An INSERT that does not name the column gets NULL instead of the default from the moment of the commit. In a NOT NULL column ' +
      'that is an error for every such INSERT of the release that is running; in another it is a NULL where there never was one. ' +
      'A default that is replaced, and one that goes with its column, is not meant; nor is the default of a column that this pull ' +
      'request adds, of which `not-null-column-default-dropped` speaks.',
    instead:
      'First release code that always writes the column, and drop the default when no release relies on it any more.',
    messages: {
      required:
        'Drops the DEFAULT of {{column}} in {{table}}, which is NOT NULL: an INSERT of deployed code that leaves it out fails',
      missing:
        'Drops the DEFAULT of {{column}} in {{table}}: an INSERT of deployed code that leaves it out now stores NULL',
    },
  },
  check: {
    'drop-default'(operation, { catalog, pull }) {
      const { table, column, span } = operation
      const known = catalog.column(table, column)
      if (columnIsNew(catalog, table, column) || (known !== undefined && known.default === null)) return
      const settles = (each: Operation): boolean =>
        drops(each, table, column) ||
        ((each.kind === 'set-default' || each.kind === 'alter-column-source') &&
          each.column === column &&
          keyOf(each.table) === keyOf(table))
      if (operationsAfter(operation, pull).some(settles)) return
      const message = known?.notNull === true ? 'required' : 'missing'
      return { message, at: span, data: { table: show(table), column } }
    },
  },
})
