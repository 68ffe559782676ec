import { objectId } from './object-id.js'

/** An entry of a listing, folders included. */
export interface Listed {
  readonly path: string
  /** Git's file mode in octal, six digits. */
  readonly mode: string
  readonly type: 'blob' | 'tree' | 'commit'
  readonly sha: string
  /** Bytes of a blob; null for what is none. */
  readonly size: number | null
}

/** Stands for what is not UTF-8 in a name; the name's bytes cannot be had back. */
export const UNREADABLE = '\ufffd'

/**
 * Whether a listing holds everything that a tree stands for, and nothing else: a tree's id is the hash of its entries, so each
 * folder can be computed again. `deep`: the listing goes into the folders. A folder with a name that is not UTF-8 cannot be
 * computed and is taken as it is.
 */
export function provesTree(id: string, listing: readonly Listed[], deep: boolean): boolean {
  const folders = new Map<string, Listed[]>([['', []]])
  const ids = new Map<string, string>([['', id]])
  for (const entry of listing) {
    if (entry.type !== 'tree') continue
    ids.set(entry.path, entry.sha)
    if (deep) folders.set(entry.path, [])
  }
  for (const entry of listing) {
    const folder = folders.get(folderOf(entry.path))
    if (folder === undefined) return false
    folder.push(entry)
  }
  return [...folders].every(([path, entries]) => {
    const names = entries.map((entry) => ({
      ...entry,
      name: path === '' ? entry.path : entry.path.slice(path.length + 1),
    }))
    return names.some(({ name }) => name.includes(UNREADABLE)) || objectOf(names, id) === ids.get(path)
  })
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** Folders are in order as if their names ended in a slash. */
function objectOf(entries: readonly (Listed & { readonly name: string })[], like: string): string {
  const sorted = entries
    .map(({ name, mode, type, sha }) => ({
      key: Buffer.from(type === 'tree' ? `${name}/` : name),
      record: Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(sha, 'hex')]),
    }))
    .sort((a, b) => Buffer.compare(a.key, b.key))
  return objectId('tree', Buffer.concat(sorted.map(({ record }) => record)), like)
}
