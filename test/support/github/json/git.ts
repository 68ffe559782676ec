import type { Change } from '../git/changes.js'
import type { Commit, Signature } from '../git/objects.js'
import type { Json } from '../http/answer.js'
import type { Account } from '../state/people.js'
import type { FakeRepository, MergeGroup } from '../state/repository.js'
import { timestamp, type World } from '../state/world.js'
import { accountJson, HTML, nodeId, repositoryUrl } from './names.js'

const VERIFICATION = { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null }
const NOBODY = '0'.repeat(40)

const signatureJson = ({ name, email, at }: Signature): Json => ({ name, email, date: timestamp(at * 1000) })

/** Whose address a commit carries; null when no account has it. */
export function accountOf(world: World, { email }: Signature): Account | null {
  const [, id, login] = /^(\d+)\+(.+)@users\.noreply\.github\.com$/.exec(email) ?? []
  return id && login ? (world.people.byId(Number(id)) ?? null) : null
}

/** A commit with who is behind it, as the lists of commits give it. */
export function commitJson(world: World, repository: FakeRepository, commit: Commit): Json {
  const url = repositoryUrl(world, repository)
  const people = [commit.author, commit.committer].map((signature) => accountOf(world, signature))
  const [author, committer] = people.map((account) => account && accountJson(world, account))
  return {
    sha: commit.sha,
    node_id: nodeId('C', commit.sha),
    commit: {
      author: signatureJson(commit.author),
      committer: signatureJson(commit.committer),
      message: commit.message,
      tree: { sha: commit.tree, url: `${url}/git/trees/${commit.tree}` },
      url: `${url}/git/commits/${commit.sha}`,
      comment_count: 0,
      verification: VERIFICATION,
    },
    url: `${url}/commits/${commit.sha}`,
    html_url: `${HTML}/${repository.fullName}/commit/${commit.sha}`,
    comments_url: `${url}/commits/${commit.sha}/comments`,
    author,
    committer,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${HTML}/${repository.fullName}/commit/${sha}`,
    })),
  }
}

/** A commit as the git database gives it. */
export function gitCommitJson(world: World, repository: FakeRepository, commit: Commit): Json {
  const { commit: inner, html_url, parents, node_id } = commitJson(world, repository, commit) as Record<string, Json>
  return {
    sha: commit.sha,
    node_id,
    url: inner?.url,
    html_url,
    author: inner?.author,
    committer: inner?.committer,
    tree: inner?.tree,
    message: commit.message,
    parents,
    verification: VERIFICATION,
  }
}

export function changeJson(world: World, repository: FakeRepository, head: string, change: Change): Json {
  const path = change.path.split('/').map(encodeURIComponent).join('/')
  const html = `${HTML}/${repository.fullName}`
  return {
    sha: change.sha,
    filename: change.path,
    status: change.status,
    additions: change.additions,
    deletions: change.deletions,
    changes: change.additions + change.deletions,
    blob_url: `${html}/blob/${head}/${path}`,
    raw_url: `${html}/raw/${head}/${path}`,
    contents_url: `${repositoryUrl(world, repository)}/contents/${path}?ref=${head}`,
    ...(change.patch === null ? {} : { patch: change.patch }),
    ...(change.previousPath === null ? {} : { previous_filename: change.previousPath }),
  }
}

/** A commit as webhooks carry it. */
export function simpleCommitJson(commit: Commit): Json {
  const person = ({ name, email }: Signature): Json => ({ name, email })
  return {
    id: commit.sha,
    tree_id: commit.tree,
    message: commit.message,
    timestamp: timestamp(commit.committer.at * 1000),
    author: person(commit.author),
    committer: person(commit.committer),
  }
}

interface Pushed {
  readonly branch: string
  readonly before: string
  readonly after: string
  readonly forced: boolean
  readonly by: Account
}

export function pushJson(repository: FakeRepository, pushed: Pushed): Json {
  const { branch, before, after, forced, by } = pushed
  const html = `${HTML}/${repository.fullName}`
  const created = before === NOBODY
  const known = created ? repository.tip() : before
  const commits = repository.objects.between(known, after).map((commit) => {
    const paths = pathsOf(repository, commit)
    const json = simpleCommitJson(commit)
    const [author, committer] = [commit.author, commit.committer].map(({ name, email }) => ({
      name,
      email,
      username: name,
    }))
    return { ...json, author, committer, url: `${html}/commit/${commit.sha}`, distinct: true, ...paths }
  })
  return {
    ref: `refs/heads/${branch}`,
    before,
    after,
    created,
    deleted: false,
    forced,
    base_ref: null,
    compare: `${html}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
    commits: commits.slice(-2048),
    head_commit: commits.at(-1) ?? null,
    pusher: { name: by.login, email: `${by.id}+${by.login}@users.noreply.github.com` },
  }
}

export function mergeGroupJson(group: MergeGroup): Json {
  return {
    head_sha: group.headSha,
    head_ref: `refs/heads/${group.headRef}`,
    base_sha: group.baseSha,
    base_ref: `refs/heads/${group.baseRef}`,
    head_commit: simpleCommitJson(group.commit),
  }
}

function pathsOf({ objects }: FakeRepository, commit: Commit): Json {
  const before = objects.files(objects.commit(commit.parents[0] ?? '')?.tree ?? '')
  const after = objects.files(commit.tree)
  return {
    added: [...after.keys()].filter((path) => !before.has(path)),
    removed: [...before.keys()].filter((path) => !after.has(path)),
    modified: [...after].filter(([path, { sha }]) => (before.get(path)?.sha ?? sha) !== sha).map(([path]) => path),
  }
}
