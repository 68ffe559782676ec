import type { Conventions, Project } from '../../model/migration.js'
import { foldersOf, isBelow, join, nameOf, parentOf } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { configurations, type Configuration } from './configuration.js'

const CONVENTIONS: Conventions = {
  tool: 'Alembic',
  placeholders: true,
  hashesFiles: false,
  lateVersion: 'graph',
  reactions: {
    edited: 'Alembic does not run it again, so databases that ran the old text never get the change',
    deleted: 'on a database that is at it Alembic stops, since it cannot locate the revision',
    late: 'Alembic goes by parents, not by versions',
    duplicate: 'Alembic warns that the revision is present more than once, and keeps one of the two',
  },
  numbering: 'opaque',
  downs: 'expected',
  bookkeeping: ['alembic_version'],
  withoutTransaction: 'put the call into `with op.get_context().autocommit_block():`',
  // https://alembic.sqlalchemy.org/en/latest/tutorial.html#downgrading
  rollback: 'alembic downgrade -1',
  filePattern: 'versions/<revision>_name.py',
}

/** Where a project's revisions are. */
export interface Locations {
  readonly folders: readonly string[]
  /** `unknown`: no configuration was found, as when the application makes it. */
  readonly recursive: boolean | 'unknown'
}

/**
 * The projects that configuration files name; besides those, folders beside whose `versions` with Python stands an `env.py` or
 * the template of revisions, or whose name tells.
 */
export function alembicProjects(index: FileIndex): readonly Project[] {
  const projects: Project[] = []
  const taken: string[] = []
  for (const configuration of configurations(index)) {
    const { scripts, locations } = configuration
    const [first = scripts] = locations
    // Two sections may share their scripts and have a history each.
    const shares = projects.find(({ root }) => root === scripts)
    if (shares !== undefined && locationsOf(shares).folders.join() === locations.join()) continue
    const project = configured(configuration, shares === undefined ? scripts : first)
    if (versionFiles(project, index).length === 0 || projects.some(({ root }) => root === project.root)) continue
    projects.push(project)
    taken.push(...locations)
  }
  const { names, has } = foldersOf(index)
  const roots = new Set<string>()
  for (const [folder, files] of names) {
    if (![...files].some((name) => name.endsWith('.py'))) continue
    const root = rootOf(folder)
    if (root === null || projects.some((project) => project.root === root)) continue
    if (taken.some((location) => location === folder || isBelow(location, folder))) continue
    const told = has(root, 'env.py') || has(root, 'script.py.mako') || /alembic|migrat/i.test(root)
    if (told) roots.add(root)
  }
  return [...projects, ...[...roots].map(unconfigured)]
}

/** The project at a folder that the team names: the one with `env.py`, or the `versions` folder itself. */
export function alembicAt(root: string, index: FileIndex): Project | null {
  const folder = nameOf(root) === 'versions' ? parentOf(root) : root
  const project = unconfigured(folder)
  return versionFiles(project, index).length > 0 ? project : null
}

/** The configuration of a project on one side of a pull request; null where none is known. */
export function configurationOf({ root, config }: Project, files: FileIndex): Configuration | null {
  const all = configurations(files)
  const same = all.find(({ file, section }) => file === config['file'] && section === config['section'])
  return same ?? all.find(({ scripts }) => scripts === root) ?? null
}

/** The project as the configuration on one side has it. */
export function settled(project: Project, files: FileIndex): Project {
  const configuration = configurationOf(project, files)
  return configuration === null ? project : configured(configuration, project.root)
}

/** Where a project's revisions are. */
export function locationsOf({ root, config }: Project): Locations {
  const folders = config['locations'] === undefined ? [join(root, 'versions')] : config['locations'].split('\n')
  const recursive = config['recursive'] === undefined ? 'unknown' : config['recursive'] === 'true'
  return { folders, recursive }
}

/** The Python files in a project's version locations, at any depth, that have the name of a revision. */
export function versionFiles(project: Project, { paths }: FileIndex): readonly string[] {
  const { folders } = locationsOf(project)
  return paths.filter((path) => folders.some((folder) => isBelow(folder, path)) && isRevisionName(path))
}

/** Whether Alembic looks into a file, by its place: what lies deeper counts only where the configuration says so. */
export function isLoaded(project: Project, path: string): boolean {
  const { folders, recursive } = locationsOf(project)
  return recursive !== false || folders.includes(parentOf(path))
}

/** https://github.com/sqlalchemy/alembic/blob/rel_1_20_1/alembic/script/base.py, `_only_source_rev_file` and `_list_py_dir` */
function isRevisionName(path: string): boolean {
  return /^(?!\.#|__init__).*\.py$/.test(nameOf(path)) && !/__pycache__\//.test(path)
}

function configured(configuration: Configuration, root: string): Project {
  const { file, section, locations, recursive, template } = configuration
  const config = { file, section, locations: locations.join('\n'), recursive: String(recursive) }
  const filePattern = template === null ? CONVENTIONS.filePattern : `versions/${patternOf(template)}.py`
  return { framework: 'alembic', root, conventions: { ...CONVENTIONS, filePattern }, config }
}

function unconfigured(root: string): Project {
  return { framework: 'alembic', root, conventions: CONVENTIONS, config: {} }
}

/** `%(year)d_%(rev)s_%(slug)s` for people. */
function patternOf(template: string): string {
  return template.replace(/%\((\w+)\)[-\d.]*[sdi]/g, (_, name: string) => NAMES[name] ?? `<${name}>`)
}

const NAMES: Readonly<Record<string, string>> = { rev: '<revision>', slug: 'name' }

/** What stands above the last `versions` of a folder; null when it has none. */
function rootOf(folder: string): string | null {
  const segments = folder.split('/')
  const at = segments.lastIndexOf('versions')
  return at < 0 ? null : segments.slice(0, at).join('/')
}
