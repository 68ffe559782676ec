import { remarksOf } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'call-always-fails',
    code: 'F46',
    family: 'failure',
    weight: 'error',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'A call that the migration tool refuses, whatever the database is like',
    why:
      'The tool stops at the call, in every environment. In an upgrade that is seen at once; in a downgrade it is seen on the day ' +
      'of the rollback. The usual one is `op.drop_constraint(None, …)`, which Alembic generates for a constraint without a name: ' +
      'PostgreSQL has given the constraint a name, but nobody says which.',
    instead:
      'Give every constraint a name where it is created, and the same name where it is dropped. PostgreSQL’s own names look like ' +
      '`orders_customer_id_fkey`, `orders_code_key` and `orders_total_check`.',
    messages: {
      fails: '{{tool}} refuses this call: {{why}}',
    },
  },
  check: {
    script(script, { conventions: { tool } }) {
      return remarksOf(script)
        .filter(({ kind }) => kind === 'always-fails')
        .map(({ what, at }) => ({ message: 'fails', at, data: { tool, why: what } }))
    },
  },
})
