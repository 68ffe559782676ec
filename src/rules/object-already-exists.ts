import { existingIn } from '../model/existing.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'object-already-exists',
    code: 'F31',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'A statement makes something that an earlier migration has made already',
    why:
      'PostgreSQL stops there, and with it the migration. It happens where two branches add the same thing and both are merged, where a ' +
      'generator compared with a database that was behind, and where a statement was copied. A database that was changed by hand may ' +
      'lack it, so that the migration works for one person and for nobody else.',
    instead:
      'Take the statement out. IF NOT EXISTS helps only where what is there is known to be the same: it passes over another definition ' +
      'without a word.',
    messages: {
      relation: 'There is a table, view, index or sequence {{name}} already at this point of the history',
      exists: 'There is a {{what}} {{name}} already at this point of the history',
      part: '{{of}} has a {{what}} {{name}} already at this point of the history',
    },
  },
  check: {
    operation(operation, { catalog, statement }) {
      const existing = existingIn(operation, statement.sql, catalog)
      if (existing === null) return
      const { what, name, of } = existing
      // What was not understood may have dropped it.
      const doubt = catalog.complete ? {} : ({ confidence: 'likely', weight: 'warning' } as const)
      const data = { what, name: show(name), of: of === null ? '' : show(of) }
      const message = of !== null ? 'part' : what === 'relation' ? 'relation' : 'exists'
      return { message, at: operation.span, data, ...doubt }
    },
  },
})
