import { callOf } from '../model/calls.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'unanalysable-statement',
    code: 'L1',
    family: 'reading',
    weight: 'notice',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    once: 'statement',
    summary: 'What a statement does cannot be told from its text',
    why:
      'A function, a procedure or SQL that is put together at run time can lock, rewrite or delete anything. No rule has looked at ' +
      'it, so that nothing was found here does not mean that nothing is wrong.',
    instead:
      'Write the statements out where that is possible; otherwise look at what the call does by hand, and at its rehearsal.',
    messages: {
      statement: '{{statement}} is not analysed: what it locks and changes is not known here',
      function: 'What {{name}}() does is not known here: the call is not analysed',
      procedure: 'What procedure {{name}} does is not known here: the call is not analysed',
      dynamic: 'The DO block runs SQL that it builds at run time, which is not analysed',
      unread: 'Parts of the DO block could not be read as SQL and are not analysed',
    },
  },
  check: {
    unmodelled: ({ node, span }) => ({ message: 'statement', at: span, data: { statement: titleOf(node) } }),
    call: ({ procedure, span }) => ({ message: 'procedure', at: span, data: { name: show(procedure) } }),
    select({ functions, span }, { catalog }) {
      const name = functions.find((one) => {
        const volatility = catalog.volatilityOf(one)
        return volatility === undefined ? callOf(one) === 'unknown' : volatility === 'volatile'
      })
      return name === undefined ? undefined : { message: 'function', at: span, data: { name } }
    },
    do({ dynamic, unread, span }) {
      if (dynamic) return { message: 'dynamic', at: span }
      return unread > 0 ? { message: 'unread', at: span } : undefined
    },
  },
})

/** `CreatePublicationStmt` as people write it: CREATE PUBLICATION. */
function titleOf(node: string): string {
  return node
    .replace(/Stmt$/, '')
    .replace(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase()
}
