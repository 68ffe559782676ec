import { certaintyOf } from '../model/catalog.js'
import { show } from '../model/names.js'
import { hasPolicy } from '../model/policies.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'force-rls-on-live-table',
    code: 'D31',
    family: 'compatibility',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'The owner of a table without policies loses sight of all its rows',
    why:
      'The owner passes by row level security until FORCE says otherwise, and most applications connect as the owner of their ' +
      'tables. With no policy, every row is then invisible to the running release: its queries return nothing, its UPDATE and DELETE ' +
      'change nothing, and none of that is an error. Only superusers and roles with BYPASSRLS still see the rows. A table for which ' +
      'this pull request or the history has a policy is not meant, though that policy may be for others.',
    instead: 'Create a policy for the role that the application connects as first, and try its queries as that role.',
    messages: {
      hidden:
        'Forces row level security on the owner of {{table}}, which has no policy: all its rows vanish from code that connects as the owner',
    },
  },
  check: {
    'set-row-security'({ table, state, span }, { catalog, pull }) {
      if (state !== 'forced' || hasPolicy(catalog, table, pull)) return
      return { message: 'hidden', at: span, data: { table: show(table) }, confidence: certaintyOf(catalog) }
    },
  },
})
