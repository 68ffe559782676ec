import { treeEntry, type TreeEntry } from '../model/tree-entry.js'

/** Reads what `ls-tree -r -z` printed. */
export function treeEntries(out: Buffer): readonly TreeEntry[] {
  return records(out, true).map((record) => {
    const [mode = '', , object = ''] = record.before.split(' ')
    return treeEntry(record.name, mode, object)
  })
}

/** Reads what `ls-files -z --stage -t` printed; `sparse` are paths left out of the working tree on purpose. */
export function indexEntries(out: Buffer): {
  readonly entries: readonly TreeEntry[]
  readonly sparse: ReadonlySet<string>
} {
  const sparse = new Set<string>()
  const entries = new Map<string, TreeEntry>()
  for (const record of records(out, true)) {
    const [tag, mode = '', object = ''] = record.before.split(' ')
    const found = treeEntry(record.name, mode, object)
    // An unmerged file is listed once per side.
    if (!entries.has(found.path)) entries.set(found.path, found)
    if (tag === 'S') sparse.add(found.path)
  }
  return { entries: [...entries.values()], sparse }
}

/** Reads what `ls-files -z` printed without description: bare paths. */
export function pathEntries(out: Buffer): readonly TreeEntry[] {
  return records(out, false).map(({ name }) => treeEntry(name, null, null))
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
