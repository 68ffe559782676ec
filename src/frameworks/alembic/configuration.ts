import { parse } from 'smol-toml'
import { foldersOf, isBelow, join, nameOf, parentOf, upwards } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { optionOf, readIni, type IniSection } from '../../source/ini.js'

/** What one section of a configuration says of where Alembic finds things. Folders are repository paths. */
export interface Configuration {
  readonly file: string
  readonly section: string
  /** The folder with `env.py`. */
  readonly scripts: string
  readonly locations: readonly string[]
  /** Whether folders below a location count. */
  readonly recursive: boolean
  /** Whether compiled files count. */
  readonly sourceless: boolean
  /** How new files are named; null for Alembic's own way. */
  readonly template: string | null
  /** Where Python looks for modules, besides the usual. */
  readonly modules: readonly string[]
  /** What makes Alembic stop, or cannot be followed. */
  readonly faults: readonly { readonly message: string; readonly line: number }[]
}

/** Files that may configure Alembic: ini files by name or near an `env.py`, and `pyproject.toml` there. */
export function configFiles(index: FileIndex): readonly string[] {
  const { names } = foldersOf(index)
  const near = new Set<string>()
  for (const [folder, files] of names) {
    const told = files.has('script.py.mako') || files.has('env.py')
    const versions = nameOf(folder) === 'versions' && [...files].some((name) => name.endsWith('.py'))
    if (told) for (const above of upwards(folder)) near.add(above)
    if (versions) for (const above of upwards(parentOf(folder))) near.add(above)
  }
  return [...names].flatMap(([folder, files]) =>
    [...files]
      .filter((name) =>
        near.has(folder) ? /\.ini$|^pyproject\.toml$/.test(name) : /^[\w.-]*alembic[\w.-]*\.ini$/.test(name),
      )
      .map((name) => join(folder, name)),
  )
}

const cache = new WeakMap<FileIndex, readonly Configuration[]>()

/**
 * The configurations of a tree, as far as their text was loaded
 * (https://alembic.sqlalchemy.org/en/latest/tutorial.html#editing-the-ini-file, and `Config` and `ScriptDirectory` of 1.20).
 */
export function configurations(files: FileIndex): readonly Configuration[] {
  const known = cache.get(files)
  if (known !== undefined) return known
  const found = configFiles(files).flatMap((file) => {
    const text = files.read?.(file)?.text
    if (text === undefined) return []
    const beside = join(parentOf(file), nameOf(file) === 'pyproject.toml' ? 'alembic.ini' : 'pyproject.toml')
    const toml = tableOf(nameOf(file) === 'pyproject.toml' ? text : files.read?.(beside)?.text)
    if (nameOf(file) !== 'pyproject.toml') return sectionsOf(file, text, toml, files)
    // Where both are there, the ini file comes first and what it lacks is taken from here.
    return files.read?.(beside) === undefined ? configured(file, 'alembic', null, toml, files) : []
  })
  cache.set(files, found)
  return found
}

type Toml = Readonly<Record<string, unknown>>

function tableOf(text: string | undefined): Toml {
  try {
    const tool = text === undefined ? undefined : parse(text)['tool']
    const table = typeof tool === 'object' ? (tool as Toml)['alembic'] : undefined
    return typeof table === 'object' && table !== null && !Array.isArray(table) ? (table as Toml) : {}
  } catch {
    return {}
  }
}

function sectionsOf(file: string, text: string, toml: Toml, files: FileIndex): readonly Configuration[] {
  return readIni(text)
    .sections.filter(
      ({ name, own }) => name === 'alembic' || own.has('script_location') || own.has('version_locations'),
    )
    .flatMap((section) => configured(file, section.name, section, toml, files))
}

/** A repository path is under this root while names are filled in, and nothing outside it is. */
const REPOSITORY = '/@repository'

