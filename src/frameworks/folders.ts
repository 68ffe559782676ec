import type { FileIndex } from './framework.js'

/** The files of an index by the folder they lie in, and what lies above. */
export interface Folders {
  /** File names by folder path ('' for the top). */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>
  has(folder: string, name: string): boolean
  /** Whether anything lies below a folder's subfolder. */
  hasFolder(folder: string, name: string): boolean
}

const cache = new WeakMap<FileIndex, Folders>()

/** Sorts an index into folders; other people's code (`node_modules`, `vendor`, `testdata`) is left out. */
export function foldersOf(index: FileIndex): Folders {
  const known = cache.get(index)
  if (known !== undefined) return known
  const names = new Map<string, Set<string>>()
  const all = new Set<string>()
  for (const path of index.paths) {
    if (/(^|\/)(node_modules|vendor|testdata|\.git)\//.test(path)) continue
    const folder = parentOf(path)
    const siblings = names.get(folder)
    if (siblings === undefined) names.set(folder, new Set([nameOf(path)]))
    else siblings.add(nameOf(path))
    for (let above = folder; above !== '' && !all.has(above); above = parentOf(above)) all.add(above)
  }
  const folders: Folders = {
    names,
    has: (folder, name) => names.get(folder)?.has(name) ?? false,
    hasFolder: (folder, name) => all.has(join(folder, name)),
  }
  cache.set(index, folders)
  return folders
}

/** The folder of a path; '' for the top. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** The last segment of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** A path below a folder. */
export function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}

/** Whether a path lies in a folder, at any depth. */
export function isBelow(root: string, path: string): boolean {
  return root === '' || path.startsWith(`${root}/`)
}

/** A folder and all above it, the nearest first, the top last. */
export function upwards(folder: string): readonly string[] {
  const chain = [folder]
  for (let above = folder; above !== '';) chain.push((above = parentOf(above)))
  return chain
}

/** Whether a folder is on the class path of tests alone: no database keeps what its files do. */
export function isForTests(folder: string): boolean {
  return /(^|\/)src\/\w*[tT]est\w*\/resources(\/|$)/.test(folder)
}
