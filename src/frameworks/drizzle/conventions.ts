import type { Conventions } from '../../model/migration.js'

const SHARED = {
  tool: 'Drizzle',
  verbatim: true,
  // A hash is written down, and never compared.
  hashesFiles: false,
  numbering: 'opaque',
  downs: 'none',
  bookkeeping: ['drizzle.__drizzle_migrations'],
  together: 'deploy the migrations one by one',
  withoutTransaction: null,
  rollback: null,
} as const satisfies Partial<Conventions>

const REWRITTEN = 'Drizzle writes down a hash of the file and never compares it, and runs nothing again'
const EDITED = 'Drizzle does not run it again, so databases that ran the old text never get the change'

/** What Drizzle does where a journal keeps the order: a database remembers the time of the newest migration that it ran. */
export const BY_JOURNAL: Conventions = {
  ...SHARED,
  lateVersion: 'skipped',
  reactions: {
    edited: EDITED,
    rewritten: REWRITTEN,
    deleted: 'Drizzle stops when its journal still names it, and otherwise says nothing',
    late: 'Drizzle compares only the time in its journal, and skips it silently on every database that is past it',
    duplicate: 'Drizzle runs the file twice on a new database',
  },
  filePattern: '0000_name.sql',
}

/** What Drizzle 1.0 does, where each migration is a folder: a database remembers the name of every migration that it ran. */
export const BY_FOLDERS: Conventions = {
  ...SHARED,
  numbering: 'timestamp',
  lateVersion: 'applied',
  reactions: {
    edited: EDITED,
    rewritten: REWRITTEN,
    deleted: 'Drizzle says nothing',
    late: 'Drizzle runs it after those that were applied before',
    duplicate: 'Drizzle runs both, in the order of the names of their folders',
  },
  filePattern: '20230101000000_name/migration.sql',
}
