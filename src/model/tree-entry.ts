/** A file that git knows of. */
export interface TreeEntry {
  readonly path: string
  /** Git's file mode in octal; null for a file that git does not track. */
  readonly mode: string | null
  /** The object that holds the content as committed or staged. */
  readonly object: string | null
  /** Why it is not read whatever it holds; null when it may be. */
  readonly refused: string | null
}

/** A file by the bytes of its name. */
export function treeEntry(name: Buffer, mode: string | null, object: string | null): TreeEntry {
  const { path, refused } = nameOf(name)
  return { path, mode, object, refused: refused ?? refusedMode(mode) }
}

function refusedMode(mode: string | null): string | null {
  if (mode === '120000') return 'file is a symbolic link'
  if (mode === '160000') return 'file is a submodule'
  return null
}

function nameOf(name: Buffer): { readonly path: string; readonly refused: string | null } {
  const text = name.toString('utf8')
  if (!Buffer.from(text, 'utf8').equals(name)) {
    // Shown byte by byte, so that two such names stay two names.
    const path = name
      .toString('latin1')
      .replace(/[^\x20-\x7e]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`)
    return { path, refused: 'the name of the file is not valid UTF-8' }
  }
  // An untracked folder is listed only when it is a repository of its own.
  if (text.endsWith('/')) return { path: text.slice(0, -1), refused: 'file is a nested repository' }
  return { path: text, refused: stays(text) ? null : 'the path of the file leads out of the repository' }
}

function stays(path: string): boolean {
  const parts = path.split('/')
  return !parts.some((part) => part === '' || part === '.' || part === '..' || part.toLowerCase() === '.git')
}
