import { markedFinding } from '../report/inline.js'
import type { Api } from './api.js'
import { failedWith } from './errors.js'
import { type Members, type Shape, shapeOf } from './shape.js'

/** A thread of ours on a line of a pull request. */
export interface Thread {
  readonly id: string
  readonly fingerprint: string
  /** Its first comment. */
  readonly comment: { readonly id: number; readonly body: string }
  /** The line was changed since, or is no longer in the diff. */
  readonly outdated: boolean
  /** `others`: somebody decided that it is dealt with. */
  readonly resolved: 'no' | 'by us' | 'by others'
}

const THREADS = `query ($owner: String!, $name: String!, $number: Int!, $after: String) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      reviewThreads(first: 100, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id isResolved isOutdated
          resolvedBy { login }
          comments(first: 1) { nodes { databaseId body viewerDidAuthor author { login } } }
        }
      }
    }
  }
}`
const RESOLVE = `mutation ($thread: ID!) {
  resolveReviewThread(input: { threadId: $thread }) { thread { id isResolved } }
}`
const MOST_PAGES = 50

/** The threads that this App began about a finding; another's comment with our mark in it is passed over. */
export async function ourThreads(api: Api, pull: number): Promise<readonly Thread[]> {
  const { owner, name } = api.repository
  const shape = shapeOf('POST /graphql')
  const threads: Thread[] = []
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const data = shape.members(await api.graphql(THREADS, { owner, name, number: pull, after }))
    const found = shape.members(shape.members(data['repository'])['pullRequest'])
    const { nodes, pageInfo } = shape.members(found['reviewThreads'])
    threads.push(...shape.list(nodes).flatMap((node) => threadOf(shape.members(node), shape) ?? []))
    const { hasNextPage, endCursor } = shape.members(pageInfo)
    if (!shape.flag(hasNextPage)) break
    after = shape.text(endCursor)
  }
  return threads
}

/** Marks a thread as dealt with; one that is gone is as good. */
export async function resolveThread(api: Api, { id }: Thread): Promise<void> {
  try {
    await api.graphql(RESOLVE, { thread: id })
  } catch (error) {
    // To resolve what is resolved does nothing, so a hiccup may be answered by another try.
    if (failedWith(error, 'transient', 'garbled')) await api.graphql(RESOLVE, { thread: id })
    else if (!failedWith(error, 'not-found')) throw error
  }
}

function threadOf(node: Members, shape: Shape): Thread | null {
  const [first] = shape.list(shape.members(node['comments'])['nodes'])
  if (first === undefined) return null
  const comment = shape.members(first)
  const body = shape.text(comment['body'])
  const fingerprint = markedFinding(body)
  if (fingerprint === null || !shape.flag(comment['viewerDidAuthor'])) return null
  const login = (value: unknown): unknown => (value === null ? null : shape.members(value)['login'])
  const resolver = login(node['resolvedBy'])
  return {
    id: shape.text(node['id']),
    fingerprint,
    comment: { id: shape.number(comment['databaseId']), body },
    outdated: shape.flag(node['isOutdated']),
    resolved: !shape.flag(node['isResolved']) ? 'no' : resolver === login(comment['author']) ? 'by us' : 'by others',
  }
}
