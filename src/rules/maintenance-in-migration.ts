import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'maintenance-in-migration',
    code: 'G12',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A migration does the work of maintenance',
    why:
      'VACUUM reads the table and its indexes while the deployment waits, cannot run inside a transaction, and competes with autovacuum, ' +
      'which would do the same at a better time. ANALYZE after a back-fill is the exception: plans need it at once.',
    instead: 'Leave VACUUM to autovacuum or to a job of its own.',
    messages: { vacuum: 'VACUUM of {{table}} makes the deployment wait for maintenance' },
  },
  check: {
    vacuum({ table, full, span }) {
      // VACUUM FULL has a finding of its own.
      if (full) return
      return { message: 'vacuum', at: span, data: { table: table === null ? 'the whole database' : show(table) } }
    },
  },
})
