import { certaintyOf } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import { hasPolicy } from '../model/policies.js'
import { operationsIn } from '../model/pulled.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rls-enabled-on-live-table',
    code: 'D30',
    family: 'compatibility',
    weight: 'warning',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    summary: 'Row level security hides rows of a table that the running release uses',
    why:
      'With row level security on and no policy, every role but the owner and those with BYPASSRLS finds the table empty: SELECT, ' +
      'UPDATE and DELETE touch no row and raise no error, INSERT is refused. A restrictive policy takes rows away in the same quiet ' +
      'manner. The text does not tell as whom the application connects. A table for which this pull request or the history has a ' +
      'policy is not meant; with FORCE, `force-rls-on-live-table` speaks instead.',
    instead:
      'Create the policies of every role that uses the table in the same transaction, before ENABLE ROW LEVEL SECURITY, and try the ' +
      'queries as that role.',
    messages: {
      denied:
        'Turns row level security on for {{table}}, which has no policy: every role but its owner finds no rows, without an error',
      restrictive:
        'Policy {{policy}} on {{table}} is RESTRICTIVE: rows that do not satisfy it vanish from the running release, without an error',
    },
  },
  check: {
    'set-row-security'({ table, state, span }, { catalog, pull }) {
      if (state !== 'enabled' || hasPolicy(catalog, table, pull)) return
      const isForced = operationsIn(pull).some(
        (each) => each.kind === 'set-row-security' && each.state === 'forced' && keyOf(each.table) === keyOf(table),
      )
      if (isForced) return
      return { message: 'denied', at: span, data: { table: show(table) }, confidence: certaintyOf(catalog) }
    },
    'create-policy'({ table, name, restrictive, span }) {
      if (!restrictive) return
      return { message: 'restrictive', at: span, data: { table: show(table), policy: name }, confidence: 'possible' }
    },
  },
})
