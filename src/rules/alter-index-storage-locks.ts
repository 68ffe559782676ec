import { certaintyOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { limited } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'alter-index-storage-locks',
    code: 'C10',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A storage parameter of an index is changed under a lock that stops queries on its table',
    why:
      'Parameters such as fastupdate, gin_pending_list_limit, buffering, pages_per_range and autosummarize take ACCESS EXCLUSIVE on the index; fillfactor ' +
      'and deduplicate_items do not. Planning a query looks at every index of its tables, so that behind the waiting statement even ' +
      'queries that would not use the index stop.',
    instead: 'Set lock_timeout to a few seconds before it, and let the deployment try again.',
    messages: {
      lock: 'Changing {{option}} of index {{index}} stops every query on {{table}}, and nothing limits the wait for it',
    },
  },
  check: {
    'alter-index'({ index, action, names, span }, { catalog, session, statement }) {
      if ((action !== 'set-options' && action !== 'reset-options') || session.lockTimeout !== null) return
      const option = names.find((name) => !LIGHT.has(name))
      const known = catalog.index(index)
      if (option === undefined || (known === undefined && catalog.complete)) return
      return {
        message: 'lock',
        at: span,
        data: { option, index: show(index), table: known ? show(known.table) : 'its table' },
        confidence: known ? certaintyOf(catalog) : 'likely',
        fix: limited(statement.sql, session.inTransaction),
      }
    },
  },
})

/** Seen to need no more than SHARE UPDATE EXCLUSIVE. */
const LIGHT: ReadonlySet<string> = new Set(['fillfactor', 'deduplicate_items'])
