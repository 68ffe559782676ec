import type { Project } from '../model/migration.js'
import { alembic } from './alembic/framework.js'
import { drizzle } from './drizzle/framework.js'
import { flyway } from './flyway/framework.js'
import { isBelow } from './folders.js'
import type { FileIndex, MigrationFramework } from './framework.js'
import { liquibase } from './liquibase/framework.js'
import { loose } from './loose.js'
import { otherDatabaseOf } from './other-database.js'
import { sqitch } from './sqitch/framework.js'
import { sqlFramework } from './sql/adapter.js'
import { DIALECTS } from './sql/dialects.js'

export { unread, unreadPaths } from './unread.js'

/** Every framework whose projects are found in a tree, by id. */
export const frameworks: readonly MigrationFramework[] = [
  alembic,
  drizzle,
  flyway,
  liquibase,
  sqitch,
  ...Object.values(DIALECTS).map(sqlFramework),
].sort((a, b) => (a.id < b.id ? -1 : 1))

/** A folder that the team names as holding migrations, and the framework when they say. */
export interface Configured {
  readonly path: string
  readonly framework: string | null
}

/** The framework of a project. */
export function frameworkOf(project: Project): MigrationFramework {
  const framework = [...frameworks, loose].find(({ id }) => id === project.framework)
  if (framework === undefined) throw new Error(`no framework is called ${project.framework}`)
  return framework
}

/**
 * The migration projects of a tree, by root. One folder may hold two, as a folder of SQL files beside Alembic's `versions`; no
 * file belongs to both. What lies in a folder that is named for another database is none. Where the team names folders, only
 * what lies in those, whatever their names.
 */
export function detectProjects(index: FileIndex, configured: readonly Configured[] = []): readonly Project[] {
  const detected = settled(frameworks.flatMap((framework) => framework.detect(index)))
  const wanted =
    configured.length === 0
      ? detected.filter(({ root }) => otherDatabaseOf(root) === null)
      : configured.flatMap((folder) => named(folder, detected, index))
  const keyOf = ({ root, framework }: Project): string => `${root}:${framework}`
  const once = new Map(wanted.map((project) => [keyOf(project), project]))
  return [...once.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** A guess from the look of SQL files gives way to a tool that knows the same folder by its own books. */
function settled(detected: readonly Project[]): readonly Project[] {
  const isGuess = ({ config }: Project): boolean => config['dialect'] === 'guessed'
  const known = new Set(
    detected.flatMap((project) =>
      isGuess(project) || project.framework === alembic.id ? [] : [project.root, ...foldersOf(project)],
    ),
  )
  return detected.filter((project) => !isGuess(project) || !known.has(project.root))
}

/** The folders in which a project has files, where they are more than its root. */
function foldersOf({ config }: Project): readonly string[] {
  return JSON.parse(config['changelogFolders'] ?? '[]') as readonly string[]
}

function named({ path, framework }: Configured, detected: readonly Project[], index: FileIndex): readonly Project[] {
  const root = path.replace(/^(\.?\/)+|\/+$/g, '').replace(/^\.$/, '')
  const inside = detected.filter((project) => isBelow(root, `${project.root}/`))
  const fitting = framework === null ? inside : inside.filter((project) => project.framework === framework)
  if (fitting.length > 0) return fitting
  const around = detected.filter((project) => project.root !== '' && isBelow(project.root, root))
  if (framework === null && around.length > 0) return around
  // What detection does not see, or takes for another tool, is what the team says it is.
  for (const id of framework === null ? ['alembic', 'sql'] : [framework]) {
    const project = frameworks.find((candidate) => candidate.id === id)?.at?.(root, index)
    if (project) return [project]
  }
  return []
}
