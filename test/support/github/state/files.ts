import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { Files, GitObjects, Leaf, Mode } from '../git/objects.js'

/** What a commit does to a path: new content, content with a mode, a submodule's commit, or null to remove it. */
export type FileChange =
  | string
  | Uint8Array
  | { readonly mode: Exclude<Mode, '160000'>; readonly content: string | Uint8Array }
  | { readonly submodule: string }
  | null

export type FileChanges = Readonly<Record<string, FileChange>>

/** The files of a folder on disk by their path in it. */
export function filesOf(folder: string): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile())
      .map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)]),
  )
}

/** What turns the files of one folder into those of another. */
export function changesOf(base: string, head: string): FileChanges {
  const after = filesOf(head)
  const gone = Object.keys(filesOf(base)).filter((path) => !(path in after))
  return { ...after, ...Object.fromEntries(gone.map((path) => [path, null])) }
}

/** The tree that these changes make of another. */
export function treeWith(objects: GitObjects, before: Files, changes: FileChanges): string {
  const files = new Map(before)
  for (const [path, change] of Object.entries(changes)) {
    if (change === null) files.delete(path)
    else files.set(path, leafOf(objects, change))
  }
  return objects.writeTree(files)
}

function leafOf(objects: GitObjects, change: NonNullable<FileChange>): Leaf {
  if (typeof change === 'string' || change instanceof Uint8Array) {
    return { mode: '100644', sha: objects.writeBlob(change) }
  }
  if ('submodule' in change) return { mode: '160000', sha: change.submodule }
  return { mode: change.mode, sha: objects.writeBlob(change.content) }
}
