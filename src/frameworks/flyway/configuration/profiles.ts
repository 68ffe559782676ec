import type { Surrounding } from '../../../model/migration.js'
import type { Note } from '../../../model/note.js'
import { startOf } from '../../../source/span.js'
import { foldersOf, isBelow, isForTests, join, nameOf, parentOf } from '../../folders.js'
import type { FileIndex } from '../../framework.js'
import { foldersAround, moduleOf } from './files.js'
import { readApplicationProperties, readApplicationYaml } from './spring.js'

/** What Spring Boot reads besides, where a profile is active: `application-prod.yml`. */
const NAME = /^application-([\w.-]+)\.(properties|ya?ml)$/

/** Files that may configure Flyway for one profile; those for tests are nobody's. */
export function profileFiles(index: FileIndex): readonly string[] {
  const near = foldersAround(index)
  return [...foldersOf(index).names].flatMap(([folder, names]) =>
    near.has(folder) && !isForTests(folder)
      ? [...names]
          .filter((name) => NAME.test(name))
          .sort()
          .map((name) => join(folder, name))
      : [],
  )
}

interface Profile {
  readonly path: string
  readonly meaning: string
  /** The settings that it sets; null where it cannot be read, and `reason` says why. */
  readonly names: readonly string[] | null
  readonly reason: string
}

/**
 * The profiles of the application that holds some folders. Which one is active nobody can tell from the repository: they are not
 * followed, but said, and a change of one is a change of what surrounds the migrations.
 */
export function profilesOf(
  folders: readonly string[],
  index: FileIndex,
  isAside: (setting: string) => boolean,
): { readonly surroundings: readonly Surrounding[]; readonly notes: readonly Note[] } {
  const all = foldersOf(index)
  const found = profileFiles(index).flatMap((path): readonly Profile[] => {
    const source = index.read?.(path)
    const module = moduleOf(path, all)
    if (source === undefined || !folders.some((folder) => isBelow(module, folder))) return []
    const read = (path.endsWith('.properties') ? readApplicationProperties : readApplicationYaml)(source)
    if (read === null) return []
    if (read.kind === 'unread') return [{ path, meaning: source.text, names: null, reason: read.reason }]
    const settings = [...read.told].filter(([name]) => name === 'locations' || !isAside(name)).sort()
    return settings.length === 0
      ? []
      : [{ path, meaning: JSON.stringify(settings), names: settings.map(([name]) => name), reason: '' }]
  })
  return {
    surroundings: found.map(({ path, meaning }) => ({ path, role: 'configures', meaning })),
    notes: found.map(({ path, names, reason }) => ({
      message: said(path, names, reason),
      at: startOf(path),
      bearing: 'informs',
    })),
  }
}

function said(path: string, names: readonly string[] | null, reason: string): string {
  const profile = NAME.exec(nameOf(path))?.[1] ?? ''
  const file = `${nameOf(path)} in ${parentOf(path)}`
  if (names === null) return `${file} is not followed, and cannot be read: ${reason}`
  const some = [...new Set(names.map((name) => `flyway.${name}`))].slice(0, 3).join(', ')
  return `${file} sets ${some} for the profile ${profile}, which is not followed: what is for every profile counts`
}
