import type { Project } from '../../model/migration.js'
import { foldersOf, isBelow, isForTests, join, nameOf, parentOf, upwards, type Folders } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { otherDatabaseOf } from '../other-database.js'
import { configurationsIn, type Configuration } from './configuration/files.js'
import { locationsOf } from './locations.js'
import { codeName, nameIn } from './names.js'
import { factsOf, isLocated, projectOf, type Facts } from './project.js'
import { settingsOf, type Told } from './settings.js'
import { show } from './version.js'

const DEFAULTS = settingsOf(new Map())
const found = new WeakMap<FileIndex, readonly Project[]>()

/**
 * The projects of Flyway in a tree: what a configuration locates, and folders whose names alone tell. Files for tests are none:
 * no database keeps what they do.
 */
export function flywayProjects(index: FileIndex): readonly Project[] {
  const known = found.get(index)
  if (known !== undefined) return known
  const configured = configuredProjects(index)
  const claimed = configured.flatMap((project) => factsOf(project).folders)
  const projects = [...configured, ...namedProjects(index, claimed)]
  // A set of files may be asked again when more of it is read.
  if (index.read === undefined) return projects
  found.set(index, projects)
  return projects
}

/** The project at a folder that the team names; null when no file there could be Flyway's. */
export function flywayAt(root: string, index: FileIndex): Project | null {
  const around = configurationsIn(index).find(({ file, module }) => isBelow(module, root) || isBelow(root, file))
  const told = around?.told ?? new Map<string, string>()
  const settings = settingsOf(told)
  const fits = index.paths.some((path) => {
    const kind = isBelow(root, path) ? nameIn(settings, nameOf(path))?.kind : undefined
    return kind === 'versioned' || kind === 'repeatable' || kind === 'baseline'
  })
  if (!fits) return null
  const facts = { ...NOTHING, folders: [root], told, files: around === undefined ? [] : [around.file] }
  return projectOf({ ...facts, code: codeFor([root], index) }, index.paths, root)
}

const NOTHING: Facts = { folders: [], code: [], except: [], told: new Map(), files: [], elsewhere: [] }

/** By the configurations, the one that counts most first; one that locates the same folders adds what that does not say. */
function configuredProjects(index: FileIndex): readonly Project[] {
  const projects: Facts[] = []
  for (const configuration of configurationsIn(index)) {
    const located = locationsOf(configuration, index)
    const folders = located.folders.filter((folder) => holdsMigrations(folder, configuration, index))
    if (folders.length === 0) continue
    const same = projects.findIndex((other) => folders.some((folder) => other.folders.includes(folder)))
    const before = projects[same]
    if (before === undefined) {
      const code = located.code.length > 0 ? located.code : codeFor(folders, index)
      const { told, file } = configuration
      projects.push({ ...NOTHING, folders, code, told, files: [file], elsewhere: located.elsewhere })
    } else projects[same] = joinedFacts(before, configuration)
  }
  return projects.map((facts) => projectOf(facts, index.paths))
}

function joinedFacts(before: Facts, { file, told }: Configuration): Facts {
  const more: Told = new Map([...told].filter(([name]) => name !== 'locations'))
  return { ...before, told: new Map([...more, ...before.told]), files: [...before.files, file] }
}

function holdsMigrations(folder: string, { told }: Configuration, index: FileIndex): boolean {
  const settings = settingsOf(told)
  return index.paths.some((path) => {
    const kind = isBelow(folder, path) ? nameIn(settings, nameOf(path))?.kind : undefined
    return kind !== undefined && kind !== 'invalid' && kind !== 'callback'
  })
}

