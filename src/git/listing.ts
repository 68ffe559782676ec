/** A file that git knows of. */
export interface Entry {
  readonly path: string
  /** Git's file mode in octal; null for a file that git does not track. */
  readonly mode: string | null
  /** The object that holds the content as committed or staged. */
  readonly object: string | null
  /** Why it is not read whatever it holds; null when it may be. */
  readonly refused: string | null
}

/** Reads what `ls-tree -r -z` printed. */
export function treeEntries(out: Buffer): readonly Entry[] {
  return records(out, true).map((record) => {
    const [mode = '', , object = ''] = record.before.split(' ')
    return entry(record.name, mode, object)
  })
}

/** Reads what `ls-files -z --stage -t` printed; `sparse` are paths left out of the working tree on purpose. */
export function indexEntries(out: Buffer): {
  readonly entries: readonly Entry[]
  readonly sparse: ReadonlySet<string>
} {
  const sparse = new Set<string>()
  const entries = new Map<string, Entry>()
  for (const record of records(out, true)) {
    const [tag, mode = '', object = ''] = record.before.split(' ')
    const found = entry(record.name, mode, object)
    // An unmerged file is listed once per side.
    if (!entries.has(found.path)) entries.set(found.path, found)
    if (tag === 'S') sparse.add(found.path)
  }
  return { entries: [...entries.values()], sparse }
}

/** Reads what `ls-files -z` printed without description: bare paths. */
export function pathEntries(out: Buffer): readonly Entry[] {
  return records(out, false).map(({ name }) => entry(name, null, null))
}

interface Listed {
  readonly before: string
  readonly name: Buffer
}

/** The records of a `-z` listing; a described one has a tab before the name. */
function records(out: Buffer, described: boolean): readonly Listed[] {
  const found: Listed[] = []
  for (let start = 0; start < out.length;) {
    const end = out.indexOf(0, start)
    const stop = end < 0 ? out.length : end
    const tab = described ? out.indexOf(9, start) : start
    found.push({ before: out.toString('latin1', start, tab), name: out.subarray(described ? tab + 1 : start, stop) })
    start = stop + 1
  }
  return found
}

function entry(name: Buffer, mode: string | null, object: string | null): Entry {
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
