import { sureOf } from '../model/catalog.js'
import { blockedBy, LOCK_MODES } from '../model/effect.js'
import { show } from '../model/names.js'
import { limited } from '../model/waiting.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'lock-table-explicit',
    code: 'C67',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    once: 'script',
    summary: 'LOCK TABLE waits for a strong lock without a limit and keeps it until the transaction ends',
    why:
      'LOCK TABLE takes ACCESS EXCLUSIVE unless it says otherwise. It queues behind every transaction that uses the table while all ' +
      'later queries queue behind it, and what it has taken nothing gives back before COMMIT.',
    instead:
      'Set lock_timeout first, or write NOWAIT, and let the deployment try again. Ask for the weakest mode that serves, and keep the ' +
      'transaction short.',
    messages: {
      reads:
        'LOCK TABLE takes {{mode}} on {{table}} until the transaction ends: every query waits, and nothing limits the wait for it',
      writes:
        'LOCK TABLE takes {{mode}} on {{table}} until the transaction ends: writes wait, and nothing limits the wait for it',
    },
  },
  check: {
    'lock-table'({ table, mode, nowait, span }, { catalog, session, statement }) {
      if (nowait || session.lockTimeout !== null || catalog.table(table)?.persistence === 'temporary') return
      const blocked = blockedBy(LOCK_MODES.find((each) => each === mode) ?? 'ACCESS EXCLUSIVE')
      if (!blocked.includes('writes')) return
      return {
        message: blocked.includes('reads') ? 'reads' : 'writes',
        at: span,
        data: { mode, table: show(table) },
        confidence: sureOf(catalog, table),
        fix: limited(statement.sql, session.inTransaction),
      }
    },
  },
})
