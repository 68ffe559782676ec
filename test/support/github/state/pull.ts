import { changesBetween, type Change } from '../git/changes.js'
import type { Commit } from '../git/objects.js'
import { pullJson } from '../json/pulls.js'
import type { IssueComment, Issue } from './conversation.js'
import type { FileChanges } from './files.js'
import type { Who } from './people.js'
import type { FakeRepository, Push } from './repository.js'
import type { Review, ReviewComment, Thread } from './reviews.js'
import { timestamp, type World } from './world.js'

interface By {
  readonly by?: Who
}

/** A pull request. What its methods do is told by webhook as GitHub tells it. */
export class FakePull {
  readonly id: number
  readonly issue: Issue
  /** The repository that it wants to be merged into. */
  readonly repository: FakeRepository
  /** `repository` is the fork for one from a fork; that may have been deleted since. */
  readonly head: { readonly repository: FakeRepository; readonly ref: string; sha: string }
  /** `sha` is where the base branch was at the last push to the head: GitHub does not follow it. */
  readonly base: { ref: string; sha: string }
  draft: boolean
  merged = false
  updatedAt: string
  closedAt: string | null = null
  mergedBy: Who | null = null
  mergeCommit: string | null = null
  /** Each head that it ever had, the first first. */
  readonly heads: string[]
  readonly reviews: Review[] = []
  readonly reviewComments: ReviewComment[] = []
  readonly threads: Thread[] = []
  readonly #world: World
  readonly #changes = new Map<string, readonly Change[]>()

  constructor(
    world: World,
    repository: FakeRepository,
    facts: { issue: Issue; head: FakePull['head']; base: FakePull['base']; draft: boolean },
  ) {
    this.#world = world
    this.repository = repository
    this.id = world.nextId()
    this.issue = facts.issue
    this.head = facts.head
    this.base = facts.base
    this.draft = facts.draft
    this.heads = [facts.head.sha]
    this.updatedAt = facts.issue.createdAt
  }

  get number(): number {
    return this.issue.number
  }

  get sha(): string {
    return this.head.sha
  }

  get open(): boolean {
    return this.issue.state === 'open'
  }

  /** Commits on the head's branch. Returns the new head. */
  push(files: FileChanges, push: Omit<Push, 'branch'> = {}): string {
    return this.head.repository.commit(files, { by: this.issue.author, ...push, branch: this.head.ref })
  }

  /** Replaces the head's branch by one commit on the base branch. */
  forcePush(files: FileChanges, push: Omit<Push, 'branch' | 'onto'> = {}): string {
    return this.push(files, { ...push, onto: this.repository.tip(this.base.ref) })
  }

  /** Puts the head's branch on a commit that it was on before. */
  reset(sha: string, { by = this.issue.author }: By = {}): void {
    this.head.repository.reset(sha, { by, branch: this.head.ref })
  }

  retarget(ref: string, { by = this.issue.author }: By = {}): void {
    const changes = { base: { ref: { from: this.base.ref }, sha: { from: this.base.sha } } }
    this.base.ref = ref
    this.base.sha = this.repository.tip(ref)
    this.#tell('edited', by, { changes })
  }

  edit(fields: { title?: string; body?: string }, { by = this.issue.author }: By = {}): void {
    const changes = {
      ...(fields.title === undefined ? {} : { title: { from: this.issue.title } }),
      ...(fields.body === undefined ? {} : { body: { from: this.issue.body ?? '' } }),
    }
    this.issue.title = fields.title ?? this.issue.title
    this.issue.body = fields.body ?? this.issue.body
    this.#tell('edited', by, { changes })
  }

  close({ by = this.issue.author }: By = {}): void {
    this.issue.state = 'closed'
    this.closedAt = timestamp(this.#world.now())
    this.#tell('closed', by)
  }

  reopen({ by = this.issue.author }: By = {}): void {
    this.issue.state = 'open'
    this.closedAt = null
    this.#tell('reopened', by)
  }

  readyForReview({ by = this.issue.author }: By = {}): void {
    this.draft = false
    this.#tell('ready_for_review', by)
  }

  convertToDraft({ by = this.issue.author }: By = {}): void {
    this.draft = true
    this.#tell('converted_to_draft', by)
  }

  lock({ by = this.issue.author }: By = {}): void {
    this.issue.locked = true
    this.#tell('locked', by)
  }

  /** Merges with a merge commit: the base branch moves and the pull request closes. Returns that commit. */
  merge({ by = this.issue.author }: By = {}): string {
    const message = `Merge pull request #${this.number} from ${this.head.ref}`
    const commit = this.repository.mergeInto(this.base.ref, this.head.sha, { by, message })
    this.mergedAs(commit, by)
    return commit
  }

  /** This commit, now on the base branch, holds it. */
  mergedAs(commit: string, by: Who): void {
    this.mergeCommit = commit
    this.merged = true
    this.mergedBy = by
    this.close({ by })
  }

  comment(by: Who, body: string): IssueComment {
    return this.repository.conversation.comment(this.issue, this.#world.user(by), body)
  }

  /** Every file that it changes, however many, up to one of its commits; lists are cut by the routes. */
  changes(head = this.head.sha): readonly Change[] {
    const key = `${this.base.sha}...${head}`
    const known = this.#changes.get(key)
    if (known) return known
    const { objects } = this.repository
    const base = objects.mergeBase(this.base.sha, head)
    const empty = objects.writeTree(new Map())
    const changes = changesBetween(objects, base?.tree ?? empty, objects.commit(head)?.tree ?? empty)
    this.#changes.set(key, changes)
    return changes
  }

  /** Every commit that it adds, oldest first. */
  commits(): readonly Commit[] {
    return this.repository.objects.between(this.base.sha, this.head.sha)
  }

  /** The head's branch has moved. */
  moved(before: string, after: string, by: Who): void {
    this.head.sha = after
    this.heads.push(after)
    this.base.sha = this.repository.tip(this.base.ref)
    this.#tell('synchronize', by, { before, after })
  }

  opened(): void {
    this.#tell('opened', this.issue.author)
  }

  #tell(action: string, by: Who, more: object = {}): void {
    this.updatedAt = timestamp(this.#world.now())
    const parts = { number: this.number, pull_request: pullJson(this.#world, this, 'full'), ...more }
    const sender = this.#world.user(by)
    this.#world.tell({ event: 'pull_request', action, repository: this.repository, parts, sender })
  }
}
