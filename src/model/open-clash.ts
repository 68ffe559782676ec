/** Two open pull requests that do not go together, as one of them is told. */
export interface OpenClash {
  /** The number of the other pull request. */
  readonly pull: number
  /** `version`: both take the same one. `parent`: both follow the same revision. `table`: both change the same one. */
  readonly kind: 'version' | 'parent' | 'table'
  /** What it is about, and what comes of it, in one sentence without a full stop. */
  readonly message: string
}

/** What an open pull request lays claim to. */
export interface Claims {
  readonly pull: number
  readonly projects: readonly ProjectClaims[]
}

/** What it claims in one folder of migrations. */
export interface ProjectClaims {
  readonly framework: string
  readonly root: string
  /** The tool's name as people write it. */
  readonly tool: string
  /** Whether the tool goes by parents, so that two that follow the same revision are two heads. */
  readonly byParents: boolean
  readonly added: readonly ClaimedRevision[]
  /** Tables that it makes, alters or takes away, as `keyOf` names them. */
  readonly tables: readonly string[]
}

export interface ClaimedRevision {
  readonly id: string
  readonly parents: readonly string[]
  readonly path: string
  /** Two revisions with the same are one and the same: a pull request that builds on another brings its revisions along. */
  readonly digest: string
}

/** What is in the way between a pull request and others that are open, as the first is told; the other is told the same of it. */
export function clashesBetween(mine: Claims, others: readonly Claims[]): readonly OpenClash[] {
  return [...others]
    .filter(({ pull }) => pull !== mine.pull)
    .sort((a, b) => a.pull - b.pull)
    .flatMap((other) =>
      mine.projects.flatMap((project) =>
        other.projects
          .filter(({ framework, root }) => framework === project.framework && root === project.root)
          .flatMap((theirs) => between(project, theirs).map((clash) => ({ pull: other.pull, ...clash }))),
      ),
    )
}

function between(mine: ProjectClaims, theirs: ProjectClaims): readonly Omit<OpenClash, 'pull'>[] {
  const shared = new Set(
    mine.added.map(identity).filter((each) => theirs.added.some((other) => identity(other) === each)),
  )
  const [own, other] = [mine, theirs].map(({ added }) => added.filter((each) => !shared.has(identity(each))))
  // Where one brings the revisions of the other along, it is meant to change the same tables.
  const stacked = shared.size > 0
  return [
    ...versions(own ?? [], other ?? []),
    ...(mine.byParents ? parents(own ?? [], other ?? [], mine.tool) : []),
    ...(stacked ? [] : tables(mine, theirs)),
  ]
}

function identity({ id, path, digest }: ClaimedRevision): string {
  return JSON.stringify([id, path, digest])
}

type Told = readonly Omit<OpenClash, 'pull'>[]

function versions(mine: readonly ClaimedRevision[], theirs: readonly ClaimedRevision[]): Told {
  const taken = new Set(theirs.map(({ id }) => id))
  return [...new Set(mine.map(({ id }) => id))]
    .filter((id) => taken.has(id))
    .map((id) => ({
      kind: 'version',
      message: `both take the version ${id}: the one that is merged later has to take another`,
    }))
}

function parents(mine: readonly ClaimedRevision[], theirs: readonly ClaimedRevision[], tool: string): Told {
  const followed = (revisions: readonly ClaimedRevision[]): ReadonlySet<string> =>
    new Set(revisions.flatMap((each) => (each.parents.length === 0 ? [BEGINNING] : each.parents)))
  // A merge of both would follow two of the other's parents on purpose; what follows the same one makes two heads.
  const theirParents = followed(theirs)
  return [...followed(mine)]
    .filter((parent) => theirParents.has(parent))
    .map((parent) => {
      const what = parent === BEGINNING ? 'both begin a history of their own' : `both follow the revision ${parent}`
      return {
        kind: 'parent',
        message: `${what}: once both are merged ${tool} has two heads, and the one that is merged later has to follow the other`,
      }
    })
}

/** Stands for no parent; no id of a revision is empty. */
const BEGINNING = ''

/** More of a list is not read. */
const MOST_TABLES = 5

function tables(mine: ProjectClaims, theirs: ProjectClaims): Told {
  const both = mine.tables.filter((table) => theirs.tables.includes(table)).sort()
  if (both.length === 0) return []
  const more = both.length > MOST_TABLES ? ` and ${both.length - MOST_TABLES} more` : ''
  return [{ kind: 'table', message: `both change ${both.slice(0, MOST_TABLES).join(', ')}${more}` }]
}
