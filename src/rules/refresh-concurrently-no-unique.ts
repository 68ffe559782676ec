import type { CatalogIndex } from '../model/catalog.js'
import { quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'refresh-concurrently-no-unique',
    code: 'F24',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A materialized view is refreshed CONCURRENTLY that cannot be',
    why:
      'To find what changed, PostgreSQL compares the rows by a unique index over columns of the view that leaves none of them out, ' +
      'and the view must have been filled before. Without either it refuses ' +
      '(https://www.postgresql.org/docs/current/sql-refreshmaterializedview.html).',
    instead:
      'Create a unique index on columns of the view, without WHERE and without expressions; refresh a view that was created WITH NO ' +
      'DATA once without CONCURRENTLY.',
    messages: {
      index: 'Materialized view {{view}} cannot be refreshed CONCURRENTLY: it has no unique index over all its rows',
      empty:
        'Materialized view {{view}} cannot be refreshed CONCURRENTLY: it was created WITH NO DATA and never filled',
      noData: 'Materialized view {{view}} cannot be refreshed both CONCURRENTLY and WITH NO DATA',
    },
  },
  check: {
    'refresh-materialized-view'({ view, concurrently, withData, span }, { catalog }) {
      const known = catalog.view(view)
      if (!concurrently) return
      const place = { at: span, data: { view: show(view) } }
      if (!withData) return { message: 'noData', ...place }
      if (!known?.materialized) return
      // What was there before may have been filled by hand, or by the application.
      if (!known.populated && known.born !== 'base') {
        return { message: 'empty', ...place, fix: `REFRESH MATERIALIZED VIEW ${quote(view)};` }
      }
      if (!catalog.complete || catalog.indexes(view).some(identifiesRows)) return
      return { message: 'index', ...place }
    },
  },
})

function identifiesRows({ unique, partial, valid, columns }: CatalogIndex): boolean {
  return unique && !partial && valid && columns.every((column) => column !== null)
}
