import type { Dialect } from './dialect.js'
import { compareText, strayOrNobody, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'
import { startOf } from '../../source/span.js'
import type { SourceText } from '../../source/source-text.js'

/** diesel: a folder for each version, with `up.sql`, `down.sql` and `metadata.toml`. */
export const diesel: Dialect = {
  id: 'diesel',
  title: 'diesel',
  inline: false,
  wants: /^[^/]+\/(up\.sql|down\.sql|metadata\.toml)$/,
  downAlone: 'its folder holds no up.sql',
  conventions: () => ({
    tool: 'diesel',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'applied',
    reactions: {
      edited: 'diesel does not run it again, so databases that ran the old text never get the change',
      deleted: 'diesel says nothing on the way up, and cannot revert it any more',
      late: 'diesel runs it after those that were applied before',
      duplicate: 'diesel runs one of the two and takes the other for done',
    },
    numbering: 'timestamp',
    downs: 'expected',
    bookkeeping: ['__diesel_schema_migrations'],
    withoutTransaction:
      'add a `metadata.toml` with `run_in_transaction = false` and put the statement alone in the file',
    // https://diesel.rs/guides/getting-started.html
    rollback: 'diesel migration revert --migration-dir {root}',
    filePattern: '2023-01-01-000000_name/up.sql',
  }),
  place(path) {
    const [folder = '', file = '', deeper] = path.split('/')
    if (deeper !== undefined || folder.startsWith('.')) return null
    const [version = '', ...name] = folder.split('_')
    if (file === 'up.sql' || file === 'down.sql') {
      const kind = file === 'up.sql' ? 'up' : 'down'
      return { kind, version: version.replaceAll('-', ''), title: titleOf(name.join('_')) }
    }
    const reason = 'diesel reads only up.sql and down.sql in the folder of a migration'
    if (!path.includes('/')) return strayOrNobody(path, reason)
    return /\.sql$/i.test(file) ? { kind: 'stray', reason } : null
  },
  compare: (a, b) => compareText(a.version, b.version) || compareText(a.path, b.path),
  part({ source, direction, beside }) {
    if (source.bytes === 0) {
      return { kind: 'refused', reason: `diesel refuses to run an empty ${direction}.sql`, at: startOf(source.path) }
    }
    return wholeFile(source, runsInTransaction(beside('metadata.toml')))
  },
}

/** diesel's own default is true without the file, and false when the file is there and does not say. */
function runsInTransaction(metadata: SourceText | undefined): boolean {
  if (metadata === undefined) return true
  const top = metadata.text.split(/^\s*\[/m, 1)[0] ?? ''
  return /^\s*run_in_transaction\s*=\s*true\b/m.test(top)
}
