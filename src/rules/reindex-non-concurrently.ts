import { certaintyOf, type Catalog } from '../model/catalog.js'
import { quote, show, type QualifiedName } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'reindex-non-concurrently',
    code: 'C3',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    postgres: { from: 12 },
    summary: 'An index is rebuilt while writes to its table, and most reads of it, wait',
    why:
      'REINDEX holds SHARE on the table, which stops writes, and ACCESS EXCLUSIVE on each index for as long as it is built. Planning ' +
      'a query looks at every index of its tables, so plain SELECTs wait as well.',
    instead:
      'Use REINDEX … CONCURRENTLY, outside a transaction. Should it fail, drop the index with the ending `_ccnew` that it leaves ' +
      'behind, and start again.',
    messages: {
      index: 'Rebuilding index {{index}} stops writes to {{table}} and queries that are planned over it',
      table: 'Rebuilding the indexes of {{table}} stops writes to it and queries that are planned over it',
    },
  },
  check: {
    reindex({ target, name, concurrently, span }, { catalog }) {
      if (concurrently || name === null || (target !== 'index' && target !== 'table')) return
      const table = target === 'table' ? name : catalog.index(name)?.table
      if (table === undefined ? catalog.complete : isTemporary(catalog, table)) return
      return {
        message: target,
        at: span,
        data: { index: show(name), table: table ? show(table) : 'its table' },
        confidence: table ? certaintyOf(catalog) : 'likely',
        fix: `REINDEX ${target.toUpperCase()} CONCURRENTLY ${quote(name)};`,
      }
    },
  },
})

function isTemporary(catalog: Catalog, table: QualifiedName): boolean {
  return catalog.table(table)?.persistence === 'temporary'
}
