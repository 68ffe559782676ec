import { foldersOf, join, upwards, type Folders } from '../folders.js'
import type { FileIndex } from '../framework.js'

/** The package.json of the code that a folder belongs to: the nearest above it; null where there is none. */
export function manifestOf(folder: string, folders: Folders): string | null {
  const home = upwards(folder).find((above) => folders.has(above, 'package.json'))
  return home === undefined ? null : join(home, 'package.json')
}

/** The manifests above every folder of numbered SQL files, which may name the tool that runs them. */
export function manifests(index: FileIndex): readonly string[] {
  const folders = foldersOf(index)
  const found = [...folders.names].flatMap(([folder, names]) =>
    [...names].some((name) => /^\d+.*\.sql$/i.test(name)) ? (manifestOf(folder, folders) ?? []) : [],
  )
  return [...new Set(found)]
}

/** Whether a manifest that was read depends on node-pg-migrate. */
export function namesNodePgMigrate(manifest: string | null, index: FileIndex): boolean {
  const text = manifest === null ? undefined : index.read?.(manifest)?.text
  return text !== undefined && /"node-pg-migrate"\s*:/.test(text)
}
