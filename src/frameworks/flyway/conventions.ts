import type { Conventions, SessionSetting } from '../../model/migration.js'
import type { Settings } from './settings.js'
import type { Version } from './version.js'

/** What the names of a project's files tell about how a team uses Flyway. */
export interface Usage {
  readonly versions: readonly Version[]
  readonly hasUndos: boolean
}

/** What Flyway does, as it is set: verified with Flyway itself, see docs/frameworks/flyway.md. */
export function conventionsOf(settings: Settings, { versions, hasUndos }: Usage): Conventions {
  const { validates, outOfOrder, group, prefixes, separator, suffixes } = settings
  const ignores = (state: string): boolean =>
    settings.ignored.some((pattern) => /^(\*|versioned):/.test(pattern) && /[^:]*$/.exec(pattern)?.[0] === state)
  const [schema] = settings.schemas
  const late = outOfOrder ? 'applied' : validates && !ignores('ignored') ? 'refused' : 'skipped'
  const numbering = numberingOf(versions)
  const version = numbering === 'timestamp' ? '20240131093000' : numbering === 'opaque' ? '1.2' : '1'
  return {
    tool: 'Flyway',
    hashesFiles: validates,
    hashesLines: true,
    lateVersion: late,
    reactions: {
      edited: validates
        ? 'Flyway compares checksums, and migrate stops on every database that ran the old text'
        : 'Flyway, which is told not to validate, does not run it again, so databases that ran the old text never get the change',
      deleted: deletion(validates, ignores),
      late: {
        applied: 'Flyway, which is told outOfOrder, runs it after those that were applied before',
        refused: 'Flyway stops on every database that is past it, unless it is told outOfOrder',
        skipped: 'Flyway skips it silently on every database that is past it',
      }[late],
      duplicate: 'Flyway stops before it runs anything',
    },
    numbering,
    downs: hasUndos ? 'expected' : 'none',
    bookkeeping: [schema === undefined ? settings.table : `${schema}.${settings.table}`],
    ...(settings.initSql === '' ? {} : { settings: sessionSettings(settings.initSql) }),
    ...(group ? { together: 'set group to false' } : {}),
    withoutTransaction:
      'put the statement alone in its file, and beside that a file called like it, with .conf at the end, that says ' +
      '`executeInTransaction=false` (CREATE INDEX CONCURRENTLY, DROP INDEX CONCURRENTLY and VACUUM need no such file)',
    // https://documentation.red-gate.com/fd/undo-184127628.html
    rollback: hasUndos ? 'flyway -locations=filesystem:{root} undo' : null,
    filePattern: `${prefixes.versioned}${version}${separator}name${suffixes[0] ?? ''}`,
  }
}

function deletion(validates: boolean, ignores: (state: string) => boolean): string {
  if (!validates) return 'Flyway, which is told not to validate, says nothing'
  if (ignores('missing')) return 'Flyway, which is told to ignore missing migrations, says nothing'
  return ignores('future')
    ? 'Flyway stops on every database that ran it, save those whose newest version it is'
    : 'Flyway stops on every database that ran it'
}

/** What the SQL that Flyway begins every connection with sets, as far as it is plain SET. */
function sessionSettings(sql: string): readonly SessionSetting[] {
  return sql.split(';').flatMap((statement) => {
    const [, name, quoted, bare] =
      /^\s*SET\s+(?:SESSION\s+)?([\w.]+)\s*(?:=|\bTO\b)\s*(?:'([^']*)'|([\w.]+))\s*$/i.exec(statement) ?? []
    return name === undefined ? [] : [{ name: name.toLowerCase(), value: quoted ?? bare ?? null, local: false }]
  })
}

function numberingOf(versions: readonly Version[]): Conventions['numbering'] {
  // Eight digits are a date; nobody counts that far.
  if (versions.some(([first = '']) => first.length >= 8)) return 'timestamp'
  return versions.some((version) => version.length > 1) ? 'opaque' : 'sequential'
}
