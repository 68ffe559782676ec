import { failedStep } from '../model/evidence.js'
import { firstChangeIn } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { listed } from '../model/listing.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'up-down-up-schema-differs',
    code: 'E10',
    family: 'rollback',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    proven: true,
    summary: 'The migration led to another schema the second time',
    why:
      'The same script on the same schema came out differently: names that PostgreSQL generates and that were taken, counters, dates ' +
      'or the order of a query decide what it creates. Two databases that ran it are not alike, and a later migration that names ' +
      'the object fails on one of them.',
    instead: 'Name every object, and let nothing but the schema decide what is created.',
    messages: { differs: 'Up leads to another schema when it is run again after down: {{residue}}' },
  },
  check: {
    evidence(rehearsal, { migration }) {
      const { verdict, residue } = rehearsal
      if (verdict !== 'reapply-fails' || residue.length === 0 || failedStep(rehearsal, 'reapply')) return
      const at = firstChangeIn(migration.up.script, startOf(migration.revision.path))
      return { message: 'differs', at, data: { residue: listed(residue) } }
    },
  },
})
