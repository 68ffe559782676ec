import { readFile, stat } from 'node:fs/promises'
import { failedWith } from '../github/errors.js'
import { type Members, type Shape, shapeOf } from '../github/shape.js'
import type { Problem, Runner } from './runner.js'

/** A change to review. */
export interface Subject {
  /** The pull request's number; null for a group of a merge queue. */
  readonly number: number | null
  /** The branch that it goes to; null for a group, whose base is what it stands on. */
  readonly target: string | null
  /** What the event says of the base; its branch may have moved since. */
  readonly base: string
  /** The commit to review: never the merge commit that GitHub makes for a pull request's workflow. */
  readonly head: string
  /** How many commits the head is ahead, where that is known. */
  readonly commits?: number
}

/** The repository that a workflow runs for. */
export interface Repository {
  readonly id: number
  readonly owner: string
  readonly name: string
}

/** What a workflow was started by: a change, a branch that may be the head of one, or nothing to review. */
export type Occasion = { readonly repository: Repository } & (
  | { readonly kind: 'change'; readonly subject: Subject }
  | { readonly kind: 'push'; readonly head: string; readonly branch: string }
  | { readonly kind: 'nothing'; readonly why: string }
)

/** GitHub sends no larger event. */
const MOST_BYTES = 25 << 20

/** Reads the event that started the workflow. */
export async function readEvent({ environment }: Pick<Runner, 'environment'>): Promise<Occasion | Problem> {
  const { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path } = environment
  if (name === undefined || path === undefined)
    return { problem: 'GITHUB_EVENT_NAME and GITHUB_EVENT_PATH are not set.' }
  const size = await stat(path).then(
    (found) => found.size,
    () => null,
  )
  if (size === null || size > MOST_BYTES) return { problem: 'The event file cannot be read.' }
  try {
    const shape = shapeOf(`the event ${name}`)
    const event = shape.members(JSON.parse(await readFile(path, 'utf8')) as unknown)
    const repository = repositoryOf(event, shape)
    if (name === 'pull_request') return { repository, ...pullRequest(event, shape) }
    if (name === 'merge_group') return { repository, ...mergeGroup(event, shape) }
    if (name === 'push') return { repository, ...push(event, shape) }
    return { problem: UNKNOWN.replace('EVENT', name) }
  } catch (error) {
    if (!(error instanceof SyntaxError) && !failedWith(error, 'garbled')) throw error
    return { problem: `The event file is not what GitHub writes: ${error.message}` }
  }
}

const UNKNOWN =
  'The event EVENT says nothing of a change to review; run the workflow on pull_request, merge_group, or push. (It must not run on pull_request_target, which gives code of a fork the rights of the base.)'

function repositoryOf(event: Members, shape: Shape): Repository {
  const repository = shape.members(event['repository'])
  const owner = shape.members(repository['owner'])
  return {
    id: shape.number(repository['id']),
    owner: shape.text(owner['login'] ?? owner['name']),
    name: shape.text(repository['name']),
  }
}

type Kind = Occasion extends infer Each ? (Each extends Occasion ? Omit<Each, 'repository'> : never) : never

function pullRequest(event: Members, shape: Shape): Kind {
  const pull = shape.members(event['pull_request'])
  const number = shape.number(pull['number'])
  if (event['action'] === 'closed') return { kind: 'nothing', why: `Pull request #${number} was closed.` }
  const [head, base] = [shape.members(pull['head']), shape.members(pull['base'])]
  const subject: Subject = {
    number,
    target: shape.text(base['ref']),
    base: shape.object(base['sha']),
    head: shape.object(head['sha']),
    ...(typeof pull['commits'] === 'number' ? { commits: pull['commits'] } : {}),
  }
  return { kind: 'change', subject }
}

function mergeGroup(event: Members, shape: Shape): Kind {
  if (event['action'] === 'destroyed') return { kind: 'nothing', why: 'The merge group was taken apart.' }
  const group = shape.members(event['merge_group'])
  const subject: Subject = {
    number: null,
    target: null,
    base: shape.object(group['base_sha']),
    head: shape.object(group['head_sha']),
  }
  return { kind: 'change', subject }
}

function push(event: Members, shape: Shape): Kind {
  const ref = shape.text(event['ref'])
  const branch = /^refs\/heads\/(.+)$/.exec(ref)?.[1]
  if (branch === undefined) return { kind: 'nothing', why: `${ref} is not a branch.` }
  if (event['deleted'] === true) return { kind: 'nothing', why: `The branch ${branch} was deleted.` }
  return { kind: 'push', head: shape.object(event['after']), branch }
}
