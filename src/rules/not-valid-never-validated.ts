import { constraintName } from '../model/constraint.js'
import { operationsOf } from '../model/migration.js'
import { keyOf, quote, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'not-valid-never-validated',
    code: 'G18',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A constraint is added as NOT VALID and not validated in this pull request',
    why:
      'New rows are checked, those that were there before are not, and the planner does not rely on it until it is validated. ' +
      'Leaving the validation to a later release is exactly the careful way, so this is a reminder and not a reproach: too often ' +
      'the later release never comes.',
    instead: 'Plan the migration that runs VALIDATE CONSTRAINT, in this pull request or the next.',
    messages: {
      pending: 'Constraint {{name}} on {{table}} is NOT VALID, and nothing in this pull request validates it',
    },
  },
  check: {
    'add-constraint'({ table, constraint, span }, { pull }) {
      if (constraint.validated || !constraint.enforced) return
      const name = constraintName(table, constraint)
      const settled = pull
        .flatMap(({ up }) => operationsOf(up))
        .some((later) => {
          if (later.kind !== 'validate-constraint' && later.kind !== 'drop-constraint') return false
          return later.constraint === name && keyOf(later.table) === keyOf(table)
        })
      if (settled) return
      return {
        message: 'pending',
        at: span,
        data: { name, table: show(table) },
        fix: `-- in a later migration:\nALTER TABLE ${quote(table)} VALIDATE CONSTRAINT ${quote(name)};`,
      }
    },
  },
})
