import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'partial-failure-recovery',
    code: 'E19',
    family: 'rollback',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A migration without a transaction that stops half-way cannot be run again',
    why:
      'Each statement of it is kept as soon as it is done, and the tool writes the version down only at the end. When the connection ' +
      'breaks or a lock times out in between, the next attempt begins with the first statement again and fails on what is there ' +
      'already. The rehearsal stopped it after a statement and ran it again.',
    instead:
      'Put one such statement into a file. Where several must be together, let each bear to be run twice: IF NOT EXISTS for a table ' +
      'or a column, DROP INDEX CONCURRENTLY IF EXISTS before CREATE INDEX CONCURRENTLY.',
    messages: {
      stuck: 'Stopped after this statement, the migration cannot be run again, and down does not help: {{message}}',
      again: 'Stopped after this statement, the migration cannot be run again before down has run: {{message}}',
      oneWay: 'Stopped after this statement, the migration cannot be run again: {{message}}',
    },
  },
  check: {
    evidence({ recovery }) {
      if (!recovery?.failure) return
      const { after, at, message, down } = recovery.failure
      const key = ({ fails: 'stuck', runs: 'again', 'not-tried': 'oneWay' } as const)[down]
      return { message: key, at: after, related: [at], data: { message } }
    },
  },
})
