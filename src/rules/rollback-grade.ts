import { firstChangeIn } from '../model/migration.js'
import { GRADES, worthOf, type Worth } from '../model/rollback.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rollback-grade',
    code: 'E14',
    family: 'rollback',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The way back of a migration is graded red, or yellow',
    why:
      'Green: down was run and brought schema and rows back. Yellow: it loses values, or not all of it could be shown. Red: there is ' +
      'no down, it is irreversible, or it fails. The grade stands in every rollback plan; with this rule on, a team that wants no ' +
      'release without a way back has it enforced, also where the author gave a reason.',
    instead:
      'Write a down that the rehearsal can prove, keep what it would lose in a table of its own, or let somebody who may decide so ' +
      'take the risk. The option `from` says whether yellow is told as well.',
    messages: {
      none: 'The way back is graded red: there is none',
      fails: 'The way back is graded red: {{reason}}',
      partly: 'The way back is graded yellow: {{reason}}',
      unknown: 'The way back is graded yellow: it is not shown to work',
    },
  },
  defaults: { from: 'red' },
  check: {
    evidence(rehearsal, { migration: { revision, down }, options: { from } }) {
      const worth = worthOf(down.script, rehearsal)
      const key = worth === 'shown' ? null : worth
      if (key === null || (GRADES[worth] === 'yellow' && from !== 'yellow')) return
      const at = firstChangeIn(down.script, startOf(revision.downPath ?? revision.path))
      return { message: key, at, data: { reason: rehearsal.reason ?? UNPROVEN[worth] ?? '' } }
    },
  },
})

/** Where the rehearsal itself has nothing against it. */
const UNPROVEN: Partial<Record<Worth, string>> = {
  partly: 'it is not proven for rows that are written after up, for the release as a whole, or on all of the history',
}
