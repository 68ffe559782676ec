import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'session-pooler-hazard',
    code: 'C73',
    family: 'transaction',
    // Only a team whose migrations go through a pooler has this problem, and no file says that they do.
    weight: 'off',
    confidence: 'possible',
    tables: 'any',
    directions: 'both',
    summary: 'A migration relies on its session, which a transaction pooler does not give it',
    why:
      'A pooler in transaction mode hands each transaction to whatever server connection is free. A SET without LOCAL, or an advisory lock ' +
      'of the session, then stays behind on a connection that other clients get next, and is missing on the one that runs the following ' +
      'statement.',
    instead:
      'Let migrations connect to the server itself, past the pooler; or use SET LOCAL and pg_advisory_xact_lock().',
    messages: {
      set: 'SET {{name}} may end up on another server connection than the statements after it',
      lock: '{{name}}() may be taken on one server connection and given back on another',
    },
  },
  check: {
    set({ name, value, local, span }, { session }) {
      // What is set for one transaction stays in it, and what nobody sets needs no session.
      if (local || value === null || session.inTransaction) return
      return { message: 'set', at: span, data: { name } }
    },
    select({ functions, span }) {
      const name = functions.find((each) => /^pg_(?:try_)?advisory_(?:un)?lock(?:_shared)?$/.test(each))
      return name === undefined ? undefined : { message: 'lock', at: span, data: { name } }
    },
  },
})
