import { parse, TomlError } from 'smol-toml'
import type { History, Surrounding } from '../../model/migration.js'
import type { Note } from '../../model/note.js'
import type { FileSet } from '../../model/pull-request.js'
import { foldersOf, join, nameOf, parentOf } from '../folders.js'
import type { FileIndex } from '../framework.js'

/*
 * `sqlx.toml`, which `sqlx::migrate!()` and sqlx-cli read beside the Cargo.toml of a crate
 * (https://docs.rs/sqlx/latest/sqlx/config/migrate/struct.Config.html).
 */
const NAME = 'sqlx.toml'

/** What one says of migrations. */
interface Settings {
  /** The folder of migrations, from the top of the repository; null where it leaves the repository. */
  readonly folder: string | null
  readonly table: string | null
  /** Characters that count for no checksum. */
  readonly ignored: readonly string[]
  readonly createsSchemas: readonly string[]
}

/** The settings files of a tree. */
export function sqlxSettings(index: FileIndex): readonly string[] {
  return [...foldersOf(index).names].flatMap(([folder, names]) => (names.has(NAME) ? [join(folder, NAME)] : []))
}

/** Whether settings that were read put their migrations into a folder. */
export function isOfSqlx(folder: string, index: FileIndex): boolean {
  return settingsFor(folder, index) !== null
}

/** The history with what the settings of its folder say: the table of its books, and what its checksums are taken of. */
export function withSettings(history: History, files: FileSet): History {
  const { root, conventions } = history.project
  const unread = sqlxSettings(files).flatMap((file) => unreadNote(file, root, files))
  const found = settingsFor(root, files)
  if (found === null) return unread.length === 0 ? history : { ...history, notes: [...history.notes, ...unread] }
  const { file, settings } = found
  const { table, ignored, createsSchemas } = settings
  const bookkeeping = table === null ? conventions.bookkeeping : [table.replaceAll('"', '')]
  const hashed = (path: string): { readonly hashed?: string } => {
    const text = files.read(path)?.text
    return ignored.length === 0 || text === undefined ? {} : { hashed: without(text, ignored) }
  }
  const surrounding: Surrounding = {
    path: file,
    role: 'configures',
    meaning: JSON.stringify([table, [...ignored].sort(), [...createsSchemas].sort()]),
  }
  return {
    ...history,
    project: { ...history.project, conventions: { ...conventions, bookkeeping } },
    revisions: history.revisions.map((revision) => ({ ...revision, ...hashed(revision.path) })),
    surroundings: [...(history.surroundings ?? []), surrounding],
    notes: [...history.notes, ...unread],
  }
}

function without(text: string, ignored: readonly string[]): string {
  const left = new Set(ignored)
  return Array.from(text)
    .filter((character) => !left.has(character))
    .join('')
}

function settingsFor(folder: string, index: FileIndex): { readonly file: string; readonly settings: Settings } | null {
  for (const file of sqlxSettings(index)) {
    const settings = settingsIn(file, index)
    if (typeof settings === 'object' && settings?.folder === folder) return { file, settings }
  }
  return null
}

/** Beside which folder nobody knows what the settings say: the migrations would lie there, or may lie anywhere below. */
function unreadNote(file: string, root: string, index: FileIndex): readonly Note[] {
  const settings = settingsIn(file, index)
  const home = parentOf(file)
  const near = home === '' || root === home || root.startsWith(`${home}/`)
  if (typeof settings !== 'string' || !near) return []
  const message = `${nameOf(file)} cannot be read: ${settings}; what it says of migrations is not known`
  return [{ message, at: { path: file, start: START, end: START }, bearing: 'withholds' }]
}

const START = { line: 1, column: 1 } as const

/** What a file says; why it cannot be read; null when it was not read. */
function settingsIn(file: string, index: FileIndex): Settings | string | null {
  const text = index.read?.(file)?.text
  if (text === undefined) return null
  let tree: unknown
  try {
    tree = parse(text)
  } catch (error) {
    if (error instanceof TomlError) return 'it is no TOML'
    if (error instanceof RangeError) return 'it is nested too deeply'
    throw error
  }
  const migrate = member(tree, 'migrate')
  const dir = member(migrate, 'migrations-dir')
  const table = member(migrate, 'table-name')
  return {
    folder: resolved(parentOf(file), typeof dir === 'string' ? dir : 'migrations'),
    table: typeof table === 'string' && table !== '' ? table : null,
    ignored: textsOf(member(migrate, 'ignored-chars')).filter((text) => Array.from(text).length === 1),
    createsSchemas: textsOf(member(migrate, 'create-schemas')),
  }
}

function member(tree: unknown, name: string): unknown {
  if (typeof tree !== 'object' || tree === null || !Object.hasOwn(tree, name)) return undefined
  return (tree as Readonly<Record<string, unknown>>)[name]
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []
}

/** A path as a folder of the repository; null where it leads out of it. */
function resolved(home: string, path: string): string | null {
  if (path.startsWith('/')) return null
  const parts = home === '' ? [] : home.split('/')
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}
