import type { Json } from '../http/answer.js'
import type { FakePull } from '../state/pull.js'
import type { FakeRepository } from '../state/repository.js'
import type { World } from '../state/world.js'
import { accountJson, associationOf, HTML, nodeId, repositoryJson, repositoryUrl } from './names.js'

/** A pull request: `full` as it is read alone and in webhooks, `simple` as in lists. */
export function pullJson(world: World, pull: FakePull, detail: 'full' | 'simple'): Json {
  const { repository, issue, number } = pull
  const url = `${repositoryUrl(world, repository)}/pulls/${number}`
  const issueUrl = `${repositoryUrl(world, repository)}/issues/${number}`
  const html = `${HTML}/${repository.fullName}/pull/${number}`
  const statuses = `${repositoryUrl(world, repository)}/statuses/${pull.head.sha}`
  const links = {
    self: url,
    html,
    issue: issueUrl,
    comments: `${issueUrl}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${repositoryUrl(world, repository)}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses,
  }
  return {
    url,
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    html_url: html,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    issue_url: issueUrl,
    number,
    state: issue.state,
    locked: issue.locked,
    active_lock_reason: null,
    title: issue.title,
    user: accountJson(world, issue.author),
    body: issue.body,
    created_at: issue.createdAt,
    updated_at: pull.updatedAt,
    closed_at: pull.closedAt,
    merged_at: pull.merged ? pull.closedAt : null,
    merge_commit_sha: pull.mergeCommit,
    assignee: null,
    assignees: [],
    requested_reviewers: [],
    requested_teams: [],
    labels: [],
    milestone: null,
    draft: pull.draft,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: statuses,
    head: sideJson(world, pull.head.repository, pull.head),
    base: sideJson(world, repository, pull.base),
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
    author_association: associationOf(repository, issue.author),
    auto_merge: null,
    ...(detail === 'full' ? fullJson(world, pull) : {}),
  }
}

function fullJson(world: World, pull: FakePull): Json {
  const changes = pull.changes()
  const total = (key: 'additions' | 'deletions'): number => changes.reduce((sum, change) => sum + change[key], 0)
  return {
    merged: pull.merged,
    mergeable: pull.open ? true : null,
    rebaseable: pull.open ? true : null,
    mergeable_state: pull.open ? (pull.draft ? 'draft' : 'unknown') : 'unknown',
    merged_by: pull.mergedBy === null ? null : accountJson(world, world.user(pull.mergedBy)),
    comments: pull.repository.comments(pull).length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: pull.commits().length,
    additions: total('additions'),
    deletions: total('deletions'),
    changed_files: changes.length,
  }
}

/** What a repository says only as a side of a pull request. */
const SETTINGS = {
  allow_squash_merge: true,
  allow_merge_commit: true,
  allow_rebase_merge: true,
  delete_branch_on_merge: false,
  custom_properties: {},
}

function sideJson(world: World, repository: FakeRepository, { ref, sha }: { ref: string; sha: string }): Json {
  return {
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(world, repository.owner),
    repo: repository.deleted ? null : { ...repositoryJson(world, repository), ...SETTINGS },
  }
}

/** A pull request as check runs point at it. */
export function minimalPullJson(world: World, pull: FakePull): Json {
  const side = (repository: FakeRepository, { ref, sha }: { ref: string; sha: string }): Json => ({
    ref,
    sha,
    repo: { id: repository.id, url: repositoryUrl(world, repository), name: repository.name },
  })
  return {
    url: `${repositoryUrl(world, pull.repository)}/pulls/${pull.number}`,
    id: pull.id,
    number: pull.number,
    head: side(pull.head.repository, pull.head),
    base: side(pull.repository, pull.base),
  }
}
