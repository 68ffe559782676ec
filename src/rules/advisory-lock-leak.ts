import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'advisory-lock-leak',
    code: 'G21',
    family: 'hygiene',
    weight: 'notice',
    confidence: 'likely',
    tables: 'any',
    directions: 'both',
    summary: 'An advisory lock of the session is taken and not given back',
    why:
      'The lock of pg_advisory_lock is held until the connection ends, COMMIT and ROLLBACK do not give it back, and behind a pooler the connection may ' +
      'live for days. The next deployment waits for it without end.',
    instead: 'Take pg_advisory_xact_lock, which goes with the transaction, or call pg_advisory_unlock.',
    messages: { kept: '{{name}} is held until the connection ends: nothing in this script gives it back' },
  },
  check: {
    select({ functions, span }, { script, statement }) {
      const name = functions.find((each) => /^pg_(try_)?advisory_lock(_shared)?$/.test(each))
      if (name === undefined) return
      const later = script.statements.slice(statement.index).flatMap(({ operations }) => operations)
      const gives = later.some(
        (each) => each.kind === 'select' && each.functions.some((f) => f.startsWith('pg_advisory_unlock')),
      )
      return gives ? undefined : { message: 'kept', at: span, data: { name } }
    },
  },
})
