import { remarksOf } from '../model/migration.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'network-or-io-in-migration',
    code: 'L9',
    family: 'hygiene',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration reaches the network, files or other programs, or waits',
    why:
      'What is done outside of the database is not taken back when the migration fails, is done again when it is repeated, and is ' +
      'done in every environment: also in tests and on a laptop. While it lasts the transaction stays open, with every lock that ' +
      'was taken so far: a slow answer of another server stops the application. What is read from a file can change after the ' +
      'migration was applied, so that two databases get different schemas from one revision.',
    instead:
      'Do it in a job of its own before or after the migration, and let the migration change the database alone. Put SQL that is ' +
      'kept in another file into the migration. Wait between batches only outside of a transaction.',
    messages: {
      reaches: '{{what}} does something beside the database, which a failed migration does not take back',
      reads: '{{what}} reads files, which can change after the migration was applied',
      waits: '{{what}} waits with the transaction open: every lock taken so far is kept',
    },
  },
  check: {
    script(script) {
      const inTransaction = script.kind === 'script' && script.transaction === 'one'
      return remarksOf(script).flatMap(({ kind, what, at, when }): Problem<'reaches' | 'reads' | 'waits'>[] => {
        const data = { what }
        // What is read when the file is loaded is still only read.
        if (kind === 'reads-files') return [{ message: 'reads', at, data, weight: 'notice' }]
        if (when === 'loading') return []
        if (kind === 'reaches-out') return [{ message: 'reaches', at, data }]
        return kind === 'waits' && inTransaction ? [{ message: 'waits', at, data }] : []
      })
    },
  },
})
