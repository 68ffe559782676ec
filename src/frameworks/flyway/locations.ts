import { foldersOf, isBelow, join, nameOf, upwards, type Folders } from '../folders.js'
import type { FileIndex } from '../framework.js'
import type { Configuration } from './configuration/files.js'
import { isKnown, listed } from './settings.js'

/** Where a configuration has Flyway look, as far as it lies in the repository. */
export interface Locations {
  /** Folders of SQL files; Flyway looks into those below as well. */
  readonly folders: readonly string[]
  /** Folders of classes that are migrations. */
  readonly code: readonly string[]
  /** What the configuration names and the repository does not hold. */
  readonly elsewhere: readonly string[]
}

const LANGUAGES = ['java', 'kotlin', 'groovy', 'scala']

/** The locations of a configuration; an application's, where none are named, are `db/migration` of its class path. */
export function locationsOf(configuration: Configuration, index: FileIndex): Locations {
  const { told, application, module } = configuration
  const written = told.get('locations')
  const folders = foldersOf(index)
  const resolved = listed(written ?? (application ? 'classpath:db/migration' : 'filesystem:sql')).map((location) =>
    resolve(location, module, folders),
  )
  const elsewhere = resolved.flatMap(({ elsewhere }) => elsewhere)
  return {
    folders: outermost(resolved.flatMap((each) => each.folders)),
    code: outermost(resolved.flatMap((each) => each.code)),
    // What is not named and not there was never meant.
    elsewhere: written === undefined ? [] : elsewhere,
  }
}

/** The folders of some that lie in no other: Flyway looks into a location once. */
export function outermost(folders: readonly string[]): readonly string[] {
  const once = [...new Set(folders)]
  return once.filter((folder) => !once.some((other) => other !== folder && isBelow(other, folder)))
}

function resolve(written: string, module: string, folders: Folders): Locations {
  // Spring Boot puts the name of the database there.
  const location = written.replaceAll('{vendor}', 'postgresql')
  const elsewhere = { folders: [], code: [], elsewhere: [written] }
  const [, scheme = 'classpath', path = ''] = /^(?:(\w+):)?(.*)$/.exec(location) ?? []
  if (/[*?]/.test(path)) return elsewhere
  if (scheme === 'classpath') return onClassPath(path.replace(/^\/+|\/+$/g, ''), module, folders) ?? elsewhere
  return scheme === 'filesystem' ? (onDisk(path, module, folders) ?? elsewhere) : elsewhere
}

function onClassPath(path: string, module: string, folders: Folders): Locations | null {
  const at = (root: string): Locations => ({
    folders: [join(root, `src/main/resources/${path}`)].filter((folder) => exists(folder, folders)),
    code: LANGUAGES.map((language) => join(root, `src/main/${language}/${path}`)).filter((folder) =>
      exists(folder, folders),
    ),
    elsewhere: [],
  })
  const found = at(module)
  if (found.folders.length + found.code.length > 0) return found
  // A build of several modules may be configured in another one than holds the files.
  const suffix = `src/main/resources/${path}`
  const inner = module === '' ? suffix : `/${suffix}`
  const others = [...allFolders(folders)].filter((folder) => folder === suffix || folder.endsWith(inner))
  const [only] = others.length === 1 ? others : []
  return only === undefined ? null : at(only.slice(0, Math.max(0, only.length - suffix.length - 1)))
}

function onDisk(path: string, module: string, folders: Folders): Locations | null {
  // The folder of the build's own module may be written in several ways.
  const plain = path.replace(/^\$\{(project\.)?(basedir|projectDir|rootDir)\}\/?/, '')
  const built = /^(?:\$\{project\.build\.directory\}|target)\/classes\/(.*)$/.exec(plain)?.[1]
  if (built !== undefined) return onClassPath(built, module, folders)
  if (!isKnown(plain)) return null
  const found = plain.startsWith('/')
    ? // Where a container has them: the folder of that name that lies nearest, if any does.
      upwards(module).map((folder) => join(folder, nameOf(plain)))
    : upwards(module).map((folder) => normal(join(folder, plain)))
  const folder = found.find((each): each is string => each !== null && exists(each, folders))
  return folder === undefined ? null : { folders: [folder], code: [], elsewhere: [] }
}

/** A path without `.` and `..`; null for one that leaves the repository. */
function normal(path: string): string | null {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return null
    if (segment !== '..' && segment !== '.' && segment !== '') segments.push(segment)
  }
  return segments.join('/')
}

function exists(folder: string, { hasFolder }: Folders): boolean {
  return folder === '' || hasFolder('', folder)
}

function allFolders({ names }: Folders): ReadonlySet<string> {
  return new Set([...names.keys()].flatMap((folder) => upwards(folder)))
}
