import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { GitObjects, type Commit } from '../git/objects.js'
import { mergeGroupJson, pushJson } from '../json/git.js'
import { Checks, type CheckRun, type CheckRunFields } from './checks.js'
import { Conversation, type Issue, type IssueComment } from './conversation.js'
import { treeWith, type FileChanges } from './files.js'
import type { Account, BaseRole, Role, Who } from './people.js'
import { FakePull } from './pull.js'
import type { ReviewComment } from './reviews.js'
import { timestamp, type World } from './world.js'

export interface Push {
  readonly branch?: string
  readonly by?: Who
  readonly message?: string
  /** The commit that the new one follows; the branch's tip by default. Another one is a force push. */
  readonly onto?: string
}

export interface NewPull {
  readonly by?: Who
  /** The branch to merge into. */
  readonly base?: string
  /** The branch to merge; with `files` it is made, and then has a name of its own by default. */
  readonly head?: string
  /** The fork that holds the head. */
  readonly from?: FakeRepository
  readonly files?: FileChanges
  readonly title?: string
  readonly body?: string
  readonly draft?: boolean
  readonly message?: string
}

export interface NewRepository {
  readonly owner: Account
  readonly name: string
  readonly private?: boolean
  readonly defaultBranch?: string
  readonly files?: FileChanges
}

/** A group of the merge queue: the commit that is to become the base branch when its checks pass. */
export interface MergeGroup {
  readonly headSha: string
  readonly headRef: string
  readonly baseSha: string
  readonly baseRef: string
  readonly commit: Commit
  readonly pulls: readonly FakePull[]
}

/** What a ruleset or the protection of a branch asks for. */
export interface RequiredCheck {
  readonly branch: string
  readonly context: string
  /** The App whose check counts; null means any. */
  readonly appId: number | null
  /** Which of the two asks; both by default. */
  readonly by?: 'protection' | 'ruleset'
}

const NOBODY = '0'.repeat(40)

export class FakeRepository {
  readonly id: number
  owner: Account
  name: string
  private: boolean
  deleted = false
  readonly defaultBranch: string
  readonly createdAt: string
  readonly parent: FakeRepository | null
  /** Forks share their parent's. */
  readonly objects: GitObjects
  /** This repository, what it was forked from, and the forks of that. */
  readonly network: FakeRepository[]
  readonly branches = new Map<string, string>()
  readonly pulls = new Map<number, FakePull>()
  readonly roles = new Map<number, Role>()
  readonly requiredChecks: RequiredCheck[] = []
  /** The branches that a ruleset gives a merge queue. */
  readonly mergeQueues = new Set<string>()
  readonly checks: Checks
  readonly conversation: Conversation
  readonly #world: World

  constructor(world: World, facts: NewRepository, parent: FakeRepository | null = null) {
    this.#world = world
    this.id = world.nextId()
    this.owner = facts.owner
    this.name = facts.name
    this.private = facts.private ?? true
    this.defaultBranch = facts.defaultBranch ?? 'main'
    this.createdAt = timestamp(world.now())
    this.parent = parent
    this.objects = parent?.objects ?? new GitObjects()
    this.network = parent?.network ?? []
    this.network.push(this)
    this.checks = new Checks(world, this)
    this.conversation = new Conversation(world, this)
    if (parent) for (const [branch, sha] of parent.branches) this.branches.set(branch, sha)
    else this.branches.set(this.defaultBranch, this.#write(facts.files ?? {}, [], facts.owner, 'Begin').sha)
  }

  get fullName(): string {
    return `${this.owner.login}/${this.name}`
  }

  /** The commit that a branch is at. */
  tip(branch = this.defaultBranch): string {
    const sha = this.branches.get(branch)
    if (sha === undefined) throw new Error(`${this.fullName} has no branch ${branch}`)
    return sha
  }

  branch(name: string, from = this.defaultBranch): void {
    this.branches.set(name, this.tip(from))
  }

  deleteBranch(name: string): void {
    this.branches.delete(name)
  }

  /** Commits these changes and pushes them. Pull requests with this head are brought up to date. Returns the commit. */
  commit(files: FileChanges, { branch = this.defaultBranch, by = this.owner, message, onto }: Push = {}): string {
    const parent = onto ?? this.tip(branch)
    const commit = this.#write(files, [parent], this.#world.user(by), message ?? `Change ${Object.keys(files)[0]}`)
    this.#push(branch, commit.sha, by, onto !== undefined)
    return commit.sha
  }

  /** Pushes a branch to a commit that is there already, by force. */
  reset(sha: string, { branch = this.defaultBranch, by = this.owner }: Pick<Push, 'branch' | 'by'> = {}): void {
    this.#push(branch, sha, by, true)
  }

  mergeInto(branch: string, head: string, { by, message }: { by: Who; message: string }): string {
    const commit = this.#mergeCommit(this.tip(branch), head, this.#world.user(by), message)
    this.#push(branch, commit.sha, by, false)
    return commit.sha
  }

  openPull(asked: NewPull = {}): FakePull {
    const author = this.#world.user(asked.by ?? 'ann')
    const base = asked.base ?? this.defaultBranch
    const from = asked.from ?? this
    const number = this.conversation.issues.size + 1
    const ref = asked.head ?? `${author.login.replace(/\W/g, '-')}/change-${number}`
    if (!from.branches.has(ref)) from.branches.set(ref, from.branches.get(base) ?? this.tip(base))
    const message = asked.message ?? asked.title ?? `Change ${number}`
    if (asked.files) from.commit(asked.files, { branch: ref, by: author, message })
    const issue = this.conversation.begin(author, {
      title: asked.title ?? message,
      body: asked.body ?? null,
      isPull: true,
    })
    const pull = new FakePull(this.#world, this, {
      issue,
      head: { repository: from, ref, sha: from.tip(ref) },
      base: { ref: base, sha: this.tip(base) },
      draft: asked.draft ?? false,
    })
    this.pulls.set(pull.number, pull)
    pull.opened()
    return pull
  }

