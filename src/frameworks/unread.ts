import type { Project } from '../model/migration.js'
import type { Note } from '../model/note.js'
import { startOf } from '../source/span.js'
import { databaseOfBooks, rootByBooks } from './books.js'
import { foldersOf, isBelow, isForTests, join, nameOf, parentOf } from './folders.js'
import type { FileIndex } from './framework.js'
import { otherDatabaseOf } from './other-database.js'

/** Migrations of tools that are not read, by the path of a file. */
const UNREAD: readonly { readonly tool: string; readonly pattern: RegExp }[] = [
  { tool: 'Django', pattern: /(^|\/)migrations\/\d{4}_\w+\.py$/ },
  { tool: 'Rails', pattern: /(^|\/)db\/\w*migrate\/\d+_\w+\.rb$/ },
  // Read where there is a project; these lie outside of any.
  { tool: 'Flyway', pattern: /(^|\/)([VUB]\d[\d._]*|R)__[^/]+\.(java|kt|groovy|scala)$/ },
  { tool: 'Refinery', pattern: /(^|\/)[VU]\d+__[^/]+\.(sql|rs)$/ },
  { tool: 'Liquibase', pattern: /(^|\/)(db[./-]?changelog|liquibase)[^/]*(\/.*)?\.(xml|ya?ml|json|sql)$/i },
  { tool: 'Knex, TypeORM, Sequelize or node-pg-migrate', pattern: /(^|\/)migrations?\/\d{8,}[^/]*\.[cm]?[jt]s$/i },
  { tool: 'Ecto', pattern: /(^|\/)migrations\/\d{8,}_\w+\.exs$/ },
  { tool: 'Laravel or Phinx', pattern: /(^|\/)migrations\/\d[\d_]{7,}\w*\.php$/ },
  { tool: 'Entity Framework', pattern: /(^|\/)Migrations\/\d{14}_\w+\.cs$/ },
  { tool: 'SeaORM', pattern: /(^|\/)migration\/src\/m\d{8}_\w+\.rs$/ },
  // Its SQL and its metadata, in a folder for each database or without; where it has diesel's layout alone it is taken for diesel.
  { tool: 'Hasura', pattern: /(^|\/)migrations\/([^/]+\/)?\d{13}_[^/]+[/.](up|down)\.(sql|ya?ml)$/ },
  { tool: 'Sqitch', pattern: /(^|\/)sqitch\.plan$/ },
]

/** What Python runs, or takes modules from, and nobody can read. */
const OUT_OF_SIGHT = /(^|\/)versions\/(.*\/)?[^/]+\.(py[cod]|so|pth|egg|whl|zip|ipynb)$/

/** Paths that look like migrations and belong to no project: what a review must know to have changed, though it cannot read them. */
export function unreadPaths(index: FileIndex, projects: readonly Project[]): readonly string[] {
  const toolOf = lookAlikes(index, projects)
  return index.paths.filter((path) => toolOf(path) !== null || isForAnother(path, projects))
}

/** Whether a path looks like a migration for another database than PostgreSQL, or for one that tests make and throw away. */
function isForAnother(path: string, projects: readonly Project[]): boolean {
  const folder = parentOf(path)
  if (!/\.sql$/i.test(path) || !(isForTests(folder) || otherDatabaseOf(folder) !== null)) return false
  if (projects.some((project) => has(project, path))) return false
  return isNamedMigrations(folder) || UNREAD.some(({ pattern }) => pattern.test(path))
}

/** The folder of Prisma or Drizzle that holds a path and is by its books for another database, and which. */
function booksOf(path: string, index: FileIndex): { readonly root: string; readonly database: string } | null {
  const root = /\.sql$/i.test(path) ? rootByBooks(path, index) : null
  const database = root === null ? null : databaseOfBooks(root, index)
  return root === null || database === null ? null : { root, database }
}

/** The same of what the tool's own books say is for another database. */
function byBooks(index: FileIndex, projects: readonly Project[], changedPaths: readonly string[]): readonly Note[] {
  const here = new Set(index.paths)
  const first = new Map<string, Note>()
  for (const path of changedPaths) {
    if (!here.has(path) || projects.some((project) => has(project, path))) continue
    const books = booksOf(path, index)
    if (books === null || first.has(books.root)) continue
    const message = `${books.root} is by the books of its tool for ${books.database}, and not reviewed`
    first.set(books.root, { message, at: startOf(path), bearing: 'informs' })
  }
  return [...first.values()]
}

