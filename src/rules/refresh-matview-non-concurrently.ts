import { certaintyOf, type CatalogIndex } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'refresh-matview-non-concurrently',
    code: 'C60',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A materialized view is filled again while everyone who reads it waits',
    why:
      'REFRESH MATERIALIZED VIEW holds ACCESS EXCLUSIVE on the view for as long as its query runs and its indexes are built. ' +
      'Whoever reads the view waits for all of that.',
    instead:
      'Use REFRESH MATERIALIZED VIEW CONCURRENTLY, for which the view needs a unique index on columns, without WHERE. Better still, ' +
      'leave refreshing to a scheduled job.',
    messages: { refresh: 'Refreshing {{view}} closes it to readers for as long as its query runs' },
  },
  check: {
    'refresh-materialized-view'({ view, concurrently, withData, span }, { catalog }) {
      const known = catalog.view(view)
      // What is empty cannot be read, and cannot be refreshed CONCURRENTLY.
      if (concurrently || !withData || known?.populated === false) return
      const identified = catalog.indexes(view).some(identifiesRows)
      return {
        message: 'refresh',
        at: span,
        data: { view: show(view) },
        confidence: known ? certaintyOf(catalog) : 'likely',
        ...(identified ? { fix: `REFRESH MATERIALIZED VIEW CONCURRENTLY ${quote(view)};` } : {}),
      }
    },
  },
})

function identifiesRows({ unique, partial, valid, columns }: CatalogIndex): boolean {
  return unique && !partial && valid && columns.every((column) => column !== null)
}
