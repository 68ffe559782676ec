import { keyOf, show } from '../model/names.js'
import { clearedBy, rerunFault } from '../model/rerun.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'repeatable-migration-not-idempotent',
    code: 'A25',
    family: 'history',
    weight: 'warning',
    confidence: 'likely',
    tables: 'any',
    directions: 'up',
    summary: 'A repeatable migration holds a statement that fails or doubles its effect when it runs again',
    why:
      'The tool runs the file again whenever its text changes, on databases that have run it before. A plain CREATE then fails on ' +
      'the object that is there, a plain DROP on the one that is not, and an INSERT puts the same rows in a second time. The first ' +
      'run, which is all that a test sees, goes well.',
    instead:
      'Use CREATE OR REPLACE, IF NOT EXISTS and IF EXISTS, and INSERT … ON CONFLICT; or drop the object first, if it exists.',
    messages: {
      creates: 'Repeatable migration creates {{name}} without a guard: the next run fails because it exists',
      drops: 'Repeatable migration drops {{name}} without IF EXISTS: the next run fails because it is gone',
      inserts:
        'Repeatable migration inserts into {{name}} without ON CONFLICT: the next run inserts the same rows again',
    },
  },
  check: {
    script(script, { migration }) {
      if (script.kind !== 'script' || !migration.revision.repeatable) return
      const cleared = new Set<string>()
      return script.statements.flatMap(({ operations }) =>
        operations.flatMap((operation) => {
          const emptied = clearedBy(operation)
          if (emptied !== null) cleared.add(keyOf(emptied))
          const fault = rerunFault(operation)
          if (fault === null || cleared.has(keyOf(fault.name))) return []
          return [{ message: fault.kind, at: operation.span, data: { name: show(fault.name) } }]
        }),
      )
    },
  },
})
