import type { Project } from '../../model/migration.js'
import { databaseOfBooks, lockOf } from '../books.js'
import { foldersOf, isBelow, join, nameOf, parentOf, upwards, type Folders } from '../folders.js'
import type { FileIndex } from '../framework.js'
import type { Usage } from './dialect.js'
import { dialectOf, type DialectId } from './dialects.js'
import { isHasura, speaksPostgres } from './hasura.js'
import { manifestOf, namesNodePgMigrate } from './node-manifest.js'
import { isOfSqlx } from './sqlx-settings.js'
import { isOfSupabase } from './supabase.js'

const PAIR = /^\d+_.*\.up\.sql$/
const NUMBERED = /^\d+.*\.sql$/i
const SQL = /\.sql$/
const MANIFEST = 'atlas.sum'
const MIGRATIONS = /migrat|goose|dbmate/i

/**
 * The folders of SQL migrations, each with the dialect that its names and the files around it speak for. golang-migrate and
 * sqlx share names: the nearest Cargo.toml or go.mod decides. Single-file migrations of goose, dbmate and no tool look alike
 * from outside: what is said here about them is a guess that `settle` checks against their text.
 */
export function sqlProjects(index: FileIndex): readonly Project[] {
  const folders = foldersOf(index)
  const projects: Project[] = []
  const nested = new Set<string>()
  const prisma = new Set<string>()
  for (const [folder, names] of folders.names) {
    if (names.has('migration.sql') && isPrisma(folder, folders)) prisma.add(parentOf(folder))
    else if (isOfSupabase(folder) && some(names, NUMBERED) && !isForeign(folder, folders)) {
      projects.push(project('supabase', folder, names, false))
    } else if (some(names, NUMBERED) && isOfSqlx(folder, index)) projects.push(project('sqlx', folder, names, false))
    else if (names.has('up.sql') && /^\d[\d-]*(_|$)/.test(nameOf(folder))) nested.add(parentOf(folder))
    else if (some(names, PAIR) && isHasura(folder, folders)) projects.push(project('hasura', folder, names, false))
    else if (some(names, PAIR)) projects.push(project(pairDialect(folder, folders, index), folder, names, false))
    else if (some(names, NUMBERED) && directionOf(folder, folders) !== null) {
      if (directionOf(folder, folders) === 'down') continue
      projects.push(project('sql', parentOf(folder), namesBelow(parentOf(folder), index), false))
    } else if (names.has(MANIFEST) && some(names, SQL) && !isForeign(folder, folders)) {
      if (databaseOfBooks(folder, index) !== null) continue
      projects.push(project('atlas', folder, names, true))
    } else if (some(names, NUMBERED) && isMigrations(folder) && !isForeign(folder, folders)) {
      projects.push(project(singleDialect(folder, folders, index), folder, names, true))
    }
  }
  for (const root of nested) {
    if (isHasura(root, folders)) {
      if (speaksPostgres(root, folders, index)) projects.push(project('hasura', root, namesBelow(root, index), false))
    } else projects.push(project('diesel', root, folders.names.get(root) ?? new Set(), false))
  }
  for (const root of prisma) {
    const inner = upwards(root).some((above) => above !== root && prisma.has(above))
    if (inner || databaseOfBooks(root, index) !== null) continue
    projects.push(project('prisma', root, namesBelow(root, index), false))
  }
  return projects
}

/** The project of a dialect at a folder that the team names; null when no file there fits it. */
export function projectAt(id: string, root: string, { paths }: FileIndex): Project | null {
  const names = namesBelow(root, { paths })
  const fits = names.some((name) => ['up', 'down'].includes(dialectOf(id).place(name)?.kind ?? ''))
  return fits ? project(id, root, names, id === 'sql') : null
}

function namesBelow(root: string, { paths }: FileIndex): readonly string[] {
  return paths.filter((path) => isBelow(root, path)).map((path) => path.slice(root === '' ? 0 : root.length + 1))
}

