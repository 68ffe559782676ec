import { canChange, isPlain, keepsBooks, operationsOf } from '../model/migration.js'
import { show } from '../model/names.js'
import { overwrittenBy } from '../model/overwritten.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'overwrite-existing-values',
    code: 'B14',
    family: 'data-loss',
    weight: 'notice',
    confidence: 'likely',
    tables: 'existing',
    directions: 'up',
    once: 'script',
    summary:
      'An UPDATE replaces values of a column that existed before this pull request, and nothing can bring them back',
    why:
      'The old values are nowhere after the commit: the migration has no down script, or one that could not be read, and none could ' +
      'restore what was not kept. If the condition was wrong, only a backup helps. Filling NULLs and filling a column that this ' +
      'pull request adds are not meant. Where there is a down script, `lossy-inverse` speaks of it instead, and of an UPDATE of all ' +
      'rows `update-without-where` does.',
    instead:
      'Keep the old values for a release, in a column or table of their own, and drop that when nobody missed them.',
    messages: { replaced: 'Replaces values of {{columns}} in {{table}}; the old ones are kept nowhere' },
  },
  check: {
    update(operation, { catalog, conventions, migration }) {
      const { up, down } = migration
      if (keepsBooks(conventions, operation.table)) return
      if (isPlain(up) && isPlain(down) && operationsOf(down).some(canChange)) return
      const columns = overwrittenBy(operation, catalog)
      if (columns.length === 0) return
      return {
        message: 'replaced',
        at: operation.span,
        data: { table: show(operation.table), columns: columns.join(', ') },
      }
    },
  },
})
