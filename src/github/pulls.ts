import type { Api } from './api.js'
import { failedWith } from './errors.js'
import { type Listed, listPages } from './pages.js'
import { type Shape, shapeOf } from './shape.js'

/** Somebody on GitHub. Names change hands, ids do not: compare ids. */
export interface Account {
  readonly id: number
  readonly login: string
  readonly type: 'User' | 'Bot' | 'Organization' | 'Mannequin'
}

/** A pull request as it is now. */
export interface PullState {
  readonly number: number
  readonly state: 'open' | 'closed'
  readonly draft: boolean
  readonly merged: boolean
  /** null when the account is gone. */
  readonly author: Account | null
  readonly head: PullHead
  readonly base: { readonly sha: string; readonly ref: string }
  readonly updatedAt: Date
}

/** Where the change comes from; `repositoryId` is null when the fork was deleted. */
export interface PullHead {
  readonly sha: string
  readonly ref: string
  readonly repositoryId: number | null
  readonly fork: boolean
}

/** What only a single pull request tells, not a list of them. */
export interface WholePull extends PullState {
  readonly title: string
  readonly changedFiles: number
  readonly commits: number
}

const ONE = 'GET /repos/{owner}/{repo}/pulls/{pull_number}'
const REF = 'GET /repos/{owner}/{repo}/git/ref/{ref}'
const OPEN = 'GET /repos/{owner}/{repo}/pulls'
const WITH_COMMIT = 'GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls'

/** Reads a pull request. One that was made a moment ago may be unknown to a copy, so a 404 is asked about again. */
export async function readPull(api: Api, number: number): Promise<WholePull> {
  const { data } = await api.request(ONE, { pull_number: number }, { exists: true })
  const shape = shapeOf(ONE)
  const pull = shape.members(data)
  return {
    ...stateOf(pull, api, shape),
    title: shape.text(pull['title']),
    changedFiles: shape.number(pull['changed_files']),
    commits: shape.number(pull['commits']),
  }
}

/**
 * The newest commit of a branch; null when there is no such branch. What a pull request says of its base is as of its own last
 * change, which may be long ago. Asked for by its full name: a tag may bear the name of a branch.
 */
export async function tipOf(api: Api, branch: string): Promise<string | null> {
  try {
    const shape = shapeOf(REF)
    const found = shape.members((await api.request(REF, { ref: `heads/${branch}` })).data)
    return shape.object(shape.members(found['object'])['sha'])
  } catch (error) {
    if (failedWith(error, 'not-found')) return null
    throw error
  }
}

/** All open pull requests, the oldest first, so that one that is opened meanwhile moves none to another page. */
export async function openPulls(api: Api): Promise<Listed<PullState>> {
  return listPages(api, {
    route: OPEN,
    parameters: { state: 'open', sort: 'created', direction: 'asc' },
    read: (value, shape) => stateOf(shape.members(value), api, shape),
    key: ({ number }) => number,
  })
}

/**
 * The open pull requests whose head this commit is, from any branch and any fork; none where the default branch has the commit,
 * since GitHub then tells only what was merged
 * (https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit).
 */
export async function pullsWithHead(api: Api, sha: string): Promise<Listed<PullState>> {
  const { items, complete } = await listPages(api, {
    route: WITH_COMMIT,
    parameters: { commit_sha: sha },
    read: (value, shape) => stateOf(shape.members(value), api, shape),
    key: ({ number }) => number,
  })
  const open = items.filter(({ head, state }) => head.sha === sha && state === 'open')
  return { items: open.toSorted((one, other) => one.number - other.number), complete }
}

function stateOf(pull: Readonly<Record<string, unknown>>, api: Api, shape: Shape): PullState {
  const head = shape.members(pull['head'])
  const base = shape.members(pull['base'])
  const from = head['repo'] === null ? null : shape.number(shape.members(head['repo'])['id'])
  return {
    number: shape.number(pull['number']),
    state: pull['state'] === 'open' ? 'open' : 'closed',
    draft: pull['draft'] === true,
    merged: typeof pull['merged_at'] === 'string',
    author: accountOf(pull['user'], shape),
    head: {
      sha: shape.object(head['sha']),
      ref: shape.text(head['ref']),
      repositoryId: from,
      fork: from !== api.repository.id,
    },
    base: { sha: shape.object(base['sha']), ref: shape.text(base['ref']) },
    updatedAt: shape.date(pull['updated_at']),
  }
}

/** Reads an account; null when it is gone. */
export function accountOf(value: unknown, shape: Shape): Account | null {
  if (value === null || value === undefined) return null
  const user = shape.members(value)
  return {
    id: shape.number(user['id']),
    login: shape.text(user['login']),
    type: shape.text(user['type']) as Account['type'],
  }
}
