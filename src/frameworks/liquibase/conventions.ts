import type { Conventions } from '../../model/migration.js'

/** What Liquibase does (https://docs.liquibase.com). */
export const CONVENTIONS: Conventions = {
  tool: 'Liquibase',
  hashesFiles: true,
  lateVersion: 'applied',
  reactions: {
    edited: 'Liquibase finds another checksum than the one it stored, and stops before it runs anything',
    deleted: 'Liquibase does not miss it: databases keep what it did, and new ones never get it',
    late: 'Liquibase runs it on every database after what is already there, and on a new one before',
    duplicate: 'Liquibase stops before it runs anything',
  },
  numbering: 'opaque',
  downs: 'optional',
  bookkeeping: ['databasechangelog', 'databasechangeloglock'],
  withoutTransaction: 'set runInTransaction to false on the changeSet, and keep it to one statement',
  // https://docs.liquibase.com/commands/rollback/rollback-count.html
  rollback: 'liquibase rollback-count 1',
  filePattern: 'a changeSet with an author and an id of its own',
}
