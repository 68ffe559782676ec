import { keyOf, show } from '../model/names.js'
import { clearedBy, rerunFault } from '../model/rerun.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'non-idempotent-statement',
    code: 'G14',
    family: 'hygiene',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A statement that cannot run twice stands in a script without a transaction',
    why:
      'Without a transaction what ran before a failure stays. The tool begins the script again at its top, and the first ' +
      'statement that creates what is there, or drops what is gone, stops it for good: somebody has to repair the database by ' +
      'hand.',
    instead:
      'Put one statement into such a script; or write IF [NOT] EXISTS, and for an index that is built CONCURRENTLY drop what a ' +
      'failed build has left behind first.',
    messages: {
      creates: 'Creates {{name}}: when a later statement fails, the next run stops here',
      drops: 'Drops {{name}}: when a later statement fails, the next run stops here',
      inserts: 'Inserts into {{name}}: when a later statement fails, the next run does it again',
    },
  },
  check: {
    operation(operation, { session, script, statement }) {
      // What is last has nothing after it that could fail.
      if (session.inTransaction || statement.index === script.statements.length - 1) return
      const fault = rerunFault(operation)
      if (fault === null) return
      const before = script.statements.slice(0, statement.index).flatMap(({ operations }) => operations)
      const isCleared = before.some((each) => {
        const emptied = clearedBy(each)
        return emptied !== null && keyOf(emptied) === keyOf(fault.name)
      })
      return isCleared ? undefined : { message: fault.kind, at: operation.span, data: { name: show(fault.name) } }
    },
  },
})
