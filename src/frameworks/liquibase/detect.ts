import type { Project } from '../../model/migration.js'
import { isBelow, nameOf, parentOf } from '../folders.js'
import type { FileIndex } from '../framework.js'
import { changelogOf } from './changelog.js'
import { CONVENTIONS } from './conventions.js'
import { isFormatted } from './formatted-sql.js'
import { readProperties } from './properties.js'
import { resourcesOf } from './resources.js'

export const ID = 'liquibase'

const EXTENSION = /\.(xml|ya?ml|json|sql)$/i
const MASTER =
  /^(db[._-]?)?change[._-]?log([._-]?(master|main|root|index))?$|^(db[._-]?)?(master|root|main)([._-]?(db[._-]?)?change[._-]?log)?$/i
const SURE = /^db\.changelog-master$/i
const SETTINGS = /(^|\/)(liquibase[^/]*\.properties|application[^/]*\.(ya?ml|properties))$/
const ELSEWHERE = /(^|\/)(node_modules|vendor|testdata|target|build|\.git)\//
/** Files that are read to see whether one is a changelog that no other includes. */
const MOST_CLUES = 400

/** The files that may be a project's first changelog, and those in which a team names it. */
export function cluesIn({ paths }: FileIndex): readonly string[] {
  const near = paths.filter((path) => !ELSEWHERE.test(path))
  const candidates = near.filter(isCandidate)
  const settings =
    candidates.length > 0 || near.some((path) => /liquibase/i.test(path))
      ? near.filter((path) => SETTINGS.test(path))
      : []
  return [...settings, ...candidates.slice(0, MOST_CLUES)]
}

function isCandidate(path: string): boolean {
  if (!EXTENSION.test(path)) return false
  if (MASTER.test(nameOf(path).replace(EXTENSION, ''))) return true
  return (
    /(^|\/)[^/]*(liquibase|db[._-]?changelog|changelogs?)[^/]*\/[^/]*$/i.test(path) ||
    /change[._-]?log|liquibase/i.test(nameOf(path))
  )
}

/** The projects of Liquibase: each a changelog that no other includes, or that a configuration names; those of one folder are one. */
export function liquibaseProjects(index: FileIndex, only: (path: string) => boolean = () => true): readonly Project[] {
  const clues = cluesIn(index)
  const named = clues.filter((path) => SETTINGS.test(path)).flatMap((path) => namedIn(path, index))
  const candidates = clues.filter(
    (path) => EXTENSION.test(path) && !SETTINGS.test(path) && isChangelogText(path, index),
  )
  const reaches = new Map(
    [...new Set([...named, ...candidates])].filter(only).map((path) => [path, changelogOf(path, index)]),
  )
  const included = new Set([...reaches].flatMap(([path, { asked }]) => [...asked].filter((other) => other !== path)))
  const roots = [...reaches].filter(([path]) => !included.has(path) || named.includes(path))
  const projects = new Map<string, { changelogs: string[]; folders: Set<string> }>()
  for (const [path, { asked }] of roots) {
    const root = common([path, ...asked].map(parentOf))
    const project = projects.get(root) ?? { changelogs: [], folders: new Set<string>() }
    project.changelogs.push(path)
    for (const each of asked) project.folders.add(parentOf(each))
    projects.set(root, project)
  }
  return [...projects].map(([root, { changelogs, folders }]) => ({
    framework: ID,
    root,
    conventions: CONVENTIONS,
    config: { changelogs: JSON.stringify(mastersFirst(changelogs)), changelogFolders: JSON.stringify([...folders]) },
  }))
}

/** The project whose changelogs lie in a folder that the team names. */
export function liquibaseAt(root: string, index: FileIndex): Project | null {
  return liquibaseProjects(index, (path) => isBelow(root, path))[0] ?? null
}

/** The first changelogs of a project. */
export function changelogsOf({ config }: Project): readonly string[] {
  return JSON.parse(config['changelogs'] ?? '[]') as readonly string[]
}

/** Where there is a master among several, the others are what it does not include: they run by themselves, if at all. */
function mastersFirst(paths: readonly string[]): readonly string[] {
  const isMaster = (path: string): boolean => MASTER.test(nameOf(path).replace(EXTENSION, ''))
  return [...paths].sort((a, b) => Number(isMaster(b)) - Number(isMaster(a)) || (a < b ? -1 : 1))
}

/** The changelog that a file of settings names. */
function namedIn(path: string, index: FileIndex): readonly string[] {
  const text = index.read?.(path)?.text
  if (text === undefined) return []
  const named = path.endsWith('.properties')
    ? namedInProperties(text)
    : /^\s*(?:change-log|changeLog|changeLogFile|change_log)\s*:\s*["']?([^\s"'#]+)/m.exec(text)?.[1]
  if (named === undefined || named.includes('${')) return []
  const found = resourcesOf(path, index).file(named, path, false)
  return 'path' in found && EXTENSION.test(found.path) ? [found.path] : []
}

function namedInProperties(text: string): string | undefined {
  const known = readProperties(text)
  const keys = [
    'changeLogFile',
    'changelogFile',
    'changelog-file',
    'liquibase.command.changelogFile',
    'spring.liquibase.change-log',
    'spring.liquibase.changeLog',
  ]
  return keys.map((key) => known.get(key)).find((value) => value !== undefined)
}

/** Whether a file is a changelog; by its name alone where its text is not there. */
function isChangelogText(path: string, index: FileIndex): boolean {
  const source = index.read?.(path)
  if (source === undefined) return SURE.test(nameOf(path).replace(EXTENSION, ''))
  if (/\.sql$/i.test(path)) return isFormatted(source)
  return /<(\w+:)?databaseChangeLog[\s>/]|(^|[{,\s])"?databaseChangeLog"?\s*:/m.test(source.text)
}

function common(folders: readonly string[]): string {
  const [first = '', ...rest] = folders
  let parts = first.split('/')
  for (const folder of rest) {
    const other = folder.split('/')
    let shared = 0
    while (shared < parts.length && parts[shared] === other[shared]) shared++
    parts = parts.slice(0, shared)
  }
  return parts.join('/')
}
