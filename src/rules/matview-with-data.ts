import { isOld } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'matview-with-data',
    code: 'C62',
    family: 'blocking',
    // How long the query runs nobody knows from the text: it is worth a warning where a table is known to be large.
    weight: 'notice',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    summary: 'A materialized view is created and filled in one statement',
    why:
      'CREATE MATERIALIZED VIEW runs its query to the end before the deployment goes on. In a transaction, whatever earlier statements ' +
      'have locked stays locked for all of that time, and rows that are no longer needed cannot be cleaned up.',
    instead: 'Create it WITH NO DATA, then fill it with REFRESH MATERIALIZED VIEW in a step of its own or in a job.',
    messages: { fill: 'Creating {{view}} runs its query over {{tables}} during the deployment' },
  },
  check: {
    'create-view'({ view, materialized, withData, ifNotExists, reads, span }, { catalog, sizeOf, statement }) {
      if (!materialized || !withData || (ifNotExists && catalog.view(view) !== undefined)) return
      const old = reads.filter((each) => isOld(catalog, each))
      if (old.length === 0) return
      const large = old.some((table) => sizeOf(table) === 'large')
      return {
        message: 'fill',
        at: span,
        data: { view: show(view), tables: listed(old) },
        fix: `${statement.sql.trim().replace(/(?:\s+WITH\s+DATA)?\s*;?$/i, '')}\nWITH NO DATA;`,
        ...(large ? { weight: 'warning' as const } : {}),
      }
    },
  },
})

function listed(tables: readonly QualifiedName[]): string {
  return [...new Set(tables.map(show))].join(', ')
}
