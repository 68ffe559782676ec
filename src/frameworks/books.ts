import { foldersOf, join, nameOf, parentOf } from './folders.js'
import type { FileIndex } from './framework.js'
import { databaseOfConfiguration } from './sql/atlas-config.js'

/** Where Prisma writes down for which database the migrations of a folder are. */
const LOCK = 'migration_lock.toml'
/** Where Drizzle writes down the order of the migrations of a folder, and for which database they are. */
const JOURNAL = 'meta/_journal.json'

const POSTGRES = /^(pg|postgres(ql)?|cockroach(db)?|prisma\+postgres)$/

/** Whether a path is a lock file of Prisma. */
export function isLock(path: string): boolean {
  return nameOf(path) === LOCK
}

/** Whether a path is a journal of Drizzle. */
export function isJournal(path: string): boolean {
  return path === JOURNAL || path.endsWith(`/${JOURNAL}`)
}

/** The journal of a folder of Drizzle. */
export function journalOf(root: string): string {
  return join(root, JOURNAL)
}

/** The lock file of a folder of Prisma. */
export function lockOf(root: string): string {
  return join(root, LOCK)
}

/**
 * The database other than PostgreSQL that the books of Prisma or Drizzle in a folder name, or the configuration of Atlas, as they
 * name it; null where there are none, they were not read, or it is PostgreSQL.
 */
export function databaseOfBooks(root: string, index: FileIndex): string | null {
  const lock = /^\s*provider\s*=\s*"([^"\n]*)"/m.exec(index.read?.(lockOf(root))?.text ?? '')
  const journal = /"dialect"\s*:\s*"([^"\n]*)"/.exec(index.read?.(journalOf(root))?.text ?? '')
  const name = lock?.[1] ?? journal?.[1] ?? databaseOfConfiguration(root, index) ?? 'postgresql'
  return POSTGRES.test(name) ? null : name
}

/** The folder whose books speak for a file, where one of Prisma, Drizzle or Atlas holds it; null elsewhere. */
export function rootByBooks(path: string, index: FileIndex): string | null {
  const { has } = foldersOf(index)
  const folder = parentOf(path)
  if (has(join(folder, 'meta'), '_journal.json') || has(folder, 'atlas.sum')) return folder
  return folder !== '' && has(parentOf(folder), LOCK) ? parentOf(folder) : null
}
