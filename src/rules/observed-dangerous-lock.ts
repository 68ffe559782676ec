import { blockedBy } from '../model/effect.js'
import { keyOf, show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'observed-dangerous-lock',
    code: 'C96',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A statement was seen to take a lock that its text does not show, and others wait for it',
    why:
      'The rehearsal looks into `pg_locks` after every statement. What a function, a trigger, an extension or a string that is put ' +
      'together at run time does to a table cannot be read in the migration, and holds its lock until the transaction ends all the same. ' +
      'SHARE and what is stronger stop every write to the table; ACCESS EXCLUSIVE stops every query.',
    instead:
      'Write the statement out, so that reviewers see it and rules can judge it. Keep the transaction around it short, and set ' +
      'lock_timeout before it.',
    messages: { takes: 'Takes {{mode}} on {{table}}, which blocks {{blocked}}' },
  },
  check: {
    evidence(_, { statements }) {
      return statements.flatMap(({ statement, unforeseen }) => {
        const { locks, rewrites } = unforeseen ?? { locks: [], rewrites: [] }
        // A rewrite has a rule of its own, and no less strong a lock.
        const others = locks.filter(({ table }) => !rewrites.some((each) => keyOf(each) === keyOf(table)))
        return others.flatMap(({ table, mode }) => {
          const blocked = blockedBy(mode).filter((who) => who !== 'ddl')
          if (blocked.length === 0) return []
          const data = { mode, table: show(table), blocked: blocked.join(' and ') }
          return { message: 'takes' as const, at: statement.span, table, data }
        })
      })
    },
  },
})