/** A project of a dialect; `guess` says that the text of its files may show another tool. */
export function project(id: string, root: string, names: Iterable<string>, guess: boolean): Project {
  const files = [...names]
  const config = {
    ...(guess ? { dialect: 'guessed' } : {}),
    // Atlas keeps the hashes of other tools' files too.
    ...(files.includes(MANIFEST) ? { manifest: join(root, MANIFEST) } : {}),
  }
  return { framework: id, root, conventions: dialectOf(id).conventions(usageOf(id, files)), config }
}

function usageOf(id: string, names: Iterable<string>): Usage {
  const dialect = dialectOf(id)
  let longest = 0
  let hasDowns = false
  for (const name of names) {
    const place = dialect.place(name)
    if (place === null || place.kind === 'stray' || place.kind === 'repeatable') continue
    longest = Math.max(longest, place.version.length)
    hasDowns ||= place.kind === 'down'
  }
  // Eight digits are a date; nobody counts that far.
  return { numbering: longest >= 8 ? 'timestamp' : 'sequential', hasDowns }
}

function some(names: ReadonlySet<string>, pattern: RegExp): boolean {
  for (const name of names) if (pattern.test(name)) return true
  return false
}

/** Whether a folder is called after migrations, or lies right in one that is. */
function isMigrations(folder: string): boolean {
  return folder
    .split('/')
    .slice(-2)
    .some((segment) => MIGRATIONS.test(segment))
}

/** Whether a folder of migrations holds their ups or their downs alone. */
function directionOf(folder: string, folders: Folders): 'up' | 'down' | null {
  const name = nameOf(folder)
  if ((name !== 'up' && name !== 'down') || !isMigrations(parentOf(folder))) return null
  return name === 'up' || folders.names.has(join(parentOf(folder), 'up')) ? name : null
}

/** Folders whose files are numbered SQL but follow the books of another tool. */
function isForeign(folder: string, folders: Folders): boolean {
  return folders.has(join(folder, 'meta'), '_journal.json')
}

/** Whether a folder that holds `migration.sql` is a migration of Prisma: its lock file or a date says so; Drizzle has a snapshot there. */
function isPrisma(folder: string, folders: Folders): boolean {
  if (folders.has(folder, 'snapshot.json')) return false
  return (
    folders.has(parentOf(folder), nameOf(lockOf(''))) || /^\d+_/.test(nameOf(folder)) || isMigrations(parentOf(folder))
  )
}

function pairDialect(folder: string, folders: Folders, index: FileIndex): DialectId {
  if (namesNodePgMigrate(manifestOf(folder, folders), index)) return 'node-pg-migrate'
  return language(folder, folders) === 'rust' ? 'sqlx' : 'golang-migrate'
}

function singleDialect(folder: string, folders: Folders, index: FileIndex): DialectId {
  const names = folders.names.get(folder) ?? new Set()
  if (/goose/i.test(folder) || some(names, /^\d+_.*(?<!_test)\.go$/)) return 'goose'
  if (/dbmate/i.test(folder) || folders.has(parentOf(folder), 'schema.sql')) return 'dbmate'
  if (namesNodePgMigrate(manifestOf(folder, folders), index)) return 'node-pg-migrate'
  return language(folder, folders) === 'rust' ? 'sqlx' : 'sql'
}

/** Whose code the migrations belong to: the nearest manifest above them tells, else the only one in the tree. */
function language(folder: string, folders: Folders): 'rust' | 'go' | null {
  for (const above of upwards(folder)) {
    const rust = folders.has(above, 'Cargo.toml')
    const go = folders.has(above, 'go.mod')
    if (folders.has(above, 'sqlx-data.json') || folders.has(above, 'sqlx.toml') || folders.hasFolder(above, '.sqlx'))
      return 'rust'
    if (rust !== go) return rust ? 'rust' : 'go'
  }
  const anywhere = (name: string): boolean => [...folders.names.values()].some((names) => names.has(name))
  const rust = anywhere('Cargo.toml')
  return rust && !anywhere('go.mod') ? 'rust' : null
}