  openIssue({ by = 'ann', title = 'Something to do', body = '' }: { by?: Who; title?: string; body?: string }): Issue {
    return this.conversation.begin(this.#world.user(by), { title, body, isPull: false })
  }

  fork({ by, name = this.name }: { by: Who; name?: string }): FakeRepository {
    const facts = { owner: this.#world.user(by), name, private: this.private, defaultBranch: this.defaultBranch }
    const fork = new FakeRepository(this.#world, facts, this)
    this.#world.repositories.add(fork)
    return fork
  }

  /** The repository is gone. Pull requests from it stay, without a head repository. */
  delete(): void {
    this.deleted = true
    this.#world.repositories.remove(this)
    if (!this.parent) this.#tell('repository', 'deleted', {}, this.owner)
  }

  rename(name: string): void {
    const changes = { repository: { name: { from: this.name } } }
    this.#world.repositories.renaming(this, () => (this.name = name))
    this.#tell('repository', 'renamed', { changes }, this.owner)
  }

  /** What somebody may do here: one of GitHub's roles, or a custom one with the role below it. */
  grant(who: Who, role: BaseRole | Role): void {
    this.roles.set(this.#world.user(who).id, typeof role === 'string' ? { name: role, base: role } : role)
  }

  revoke(who: Who): void {
    this.roles.delete(this.#world.user(who).id)
  }

  /** A group of the merge queue for these pull requests, in this order. */
  mergeGroup(pulls: readonly FakePull[], { by = pulls[0]?.issue.author ?? this.owner }: { by?: Who } = {}): MergeGroup {
    const [first] = pulls
    if (!first) throw new Error('a merge group holds a pull request at least')
    const baseRef = first.base.ref
    const baseSha = this.tip(baseRef)
    const sender = this.#world.user(by)
    let commit: Commit | undefined
    for (const pull of pulls) {
      const message = `Merge pull request #${pull.number}\n\n${pull.issue.title}`
      commit = this.#mergeCommit(commit?.sha ?? baseSha, pull.sha, sender, message)
    }
    if (!commit) throw new Error('nothing was merged')
    const headRef = `gh-readonly-queue/${baseRef}/pr-${pulls.at(-1)?.number}-${baseSha}`
    this.branches.set(headRef, commit.sha)
    const group = { headSha: commit.sha, headRef, baseSha, baseRef, commit, pulls }
    this.checks.requested(commit.sha, headRef, sender)
    this.#tell('merge_group', 'checks_requested', { merge_group: mergeGroupJson(group) }, sender)
    return group
  }

  /** The queue merges a group: the base branch moves to it, its pull requests close. */
  mergeGroupInto(group: MergeGroup, { by = this.owner }: { by?: Who } = {}): void {
    this.#push(group.baseRef, group.headSha, by, false)
    for (const pull of group.pulls) pull.mergedAs(group.headSha, by)
    this.destroyMergeGroup(group, 'merged')
  }

  /** The queue gives a group up, or has merged it. */
  destroyMergeGroup(group: MergeGroup, reason: 'merged' | 'invalidated' | 'dequeued' = 'invalidated'): void {
    this.branches.delete(group.headRef)
    const parts = { merge_group: mergeGroupJson(group), reason }
    this.#tell('merge_group', 'destroyed', parts, this.owner)
  }

  /** The check runs on a commit, oldest first; all Apps' unless a name is given. */
  checkRuns(sha: string, name?: string): readonly CheckRun[] {
    return this.checks.runs.filter((run) => run.headSha === sha && (name === undefined || run.name === name))
  }

  /** A check run by another App, such as a build server's. */
  foreignCheckRun(app: string, sha: string, name: string, fields: CheckRunFields): CheckRun {
    return this.checks.create(this.#world.otherApp(app), sha, name, fields)
  }

  pressButton(run: CheckRun, identifier: string, by: Who = 'ann'): void {
    this.checks.press(run, identifier, this.#world.user(by))
  }

  rerun(run: CheckRun, by: Who = 'ann'): void {
    this.checks.rerequest(run, this.#world.user(by))
  }

  rerunSuite(sha: string, by: Who = 'ann'): void {
    const suite = this.checks.suite(this.#world.app, sha, this.branchAt(sha))
    this.checks.rerequestSuite(suite, this.#world.user(by))
  }

  comments(pull: FakePull | Issue): readonly IssueComment[] {
    return this.conversation.comments.filter(({ number }) => number === pull.number)
  }

  reviewComments(pull: FakePull): readonly ReviewComment[] {
    return pull.reviewComments
  }

  /** Whether the required check lets it be merged: the newest run of that name by this App on its head is a success. */
  mergeable(what: FakePull | MergeGroup, name = 'dba'): boolean {
    const sha = 'headSha' in what ? what.headSha : what.sha
    const newest = this.checkRuns(sha, name).findLast(({ app }) => app === this.#world.app)
    return newest?.status === 'completed' && newest.conclusion === 'success'
  }

  branchAt(sha: string): string | null {
    return [...this.branches].find(([, tip]) => tip === sha)?.[0] ?? null
  }

  /** A bare repository on disk that git itself can read. */
  writeTo(folder: string): void {
    const write = (path: string, bytes: string | Uint8Array): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    write('HEAD', `ref: refs/heads/${this.defaultBranch}\n`)
    write('config', '[core]\n\trepositoryformatversion = 0\n\tbare = true\n')
    mkdirSync(join(folder, 'refs', 'heads'), { recursive: true })
    for (const [path, bytes] of this.objects.loose()) write(path, bytes)
    for (const [branch, sha] of this.branches) write(`refs/heads/${branch}`, `${sha}\n`)
    for (const pull of this.pulls.values()) write(`refs/pull/${pull.number}/head`, `${pull.sha}\n`)
  }

  #push(branch: string, after: string, by: Who, forced: boolean): void {
    const before = this.branches.get(branch) ?? NOBODY
    this.branches.set(branch, after)
    const sender = this.#world.user(by)
    this.#tell('push', null, pushJson(this, { branch, before, after, forced, by: sender }), sender)
    this.checks.requested(after, branch, sender)
    for (const repository of this.network) {
      for (const pull of repository.pulls.values()) {
        if (pull.open && pull.head.repository === this && pull.head.ref === branch) pull.moved(before, after, by)
      }
    }
  }

  #write(files: FileChanges, parents: readonly string[], by: Account, message: string): Commit {
    const before = this.objects.files(this.objects.commit(parents[0] ?? '')?.tree ?? '')
    const tree = treeWith(this.objects, before, files)
    const signature = this.#signature(by)
    return this.objects.writeCommit({ tree, parents, author: signature, committer: signature, message })
  }

  /** What the other side changed since they parted is laid over this side; a conflict is won by the other. */
  #mergeCommit(ours: string, theirs: string, by: Account, message: string): Commit {
    const filesAt = (sha: string | undefined) => this.objects.files(this.objects.commit(sha ?? '')?.tree ?? '')
    const [base, left, right] = [this.objects.mergeBase(ours, theirs)?.sha, ours, theirs].map(filesAt)
    const merged = new Map(left)
    for (const [path, leaf] of right ?? []) if (base?.get(path)?.sha !== leaf.sha) merged.set(path, leaf)
    for (const path of base?.keys() ?? []) if (!right?.has(path)) merged.delete(path)
    const signature = this.#signature(by)
    const tree = this.objects.writeTree(merged)
    return this.objects.writeCommit({ tree, parents: [ours, theirs], author: signature, committer: signature, message })
  }

  #signature({ id, login }: Account): { name: string; email: string; at: number } {
    const email = `${id}+${login}@users.noreply.github.com`
    return { name: login, email, at: Math.floor(this.#world.now() / 1000) }
  }

  #tell(event: string, action: string | null, parts: Readonly<Record<string, unknown>>, sender: Account): void {
    this.#world.tell({ event, action, repository: this, parts, sender })
  }
}
