import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'concurrent-index-corruption-pg14',
    code: 'C9',
    family: 'failure',
    // The policy names a major version: whether the server has the fix cannot be seen from here.
    weight: 'notice',
    confidence: 'possible',
    tables: 'existing',
    directions: 'both',
    once: 'script',
    postgres: { from: 14, until: 14 },
    summary: 'An index is built concurrently on PostgreSQL 14, whose first releases could leave rows out of it',
    why:
      'In PostgreSQL 14.0 to 14.3 CREATE INDEX CONCURRENTLY and REINDEX CONCURRENTLY could miss rows that were updated meanwhile, without ' +
      'an error (https://www.postgresql.org/docs/release/14.4/). 14.4 has the fix.',
    instead:
      'Make sure that the server is 14.4 or newer. Check indexes that an older one built with amcheck, and rebuild those that lack rows.',
    messages: {
      build:
        'On PostgreSQL 14.0 to 14.3 an index that is built CONCURRENTLY can lack rows: see that the server is newer',
    },
  },
  check: {
    'create-index': ({ concurrently, span }) => (concurrently ? { message: 'build', at: span } : undefined),
    reindex: ({ concurrently, span }) => (concurrently ? { message: 'build', at: span } : undefined),
  },
})
