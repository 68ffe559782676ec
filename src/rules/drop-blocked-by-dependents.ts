import { certaintyOf } from '../model/catalog.js'
import { obstaclesTo } from '../model/dependents.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-blocked-by-dependents',
    code: 'F20',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    once: 'statement',
    summary: 'Something is dropped while something else depends on it',
    why:
      'Without CASCADE PostgreSQL refuses (https://www.postgresql.org/docs/current/ddl-depend.html), and the migration stops. A test ' +
      'database that lacks the dependent, a view for a report or a foreign key of another team, does not show it.',
    instead:
      'Drop or change what depends on it first, in the same migration where that may go too. CASCADE would take along whatever else ' +
      'depends on it by then.',
    messages: { blocked: 'Drops {{object}}, on which {{dependent}} depends: PostgreSQL refuses' },
  },
  check: {
    operation(operation, { catalog, statement }) {
      // What owns an index is a matter of its own.
      const obstacles = operation.kind === 'drop-index' ? null : obstaclesTo(operation, catalog)
      const found = obstacles?.dependents.find(({ isDroppedBy }) => !statement.operations.some(isDroppedBy))
      if (!obstacles || found === undefined) return
      const data = { object: obstacles.object, dependent: found.what }
      return { message: 'blocked', at: operation.span, data, confidence: certaintyOf(catalog) }
    },
  },
})
