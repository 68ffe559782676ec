import type { Project } from '../../model/migration.js'
import { isBelow, nameOf, parentOf } from '../folders.js'
import { otherDatabaseOf } from '../other-database.js'
import { conventionsOf } from './conventions.js'
import { outermost } from './locations.js'
import { codeName, nameIn, type Named } from './names.js'
import { settingsOf, type Settings, type Told } from './settings.js'

/** What is known of a project where it was detected; as plain text in its `config`. */
export interface Facts {
  /** Where its SQL files lie, at any depth. */
  readonly folders: readonly string[]
  /** Where its classes lie that are migrations. */
  readonly code: readonly string[]
  /** Folders below those that are a project of their own. */
  readonly except: readonly string[]
  readonly told: Told
  /** The configuration files that tell it. */
  readonly files: readonly string[]
  /** Locations that are configured and not in the repository. */
  readonly elsewhere: readonly string[]
}

/** A file of a project, with what Flyway makes of its name. */
export interface Member {
  readonly path: string
  readonly named: Named
  readonly code: boolean
}

/** A project of those facts; `root` is what all its SQL folders lie in. */
export function projectOf(facts: Facts, paths: readonly string[], root = commonOf(facts)): Project {
  const members = membersOf(root, facts, paths)
  const versions = members.flatMap(({ named }) =>
    named.kind === 'versioned' || named.kind === 'baseline' ? [named.version] : [],
  )
  const hasUndos = members.some(({ named }) => named.kind === 'undo')
  return {
    framework: 'flyway',
    root,
    conventions: conventionsOf(settingsOf(facts.told), { versions, hasUndos }),
    config: {
      folders: JSON.stringify(facts.folders),
      code: JSON.stringify(facts.code),
      except: JSON.stringify(facts.except),
      told: JSON.stringify([...facts.told]),
      files: JSON.stringify(facts.files),
      elsewhere: JSON.stringify(facts.elsewhere),
    },
  }
}

/** The facts of a project. */
export function factsOf({ config }: Project): Facts {
  const list = (name: string): readonly string[] => JSON.parse(config[name] ?? '[]') as readonly string[]
  return {
    folders: list('folders'),
    code: list('code'),
    except: list('except'),
    told: new Map(JSON.parse(config['told'] ?? '[]') as readonly (readonly [string, string])[]),
    files: list('files'),
    elsewhere: list('elsewhere'),
  }
}

/** The files of a project that carry a name or a suffix of migrations, without those for another database. */
export function membersOf(root: string, facts: Facts, paths: readonly string[]): readonly Member[] {
  const settings = settingsOf(facts.told)
  return paths.flatMap((path): readonly Member[] => {
    if (isLocated(facts.folders, path) && !isLocated(facts.except, path) && !isForAnother(root, path)) {
      const named = nameIn(settings, nameOf(path))
      if (named !== null) return [{ path, named, code: false }]
    }
    const named = isLocated(facts.code, path) ? codeName(nameOf(path)) : null
    return named === null ? [] : [{ path, named, code: true }]
  })
}

/** Whether a path is by a folder below the root for another database than PostgreSQL. */
export function isForAnother(root: string, path: string): boolean {
  const folder = parentOf(path)
  return otherDatabaseOf(root === '' ? folder : folder.slice(root.length)) !== null
}

/** Whether a file lies in one of some folders, at any depth. */
export function isLocated(folders: readonly string[], path: string): boolean {
  return folders.some((folder) => isBelow(folder, path))
}

/** Settings of a project. */
export function settingsIn(project: Project): Settings {
  return settingsOf(factsOf(project).told)
}

function commonOf({ folders, code }: Facts): string {
  const [first = '', ...others] = outermost(folders.length > 0 ? folders : code)
  let root = first
  for (const folder of others) while (root !== folder && !isBelow(root, folder)) root = parentOf(root)
  return root
}
