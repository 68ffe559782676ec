import { compareLocks } from '../model/effect.js'
import { heldSince } from '../model/held.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'validate-while-blocking',
    code: 'C32',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A constraint is validated in a transaction that holds a stronger lock already',
    why:
      'VALIDATE CONSTRAINT by itself lets reads and writes pass. But a lock lives until its transaction ends: in the transaction that ' +
      'added the constraint, or changed anything else about the table, the rows are read under that lock, and NOT VALID has bought ' +
      'nothing.',
    instead: 'Put VALIDATE CONSTRAINT into a later migration, which the tool has to run in a transaction of its own.',
    messages: {
      held: 'Validating {{name}} reads {{table}} while {{mode}} on {{locked}} is held since line {{line}}',
      heldTogether:
        'Validating {{name}} reads {{table}} while {{mode}} on {{locked}} is held since line {{line}} of {{file}}: {{tool}} runs all ' +
        'that is pending in one transaction, unless you {{together}}',
    },
  },
  check: {
    'validate-constraint'({ table, constraint, span }, { effect, session, conventions }) {
      if (effect.scans.length === 0) return
      const strong = session.held.filter(({ mode }) => compareLocks(mode, 'SHARE') >= 0)
      const held = strong.find(({ mode }) => mode === 'ACCESS EXCLUSIVE') ?? strong[0]
      if (held === undefined) return
      const since = heldSince(held, { span }, conventions)
      return {
        message: since.together === '' ? 'held' : 'heldTogether',
        at: span,
        related: [held.at],
        data: { name: constraint, table: show(table), mode: held.mode, locked: show(held.table), ...since },
        table: held.table,
        // Readers wait as well.
        ...(held.mode === 'ACCESS EXCLUSIVE' ? { weight: 'error' as const } : {}),
      }
    },
  },
})
