import { firstChangeIn } from '../model/migration.js'
import { startOf } from '../source/span.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'rollback-window-broken',
    code: 'E20',
    family: 'rollback',
    weight: 'off',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'Down works only until a later migration of the same release has run',
    why:
      'A release is taken back as a whole: every down, newest first. Each was seen to work while its migration was the newest. What a ' +
      'later one changed need not be a part of any schema, and is not brought back by its down: the order of columns on which ' +
      '`INSERT … SELECT *` relies, values, the state of a sequence. With this rule the rehearsal also runs all ups, all downs and all ' +
      'ups again, which takes longer; so it is off until a team turns it on.',
    instead:
      'Name the columns in INSERT and SELECT, and let down bear what a later migration leaves. Migrations that can only be taken back ' +
      'one at a time belong into separate releases.',
    messages: {
      down: 'Down fails once the later migrations of this change have been applied and taken back: {{message}}',
      residue:
        'Down leaves a trace once the later migrations of this change have been applied and taken back: {{message}}',
      reapply: 'Up fails once this change has been taken back as a whole: {{message}}',
      'not-run': 'Nobody has seen this change being taken back as a whole: {{message}}',
    },
  },
  check: {
    evidence({ window }, { migration: { revision, up, down } }) {
      if (window === null) return
      const { script } = window.phase === 'reapply' ? up : down
      const at = window.at ?? firstChangeIn(script, startOf(revision.downPath ?? revision.path))
      return { message: window.phase, at, data: { message: window.message } }
    },
  },
})
