import { createHash } from 'node:crypto'
import { deflateSync } from 'node:zlib'

/** Modes that git gives to the entries of a tree: file, executable, symbolic link, submodule. */
export type Mode = '100644' | '100755' | '120000' | '160000'

/** A leaf of a tree: the id of a blob, or of the commit of a submodule. */
export interface Leaf {
  readonly mode: Mode
  readonly sha: string
}

export interface Signature {
  readonly name: string
  readonly email: string
  /** Seconds since 1970. */
  readonly at: number
}

export interface Commit {
  readonly sha: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Signature
  readonly committer: Signature
  readonly message: string
}

export interface TreeEntry {
  readonly name: string
  readonly mode: Mode | '40000'
  readonly sha: string
}

/** Every leaf below a tree by its path. */
export type Files = ReadonlyMap<string, Leaf>

/** How many whole trees are kept at hand. */
const REMEMBERED = 256

type Folder = Map<string, Leaf | Folder>

/** Git's objects in memory, under the ids that git itself would give them. A repository and its forks share one. */
export class GitObjects {
  readonly #raw = new Map<string, { readonly type: string; readonly bytes: Buffer }>()
  readonly #trees = new Map<string, readonly TreeEntry[]>()
  readonly #commits = new Map<string, Commit>()
  readonly #files = new Map<string, Files>()

  writeBlob(content: string | Uint8Array): string {
    return this.#write('blob', typeof content === 'string' ? Buffer.from(content) : Buffer.from(content))
  }

  writeTree(files: Files): string {
    const root: Folder = new Map()
    for (const [path, leaf] of files) place(root, path.split('/'), leaf)
    const sha = this.#writeFolder(root)
    this.#remember(sha, new Map(files))
    return sha
  }

  writeCommit(commit: Omit<Commit, 'sha'>): Commit {
    const text = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${signed(commit.author)}`,
      `committer ${signed(commit.committer)}`,
      '',
      commit.message,
    ].join('\n')
    const written = { ...commit, sha: this.#write('commit', Buffer.from(text)) }
    this.#commits.set(written.sha, written)
    return written
  }

  blob(sha: string): Buffer | undefined {
    const found = this.#raw.get(sha)
    return found?.type === 'blob' ? found.bytes : undefined
  }

  tree(sha: string): readonly TreeEntry[] | undefined {
    return this.#trees.get(sha)
  }

  commit(sha: string): Commit | undefined {
    return this.#commits.get(sha)
  }

  /** Every leaf below this tree, in the order of git. */
  files(tree: string): Files {
    const known = this.#files.get(tree)
    if (known) return known
    const files = new Map<string, Leaf>()
    for (const { name, mode, sha } of this.#trees.get(tree) ?? []) {
      if (mode !== '40000') files.set(name, { mode, sha })
      else for (const [below, leaf] of this.files(sha)) files.set(`${name}/${below}`, leaf)
    }
    this.#remember(tree, files)
    return files
  }

  /** The commits that can be reached from here, itself first; newest first as far as parents come after children. */
  ancestors(sha: string): readonly Commit[] {
    const seen = new Set<string>()
    const found: Commit[] = []
    const waiting = [sha]
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const commit = this.#commits.get(next)
      if (!commit || seen.has(next)) continue
      seen.add(next)
      found.push(commit)
      waiting.push(...commit.parents)
    }
    return found
  }

  /** The best common ancestor, as `git merge-base` gives it where there is one best. */
  mergeBase(one: string, other: string): Commit | undefined {
    const reached = new Set(this.ancestors(one).map(({ sha }) => sha))
    const common = this.ancestors(other).filter(({ sha }) => reached.has(sha))
    const beaten = new Set(common.flatMap(({ parents }) => parents))
    return common.find(({ sha }) => !beaten.has(sha))
  }

  /** Commits that `head` reaches and `base` does not, oldest first. */
  between(base: string, head: string): readonly Commit[] {
    const reached = new Set(this.ancestors(base).map(({ sha }) => sha))
    return this.ancestors(head)
      .filter(({ sha }) => !reached.has(sha))
      .reverse()
  }

  /** Every object as git keeps it loose: `objects/ab/cdef…` and the bytes of that file. */
  *loose(): Iterable<readonly [path: string, bytes: Buffer]> {
    for (const [sha, { type, bytes }] of this.#raw) {
      yield [`objects/${sha.slice(0, 2)}/${sha.slice(2)}`, deflateSync(framed(type, bytes))]
    }
  }

  /** The leaves of a whole tree are many: those of the oldest are forgotten, and read again when they are needed. */
  #remember(tree: string, files: Files): void {
    this.#files.set(tree, files)
    const [oldest] = this.#files.keys()
    if (this.#files.size > REMEMBERED && oldest !== undefined) this.#files.delete(oldest)
  }

  #write(type: string, bytes: Buffer): string {
    const sha = createHash('sha1').update(framed(type, bytes)).digest('hex')
    this.#raw.set(sha, { type, bytes })
    return sha
  }

  #writeFolder(folder: Folder): string {
    const entries = [...folder]
      .map(([name, value]): TreeEntry =>
        value instanceof Map ? { name, mode: '40000', sha: this.#writeFolder(value) } : { name, ...value },
      )
      .sort(byGitOrder)
    const bytes = Buffer.concat(
      entries.map(({ name, mode, sha }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(sha, 'hex')])),
    )
    const sha = this.#write('tree', bytes)
    this.#trees.set(sha, entries)
    return sha
  }
}

function place(folder: Folder, [name = '', ...rest]: readonly string[], leaf: Leaf): void {
  if (rest.length === 0) {
    folder.set(name, leaf)
    return
  }
  const found = folder.get(name)
  const below: Folder = found instanceof Map ? found : new Map()
  folder.set(name, below)
  place(below, rest, leaf)
}

/** Git compares bytes, and a folder as though its name ended in a slash. */
function byGitOrder(one: TreeEntry, other: TreeEntry): number {
  const key = ({ name, mode }: TreeEntry): Buffer => Buffer.from(mode === '40000' ? `${name}/` : name)
  return Buffer.compare(key(one), key(other))
}

const framed = (type: string, bytes: Buffer): Buffer => Buffer.concat([Buffer.from(`${type} ${bytes.length}\0`), bytes])

const signed = ({ name, email, at }: Signature): string => `${name} <${email}> ${at} +0000`
