import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'drop-database',
    code: 'B6',
    family: 'data-loss',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A whole database is dropped',
    why:
      'Everything in it is gone, and no script brings it back. It has no place in a migration: a migration runs in the database that ' +
      'it migrates, which cannot be dropped from inside, so that it is always another one that goes. PostgreSQL refuses it in a ' +
      'transaction besides.',
    instead: 'Take it out. Databases are made and dropped by whoever runs the server, with a backup at hand.',
    messages: { dropped: 'Drops database {{database}} with everything in it' },
  },
  check: {
    'change-database'({ action, database, span }) {
      return action === 'drop' ? { message: 'dropped', at: span, data: { database } } : undefined
    },
  },
})
