import { certaintyOf } from '../model/catalog.js'
import { obstaclesTo } from '../model/dependents.js'
import { isRead } from '../model/migration.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'down-order-wrong',
    code: 'E6',
    family: 'rollback',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'script',
    summary: 'The down script drops something while something else depends on it',
    why:
      'Without CASCADE PostgreSQL refuses (https://www.postgresql.org/docs/current/ddl-depend.html), so the rollback fails at the ' +
      'moment when it is needed. Most often the statements of up were copied in their own order instead of the reverse one.',
    instead:
      'Drop in the reverse order of up: what depends on something goes before it. CASCADE would hide what else goes along.',
    messages: {
      order: 'The down script drops {{object}} before {{dependent}}, which depends on it: PostgreSQL refuses',
      kept: 'The down script drops {{object}} and leaves {{dependent}}, which depends on it: PostgreSQL refuses',
    },
  },
  check: {
    operation(operation, { direction, catalog, statement, script }) {
      const obstacles = direction === 'up' ? null : obstaclesTo(operation, catalog)
      // What the statement drops along is no obstacle.
      const found = obstacles?.dependents.find(({ isDroppedBy }) => !statement.operations.some(isDroppedBy))
      if (!obstacles || found === undefined) return
      const later = script.statements.slice(statement.index + 1).flatMap(({ operations }) => operations)
      const message = later.some(found.isDroppedBy) ? 'order' : 'kept'
      // A line that was not understood may have dropped what stands in the way.
      if (message === 'kept' && !isRead(script)) return
      const data = { object: obstacles.object, dependent: found.what }
      return { message, at: operation.span, data, confidence: certaintyOf(catalog) }
    },
  },
})
