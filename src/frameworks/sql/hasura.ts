import { startOf } from '../../source/span.js'
import type { SourceText } from '../../source/source-text.js'
import { join, nameOf, upwards, type Folders } from '../folders.js'
import type { FileIndex } from '../framework.js'
import type { Dialect, Place } from './dialect.js'
import { canonical, compareNumbers, fits, titleOf } from './naming.js'
import { wholeFile } from './whole-file.js'

// https://github.com/hasura/graphql-engine/blob/master/cli/migrate/source/parse.go
const FLAT = /^(\d+)_([^/]*)\.(up|down)\.(sql|ya?ml)$/
const NESTED = /^(\d+)_([^/]*)\/(up|down)\.(sql|ya?ml)$/
/** Databases of Hasura that speak PostgreSQL. */
const POSTGRES = /^(postgres|pg|citus|cockroach|alloy)$/

/** Hasura: a folder for each version, or a pair of files; each text is one query, in a transaction that the server opens. */
export const hasura: Dialect = {
  id: 'hasura',
  title: 'Hasura',
  inline: false,
  wants: /^(\d[^/]*\/(up|down)|\d[^/]*\.(up|down))\.(sql|ya?ml)$/,
  conventions: ({ numbering }) => ({
    tool: 'Hasura',
    verbatim: true,
    hashesFiles: false,
    lateVersion: 'applied',
    reactions: {
      edited: 'Hasura does not run it again, so databases that ran the old text never get the change',
      deleted: 'Hasura lists its version as one that only the database knows',
      late: 'Hasura runs it after those that were applied before',
      duplicate: 'Hasura keeps one version for the two',
    },
    numbering,
    downs: 'expected',
    // The server keeps its books in a catalog of its own.
    bookkeeping: ['hdb_catalog.schema_migrations'],
    withoutTransaction:
      'begin the file with the line `-- hasura:no-transaction`, where the version of its CLI knows it',
    // https://hasura.io/docs/2.0/hasura-cli/commands/hasura_migrate_apply/
    rollback: 'hasura migrate apply --down 1 --database-name "$DATABASE"',
    filePattern: '1600000000000_name/up.sql',
  }),
  place(path): Place {
    const [, digits = '', name = '', kind] = NESTED.exec(path) ?? FLAT.exec(path) ?? []
    if (kind !== undefined && fits(digits, false)) {
      return { kind: kind === 'up' ? 'up' : 'down', version: canonical(digits), title: titleOf(name) }
    }
    return /\.sql$/i.test(path) && path.split('/').length < 3
      ? { kind: 'stray', reason: 'Hasura reads only up.sql and down.sql in a folder whose name begins with a version' }
      : null
  },
  clues: ({ paths }) => paths.filter((path) => path.endsWith(DATABASES)),
  compare: compareNumbers,
  part({ source, direction }) {
    if (/\.ya?ml$/.test(source.path)) {
      const reason = 'a migration of Hasura in YAML holds calls of its API, which are not read'
      return { kind: 'refused', reason, at: startOf(source.path) }
    }
    if (source.text.trim() === '') {
      return { kind: 'refused', reason: `Hasura refuses an empty ${direction}`, at: startOf(source.path) }
    }
    return wholeFile(source, !leavesTransaction(source))
  },
}

/** The line counts alone, and as the first. */
function leavesTransaction({ text }: SourceText): boolean {
  return /^[ \t]*-- hasura:no-transaction[ \t]*\r?(\n|$)/.test(text)
}

const DATABASES = 'metadata/databases/databases.yaml'

/** Whether folders of migrations belong to a project of Hasura: it keeps its metadata beside, and no crate does. */
export function isHasura(root: string, folders: Folders): boolean {
  return homeOf(root, folders) !== undefined
}

function homeOf(root: string, folders: Folders): string | undefined {
  return upwards(root).find(
    (folder) =>
      folders.has(folder, 'config.yaml') && folders.hasFolder(folder, 'metadata') && !folders.has(folder, 'Cargo.toml'),
  )
}

/** Whether the database that a folder of migrations is named for speaks PostgreSQL, as far as the metadata tells. */
export function speaksPostgres(root: string, folders: Folders, index: FileIndex): boolean {
  const home = homeOf(root, folders)
  const text = home === undefined ? undefined : index.read?.(join(home, DATABASES))?.text
  const sources = text?.matchAll(/^\s*-\s+name:\s*["']?([^"'\n\r]*?)["']?\s*\n\s+kind:\s*["']?(\w+)/gm) ?? []
  const kind = [...sources].find(([, name]) => name === nameOf(root))?.[2]
  return kind === undefined || POSTGRES.test(kind)
}
