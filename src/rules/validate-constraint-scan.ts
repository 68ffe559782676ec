import { compareLocks } from '../model/effect.js'
import { show } from '../model/names.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'validate-constraint-scan',
    code: 'C33',
    family: 'blocking',
    weight: 'notice',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'A constraint of a large table is validated during the deployment',
    why:
      'VALIDATE CONSTRAINT lets reads and writes pass, but reads the whole table, and its SHARE UPDATE EXCLUSIVE makes other schema ' +
      'changes and VACUUM wait for that long.',
    instead: 'Run it in a quiet hour, in a migration that does nothing else, and without a short statement_timeout.',
    messages: {
      scan: 'Validating {{name}} reads all of {{table}}, which is large; other schema changes and VACUUM wait',
    },
  },
  check: {
    'validate-constraint'({ constraint, span }, { effect, session, sizeOf }) {
      const large = effect.scans.find((each) => sizeOf(each) === 'large')
      // Under a stronger lock it has another rule.
      if (large === undefined || session.held.some(({ mode }) => compareLocks(mode, 'SHARE') >= 0)) return
      return { message: 'scan', at: span, data: { name: constraint, table: show(large) }, table: large }
    },
  },
})
