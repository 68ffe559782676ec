import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'irreversible-without-reason',
    code: 'E3',
    family: 'rollback',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'The down script always fails and does not say why',
    why:
      'To refuse is honest: it is better than a down script that pretends. But whoever is on call when the release has to be taken ' +
      'back needs to know what cannot be undone and what to do instead: restore, go forward, or leave the schema and take back the code.',
    instead: 'Give the reason with the error that the script raises: what is lost, and the way out.',
    messages: {
      unexplained: 'The down script of {{path}} refuses to run without saying what cannot be undone',
    },
  },
  check: {
    migration({ revision, down }) {
      if (down.kind !== 'irreversible' || (down.reason ?? '').trim() !== '') return
      return { message: 'unexplained', at: down.at, data: { path: revision.downPath ?? revision.path } }
    },
  },
})