function configured(
  file: string,
  name: string,
  section: IniSection | null,
  toml: Toml,
  files: FileIndex,
): readonly Configuration[] {
  const folder = parentOf(file)
  const given = new Map([['here', folder === '' ? REPOSITORY : `${REPOSITORY}/${folder}`]])
  const ini = (option: string): string | null => (section === null ? null : optionOf(section, option, given))
  const filled = (value: string): string => value.replaceAll('%(here)s', given.get('here') ?? '').replaceAll('%%', '%')
  const text = (option: string): string | null => {
    const value = toml[option]
    return ini(option) ?? (typeof value === 'string' ? filled(value) : null)
  }
  const flag = (option: string): boolean => (ini(option) === null ? toml[option] === true : ini(option) === 'true')
  const list = (option: string): readonly string[] => {
    const value = toml[option]
    return Array.isArray(value) ? value.filter((item) => typeof item === 'string').map(filled) : []
  }

  const faults: { message: string; line: number }[] = []
  const line = section?.options.get('version_locations')?.line ?? 1
  const scripts = scriptsOf(text('script_location'), folder, files)
  if (scripts === null) return []
  const written = ini('version_locations')
  const separator = written ? separatorOf(ini('path_separator') ?? ini('version_path_separator')) : null
  if (separator !== null && 'wrong' in separator) {
    faults.push({ message: `'${separator.wrong}' is no separator of paths, and Alembic stops at it`, line })
  }
  const values =
    written && separator !== null
      ? split(written, 'wrong' in separator ? null : separator.by)
      : list('version_locations')
  const locations = values.flatMap((value) => {
    const location = placeOf(value, [scripts.start, ...upwards(folder)], files)
    if (location === null)
      faults.push({ message: `the version location ${shown(value)} is not in the repository`, line })
    return location ?? []
  })
  const paths = ini('prepend_sys_path')
  const separatorOfPaths = paths ? separatorOf(ini('path_separator')) : null
  const prepended = paths
    ? split(paths, separatorOfPaths !== null && 'by' in separatorOfPaths ? separatorOfPaths.by : null)
    : list('prepend_sys_path')
  return [
    {
      file,
      section: name,
      scripts: scripts.folder,
      locations: values.length === 0 ? [join(scripts.folder, 'versions')] : [...new Set(locations)],
      recursive: flag('recursive_version_locations'),
      sourceless: flag('sourceless'),
      template: text('file_template'),
      modules: prepended.flatMap((value) => placeOf(value, [scripts.start], files) ?? []),
      faults,
    },
  ]
}

/** The folder of scripts, and the one in which Alembic has to be started for it to be found. */
function scriptsOf(
  value: string | null,
  folder: string,
  files: FileIndex,
): { readonly folder: string; readonly start: string } | null {
  if (value === null || value === '') {
    // Flask-Migrate keeps its configuration in the folder of scripts, and names that folder itself.
    return foldersOf(files).has(folder, 'env.py') ? { folder, start: upwards(folder)[1] ?? '' } : null
  }
  for (const start of upwards(folder)) {
    const found = placeOf(value, [start], files)
    if (found !== null) return { folder: found, start }
  }
  return null
}

/** The folder that a location names, tried from each start; `package:folder` is a folder in a Python package. */
function placeOf(value: string, starts: readonly string[], files: FileIndex): string | null {
  const inPackage = value.startsWith('/') ? null : /^([\w.]+):(.+)$/.exec(value)
  const path =
    inPackage === null
      ? value
      : join(inPackage[1]?.replaceAll('.', '/') ?? '', inPackage[2]?.replaceAll(':', '/') ?? '')
  const from = inPackage === null ? starts : starts.flatMap((start) => [start, join(start, 'src')])
  for (const start of from) {
    const found = normal(path.startsWith('/') ? path : `${REPOSITORY}/${start}/${path}`)
    if (found !== null && isFolder(found, files)) return found
  }
  return null
}

/** A path without `.` and `..`; null when it leads out of the repository. */
function normal(path: string): string | null {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..') segments.pop()
    else if (segment !== '' && segment !== '.') segments.push(segment)
  }
  return segments[0] === REPOSITORY.slice(1) ? segments.slice(1).join('/') : null
}

function isFolder(path: string, index: FileIndex): boolean {
  return (
    path === '' ||
    foldersOf(index).hasFolder(parentOf(path), nameOf(path)) ||
    index.paths.some((file) => isBelow(path, file))
  )
}

const SEPARATORS: Readonly<Record<string, string>> = { space: ' ', newline: '\n', os: ':', ':': ':', ';': ';' }

function separatorOf(name: string | null): { readonly by: string } | { readonly wrong: string } | null {
  if (name === null) return { by: '' }
  const by = SEPARATORS[name]
  return by === undefined ? { wrong: name } : { by }
}

/** Without a separator Alembic splits at spaces and commas, as it always did. */
function split(value: string, by: string | null): readonly string[] {
  const parts = by === null || by === '' ? value.split(/, *| +|\n/) : value.split(by)
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

function shown(value: string): string {
  return value.replace(`${REPOSITORY}/`, '').replace(REPOSITORY, '.')
}