/** What is changed and meant for another database is not reviewed, and the team is told: one line a folder. */
function forOthers(projects: readonly Project[], changedPaths: readonly string[]): readonly Note[] {
  const first = new Map<string, string>()
  for (const path of changedPaths) {
    if (isForAnother(path, projects) && !first.has(parentOf(path))) first.set(parentOf(path), path)
  }
  return [...first].map(([folder, path]) => ({
    message: `${folder} is by its name for ${
      otherDatabaseOf(folder) === null
        ? 'tests, and not reviewed; where a database keeps what it does'
        : `${otherDatabaseOf(folder)}, and not reviewed; where it is for PostgreSQL`
    }, name it under \`migrations\` in the configuration`,
    at: startOf(path),
    bearing: 'informs',
  }))
}

/**
 * What lies in the tree that looks like migrations and belongs to no project. It withholds a pass where the pull request
 * changes such a file; otherwise one line a tool says that it is there.
 */
export function unread(
  index: FileIndex,
  projects: readonly Project[],
  changedPaths: readonly string[],
): readonly Note[] {
  const toolOf = lookAlikes(index, projects)
  const { names } = foldersOf(index)
  const here = new Set(index.paths)
  const withheld = new Map<string, { readonly tool: string; readonly path: string; count: number }>()
  for (const path of changedPaths) {
    const tool = here.has(path) ? toolOf(path) : null
    if (tool === null) continue
    const key = `${tool}:${parentOf(path)}`
    const entry = withheld.get(key)
    if (entry === undefined) withheld.set(key, { tool, path, count: 1 })
    else entry.count++
  }
  const untouched = new Map<string, string>()
  for (const [folder, files] of names) {
    for (const name of files) {
      const tool = toolOf(join(folder, name))
      if (tool === null || tool === 'an unknown tool') continue
      if (!untouched.has(tool) && ![...withheld.values()].some((entry) => entry.tool === tool))
        untouched.set(tool, folder)
    }
  }
  return [
    ...[...withheld.values()].map(({ tool, path, count }): Note => {
      const what = count === 1 ? nameOf(path) : `${nameOf(path)} and ${count - 1} more beside it`
      const verb = count === 1 ? 'looks like a migration' : 'look like migrations'
      return { message: `${what} ${verb} of ${tool}, which is not read`, at: startOf(path), bearing: 'withholds' }
    }),
    ...[...untouched].map(([tool, folder]): Note => {
      const place = folder === '' ? 'the top folder' : folder
      return { message: `${place} holds migrations of ${tool}, which are not read`, at: null, bearing: 'informs' }
    }),
    ...byBooks(index, projects, changedPaths),
    ...forOthers(
      projects,
      changedPaths.filter((path) => here.has(path)),
    ),
  ]
}

/** Tells the tool whose migration a path looks like; null for one that a project has, or that looks like none. */
function lookAlikes(index: FileIndex, projects: readonly Project[]): (path: string) => string | null {
  return (path) => {
    const compiled = projects.find(({ framework, root }) => framework === 'alembic' && owns(root, path))
    if (compiled !== undefined && OUT_OF_SIGHT.test(path)) return compiled.conventions.tool
    if (projects.some((project) => has(project, path))) return null
    const folder = parentOf(path)
    if (otherDatabaseOf(folder) !== null || isForTests(folder) || booksOf(path, index) !== null) return null
    const sql = /\.sql$/i.test(path)
    return (
      UNREAD.find(({ pattern }) => pattern.test(path))?.tool ??
      (sql && isNamedMigrations(folder) ? 'an unknown tool' : null)
    )
  }
}

/** Whether a path is a project's: in its folder, or in one of those in which its migrations are classes. */
function has({ root, config }: Project, path: string): boolean {
  const classes = JSON.parse(config['code'] ?? '[]') as readonly string[]
  return owns(root, path) || classes.some((folder) => owns(folder, path))
}

function owns(root: string, path: string): boolean {
  return root === '' ? parentOf(path) === '' : isBelow(root, path)
}

function isNamedMigrations(folder: string): boolean {
  return folder.split('/').some((segment) => /^(sql|db)?[-_]?migrations?$/i.test(segment))
}
