import { certaintyOf } from '../model/catalog.js'
import { constraintName } from '../model/constraint.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'not-valid-fk-on-partitioned',
    code: 'F25',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    postgres: { until: 17 },
    summary: 'A foreign key of a partitioned table is added as NOT VALID',
    why:
      'Up to PostgreSQL 17 this is refused; 18 allows it (https://www.postgresql.org/docs/18/release-18.html). Where developers ' +
      'already use 18 it passes every test and fails in production.',
    instead:
      'Add the key as NOT VALID to each partition and validate it there; then add it to the parent, which takes over what the ' +
      'partitions have and need not read them again.',
    messages: {
      refused:
        'Foreign key {{name}} cannot be added as NOT VALID: {{table}} is partitioned, which PostgreSQL {{postgres}} refuses',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { catalog, postgres }) {
      if (constraint.type !== 'foreign-key' || constraint.validated || !catalog.table(table)?.partitioned) return
      const data = { name: constraintName(table, constraint), table: show(table), postgres }
      return { message: 'refused', at: span, data, confidence: certaintyOf(catalog) }
    },
  },
})
