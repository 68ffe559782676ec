import { nameOf, parentOf } from '../folders.js'
import type { Stray } from '../../model/migration.js'
import type { Dialect } from './dialect.js'
import { SUPABASE_PROVIDES } from './supabase-provides.js'
import { compareText, strayOrNobody, titleOf, SQL_HERE } from './naming.js'

// https://github.com/supabase/cli/blob/develop/apps/cli-go/pkg/migration
const NAME = /^([0-9]+)_(.*)\.sql$/

/** Migrations of the Supabase CLI: each file is a batch, which is a transaction, but for what PostgreSQL refuses in one. */
export const supabase: Dialect = {
  id: 'supabase',
  title: 'Supabase',
  inline: false,
  wants: SQL_HERE,
  conventions: () => ({
    tool: 'Supabase',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'refused',
    reactions: {
      edited: 'Supabase does not run it again, so databases that ran the old text never get the change',
      deleted: '`supabase db push` refuses to run on every database that ran it, until its history is repaired',
      late: '`supabase db push` refuses to run on every database that is past it, unless it is told --include-all',
      duplicate: 'Supabase stops when it writes the version of the second into its books, and undoes that file',
    },
    numbering: 'timestamp',
    downs: 'none',
    provided: SUPABASE_PROVIDES,
    bookkeeping: ['supabase_migrations.schema_migrations', 'supabase_migrations.seed_files'],
    withoutTransaction: 'leave out BEGIN and COMMIT, and put the statement alone in a file of its own',
    rollback: null,
    filePattern: '20230101000000_name.sql',
  }),
  place(path) {
    const match = path.includes('/') ? null : NAME.exec(path)
    if (match !== null) return { kind: 'up', version: match[1] ?? '', title: titleOf(match[2] ?? '') }
    return strayOrNobody(path, 'Supabase passes over it, because it reads only TIMESTAMP_name.sql')
  },
  amiss: skippedFirst,
  compare: (a, b) => compareText(nameOf(a.path), nameOf(b.path)),
  part: ({ source }) => ({
    kind: 'sql',
    range: { start: 0, end: source.bytes },
    wrapped: false,
    sent: 'batches',
    gaps: [],
  }),
}

/** Whether a folder is where the Supabase CLI keeps its migrations: it takes no other. */
export function isOfSupabase(folder: string): boolean {
  return nameOf(folder) === 'migrations' && nameOf(parentOf(folder)) === 'supabase'
}

/** What versions of the CLI before December 2021 made as the first migration is passed over when it is the first. */
function skippedFirst(paths: readonly string[]): readonly Stray[] {
  const [first] = paths.filter((path) => !path.includes('/')).sort(compareText)
  const version = /^([0-9]{14})_init\.sql$/.exec(first ?? '')?.[1]
  if (first === undefined || version === undefined || version >= '20211209000000') return []
  return [
    { path: first, reason: 'Supabase passes over a first migration that is called init and older than 2021-12-09' },
  ]
}
