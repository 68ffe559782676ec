import { codeOf } from '../code.js'
import { nameOf } from '../folders.js'
import type { Dialect, Place, Versioned } from './dialect.js'
import { manifests } from './node-manifest.js'
import { nodePgMigrateSection } from './node-pg-migrate-sections.js'
import { titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

const NAME = /^(\d+)(.*)\.(sql|[cm]?[jt]s)$/

/**
 * node-pg-migrate: SQL files with an up and a down section, or a pair of files for its loader `sql`, beside migrations in
 * JavaScript or TypeScript. It knows a migration by its whole name.
 */
export const nodePgMigrate: Dialect = {
  id: 'node-pg-migrate',
  title: 'node-pg-migrate',
  inline: true,
  wants: /^[^/.][^/]*\.(sql|[cm]?[jt]s)$/i,
  conventions: () => ({
    tool: 'node-pg-migrate',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'refused',
    reactions: {
      edited: 'node-pg-migrate does not run it again, so databases that ran the old text never get the change',
      deleted:
        'node-pg-migrate stops on every database that ran it, as soon as another migration takes its place in the order',
      late: 'node-pg-migrate refuses to run on every database that is past it, unless it is told --no-check-order',
      duplicate: 'node-pg-migrate takes one for done on every database that ran the other',
    },
    numbering: 'timestamp',
    downs: 'optional',
    bookkeeping: ['pgmigrations'],
    together: 'tell it --no-single-transaction',
    withoutTransaction: 'write it as a migration in JavaScript that calls pgm.noTransaction()',
    rollback: 'node-pg-migrate down --migrations-dir {root}',
    filePattern: '1672531200000_name.sql',
  }),
  place(path): Place {
    const match = path.includes('/') || path.startsWith('.') ? null : NAME.exec(path)
    if (match !== null) {
      const [, , rest = '', extension] = match
      const pair = extension === 'sql' ? /\.(up|down)$/.exec(rest) : null
      const version = path.slice(0, path.lastIndexOf('.')).replace(/\.(up|down)$/, '')
      const title = titleOf(rest.replace(/\.(up|down)$/, ''))
      return { kind: pair?.[1] === 'down' ? 'down' : 'up', version, title }
    }
    if (path.includes('/') || path.startsWith('.') || !(/\.sql$/i.test(path) || codeOf(path) !== null)) return null
    return { kind: 'stray', reason: 'node-pg-migrate stops at it, because its name does not begin with a number' }
  },
  clues: manifests,
  compare,
  part: ({ source, direction }) =>
    /\.(up|down)\.sql$/.test(source.path)
      ? source.path.endsWith(`.${direction}.sql`)
        ? wholeFile(source, true)
        : { kind: 'absent' }
      : nodePgMigrateSection(source, direction),
}

/** By the number, and by the name in the way of people where two are the same. */
function compare(a: Versioned, b: Versioned): number {
  return numberOf(a) - numberOf(b) || byName.compare(nameOf(a.path), nameOf(b.path))
}

const byName = new Intl.Collator('en', {
  usage: 'sort',
  numeric: true,
  sensitivity: 'variant',
  ignorePunctuation: true,
})

/** Seventeen digits are a date and time to the millisecond, which counts as the milliseconds since 1970. */
function numberOf({ version }: Versioned): number {
  const digits = /^\d+/.exec(version)?.[0] ?? ''
  const date = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})$/.exec(digits)
  if (date === null) return Number(digits)
  const [, year, month, day, hour, minute, second, milliseconds] = date
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}Z`)
}
