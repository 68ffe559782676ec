import type { Conventions, Project } from '../../model/migration.js'
import { foldersOf, isBelow, join, nameOf, parentOf } from '../folders.js'
import type { FileIndex } from '../framework.js'

const CONVENTIONS: Conventions = {
  tool: 'Alembic',
  hashesFiles: false,
  lateVersion: 'graph',
  numbering: 'opaque',
  downs: 'expected',
  bookkeeping: ['alembic_version'],
  withoutTransaction: 'put the call into `with op.get_context().autocommit_block():`',
  // https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
  rollback: 'alembic downgrade -1',
  filePattern: 'versions/<revision>_name.py',
}

/** Folders beside whose `versions` with Python stands an `env.py` or the template of revisions, or whose name tells. */
export function alembicProjects(index: FileIndex): readonly Project[] {
  const folders = foldersOf(index)
  const roots = new Set<string>()
  for (const [folder, names] of folders.names) {
    if (![...names].some((name) => name.endsWith('.py'))) continue
    const root = rootOf(folder)
    if (root === null) continue
    const told = folders.has(root, 'env.py') || folders.has(root, 'script.py.mako') || /alembic|migrat/i.test(root)
    if (told) roots.add(root)
  }
  return [...roots].map(project)
}

/** The project at a folder that the team names: the one with `env.py`, or the `versions` folder itself. */
export function alembicAt(root: string, index: FileIndex): Project | null {
  const folder = nameOf(root) === 'versions' ? parentOf(root) : root
  return versionFiles(folder, index).length > 0 ? project(folder) : null
}

/** The files below `versions`, at any depth. */
export function versionFiles(root: string, { paths }: FileIndex): readonly string[] {
  const versions = join(root, 'versions')
  return paths.filter((path) => isBelow(versions, path) && path.endsWith('.py') && nameOf(path) !== '__init__.py')
}

function project(root: string): Project {
  return { framework: 'alembic', root, conventions: CONVENTIONS, config: { versions: join(root, 'versions') } }
}

/** What stands above the last `versions` of a folder; null when it has none. */
function rootOf(folder: string): string | null {
  const segments = folder.split('/')
  const at = segments.lastIndexOf('versions')
  return at < 0 ? null : segments.slice(0, at).join('/')
}
