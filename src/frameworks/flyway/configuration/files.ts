import { foldersOf, join, nameOf, parentOf, upwards, type Folders } from '../../folders.js'
import type { FileIndex } from '../../framework.js'
import type { Told } from '../settings.js'
import { readConf } from './conf.js'
import { readGradle } from './gradle.js'
import { readPom } from './maven.js'
import { readApplicationProperties, readApplicationYaml } from './spring.js'
import type { ConfigurationReader } from './told.js'
import { readToml } from './toml.js'

/** A configuration file that speaks of Flyway. */
export interface Configuration {
  readonly file: string
  /** The folder of the application that it belongs to, from which its locations are meant. */
  readonly module: string
  readonly told: Told
  /** Why nothing of it is known, and where. */
  readonly unread: { readonly reason: string; readonly line: number } | null
  /** Whether its locations are those of the class path when it names none. */
  readonly application: boolean
}

/** The forms, those that count more before the others. */
const FORMS: readonly {
  readonly name: RegExp
  readonly read: ConfigurationReader
  /** Read wherever it lies; the others above a folder of migrations alone, for every Java project has them. */
  readonly own?: true
}[] = [
  { name: /^flyway[\w.-]*\.conf$/, read: readConf, own: true },
  { name: /^flyway[\w.-]*\.toml$/, read: readToml, own: true },
  { name: /^pom\.xml$/, read: readPom },
  { name: /^build\.gradle(\.kts)?$/, read: readGradle },
  { name: /^application\.properties$/, read: readApplicationProperties },
  { name: /^application\.ya?ml$/, read: readApplicationYaml },
]

/** A file of SQL whose name has the separator that Flyway uses. */
const MIGRATION = /__[^/]*\.sql$/i

/** The folders above a folder of migrations, and `config` in each. */
export function foldersAround(index: FileIndex): ReadonlySet<string> {
  const folders = foldersOf(index)
  const near = new Set<string>()
  for (const [folder, names] of folders.names) {
    if (![...names].some((name) => MIGRATION.test(name))) continue
    for (const above of upwards(folder)) {
      near.add(above)
      near.add(join(above, 'config'))
    }
  }
  return near
}

/** Files that may configure Flyway. */
export function configurationFiles(index: FileIndex): readonly string[] {
  const folders = foldersOf(index)
  const near = foldersAround(index)
  return FORMS.flatMap(({ name, own }) =>
    [...folders.names].flatMap(([folder, names]) =>
      own === true || near.has(folder)
        ? [...names]
            .filter((file) => name.test(file))
            .sort()
            .map((file) => join(folder, file))
        : [],
    ),
  )
}

/** What those of them say that were read, in the order in which they count. */
export function configurationsIn(index: FileIndex): readonly Configuration[] {
  const folders = foldersOf(index)
  return configurationFiles(index).flatMap((file): readonly Configuration[] => {
    const form = FORMS.find(({ name }) => name.test(nameOf(file)))
    const source = index.read?.(file)
    const read = source === undefined || form === undefined ? null : form.read(source)
    if (read === null) return []
    const place = { file, module: moduleOf(file, folders), application: form?.own !== true }
    return read.kind === 'told'
      ? [{ ...place, told: read.told, unread: null }]
      : [{ ...place, told: new Map(), unread: { reason: read.reason, line: read.line } }]
  })
}

/** The folder that holds `src`, or the one of the file itself; `conf` and `config` are no folder of an application. */
export function moduleOf(file: string, folders: Folders): string {
  const folder = parentOf(file)
  const source = /^(?:(.*)\/)?src\/\w+\/resources(?:\/|$)/.exec(folder)
  if (source !== null) return source[1] ?? ''
  const inner = /^(conf|config)$/.test(nameOf(folder)) && !folders.hasFolder(folder, 'sql')
  return inner ? parentOf(folder) : folder
}
