import type { FileIndex } from '../framework.js'
import { isBelow, join, parentOf, upwards } from '../folders.js'

/** Where the names in a changelog lead. */
export interface Resources {
  /** How Liquibase calls a file: by its path in the class path, or in the repository. */
  nameOf(path: string): string
  /** The file of a name; or why there is none. */
  file(name: string, from: string, relative: boolean): Found
  /** The files below a folder, at any depth, in the order of `includeAll`; or why there are none. */
  folder(name: string, from: string, relative: boolean): Folder | { readonly problem: string }
}

export interface Folder {
  readonly path: string
  readonly files: readonly string[]
}

export type Found = { readonly path: string } | { readonly problem: string }

const RESOURCES = /^(.*?\/)?src\/main\/resources(?=\/|$)/

/**
 * The resources of a project whose first changelog is `root`. Liquibase looks below the folders that it is told of, which no
 * file says for sure: the class path comes first, then the folders above the changelog, the nearest first.
 */
export function resourcesOf(root: string, { paths }: FileIndex): Resources {
  const there = new Set(paths)
  const classPath = RESOURCES.exec(root)?.[0] ?? null
  const bases = [...(classPath === null ? [] : [classPath]), ...upwards(parentOf(root))]
  const places = (name: string, from: string, relative: boolean): readonly string[] | { readonly problem: string } => {
    const given = name
      .replace(/^(classpath\*?|file):/, '')
      .replaceAll('\\', '/')
      .replace(/^\/+/, '')
    const within = relative ? [parentOf(from)] : bases
    const found = within.map((base) => normal(join(base, given))).filter((path) => path !== null)
    return found.length > 0 ? found : { problem: `${name} leads out of the repository` }
  }
  return {
    nameOf: (path) => (classPath !== null && isBelow(classPath, path) ? path.slice(classPath.length + 1) : path),
    file(name, from, relative) {
      const candidates = places(name, from, relative)
      if ('problem' in candidates) return candidates
      const path = candidates.find((candidate) => there.has(candidate)) ?? elsewhere(candidates, paths)
      return path === undefined ? { problem: `${name} is not in the repository` } : { path }
    },
    folder(name, from, relative) {
      const candidates = places(name.replace(/\/+$/, ''), from, relative)
      if ('problem' in candidates) return candidates
      for (const folder of candidates) {
        const inside = folder === '' ? [] : paths.filter((path) => isBelow(folder, path))
        if (inside.length > 0) return { path: folder, files: [...inside].sort((a, b) => (a < b ? -1 : 1)) }
      }
      return { problem: `${name} is no folder in the repository` }
    },
  }
}

/** The one file that another module has under this name in its class path. */
function elsewhere(candidates: readonly string[], paths: readonly string[]): string | undefined {
  const first = candidates[0] ?? ''
  const name = first.slice((RESOURCES.exec(first)?.[0].length ?? 0) + 1)
  if (!RESOURCES.test(first) || name === '') return undefined
  const found = paths.filter((path) => path.endsWith(`src/main/resources/${name}`))
  return found.length === 1 ? found[0] : undefined
}

/** A path without `.` and `..`; null when it leads out. */
function normal(path: string): string | null {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return null
  }
  return parts.join('/')
}