/** By names alone, where no configuration has claimed them. */
function namedProjects(index: FileIndex, claimed: readonly string[]): readonly Project[] {
  const folders = foldersOf(index)
  const groups = new Map<string, Map<string, readonly string[]>>()
  for (const [folder, names] of folders.names) {
    if (isLocated(claimed, join(folder, 'x')) || isForTests(folder) || otherDatabaseOf(folder) !== null) continue
    const versions = versionsAmong(names)
    if (versions === null || isOfRust(folder, folders)) continue
    const root = rootOf(folder)
    const group = groups.get(root) ?? new Map<string, readonly string[]>()
    groups.set(root, group.set(folder, versions))
  }
  return [...merged(groups)].flatMap(([root, group]) => {
    const own = [...group.keys()].sort()
    // What repeatable migrations alone make is nobody's schema.
    if (![...group.values()].some((versions) => versions.length > 0)) return []
    const parts = clashes(group) > 1 ? own : [root]
    return parts.map((part) => {
      const except = own.filter((other) => parts.length > 1 && other !== part && isBelow(part, other))
      const facts = {
        ...NOTHING,
        folders: [part],
        except: [...except, ...claimed.filter((each) => isBelow(part, each))],
      }
      return projectOf({ ...facts, code: parts.length > 1 ? [] : codeFor([part], index) }, index.paths, part)
    })
  })
}

/** The versions that files in a folder carry; null when none of them has a name of Flyway's migrations. */
function versionsAmong(names: ReadonlySet<string>): readonly string[] | null {
  const versions: string[] = []
  let some = false
  for (const name of names) {
    const named = name.includes('__') ? nameIn(DEFAULTS, name) : null
    if (named === null || named.kind === 'invalid' || named.kind === 'callback') continue
    some = true
    if (named.kind === 'versioned' || named.kind === 'baseline') versions.push(`${named.kind} ${show(named.version)}`)
  }
  return some ? versions : null
}

/** The location that a folder of migrations most likely lies in: `db/migration`, or the nearest that is called after migrations. */
function rootOf(folder: string): string {
  const usual = /^(?:.*?\/)?db\/migrations?(?=\/|$)/.exec(folder)?.[0]
  return usual ?? upwards(folder).find((above) => /migrat|flyway/i.test(nameOf(above))) ?? folder
}

/** Groups of which one lies in another are one: Flyway looks into all folders below a location. */
function merged(groups: ReadonlyMap<string, ReadonlyMap<string, readonly string[]>>): typeof groups {
  const all = new Map<string, Map<string, readonly string[]>>()
  for (const [root, group] of groups) {
    const outer = [...groups.keys()].filter((other) => isBelow(other, root)).sort((a, b) => a.length - b.length)[0]
    const into = outer ?? root
    all.set(into, new Map([...(all.get(into) ?? []), ...group]))
  }
  return all
}

/** How many versions are in more than one folder: one is a mistake, several are several databases. */
function clashes(group: ReadonlyMap<string, readonly string[]>): number {
  const counts = new Map<string, number>()
  for (const versions of group.values()) {
    for (const version of new Set(versions)) counts.set(version, (counts.get(version) ?? 0) + 1)
  }
  return [...counts.values()].filter((count) => count > 1).length
}

/** Refinery and others take Flyway's names to Rust: their nearest manifest is Cargo's. */
function isOfRust(folder: string, folders: Folders): boolean {
  for (const above of upwards(folder)) {
    if (
      ['pom.xml', 'build.gradle', 'build.gradle.kts', 'flyway.conf', 'flyway.toml'].some((name) =>
        folders.has(above, name),
      )
    )
      return false
    if (folders.has(above, 'Cargo.toml')) return true
  }
  return false
}

/** The folders of classes that are migrations, in the applications that hold some folders of SQL. */
function codeFor(located: readonly string[], { paths }: FileIndex): readonly string[] {
  const applications = located.flatMap((folder) => {
    const match = /^(?:(.*)\/)?src\/main\/resources(?:\/|$)/.exec(folder)
    return match === null ? [] : [join(match[1] ?? '', 'src/main')]
  })
  if (applications.length === 0) return []
  const folders = paths.flatMap((path) => {
    const folder = parentOf(path)
    return isLocated(applications, path) && /migrat/i.test(folder) && codeName(nameOf(path)) !== null ? [folder] : []
  })
  return [...new Set(folders)].sort()
}
