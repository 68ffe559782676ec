import type { Api } from '../github/api.js'
import { pullsWithHead } from '../github/pulls.js'
import { want } from './subjects.js'
import type { Hold } from './worker.js'
import type { Workshop } from './workshop.js'

/**
 * Wishes for the open pull requests with a head that nobody here has judged, as where their webhook was lost: a commit is green
 * for all of them or for none. `judged` are the subjects of which something is published. Returns whether there are any.
 */
export async function wantUnknownWithHead(
  api: Api,
  { lease }: Hold,
  head: string,
  judged: readonly string[],
  { database }: Workshop,
): Promise<boolean> {
  const { items, complete } = await pullsWithHead(api, head)
  if (!complete) throw new Error(`there are more pull requests with the head ${head} than can be looked at`)
  const subjects = items.map(({ number }) => `pull/${number}`)
  const unknown = subjects.filter((subject) => subject !== lease.subject && !judged.includes(subject))
  for (const subject of unknown) await want(database, { ...lease, subject }, { lane: 'event', gather: 0 })
  return unknown.length > 0
}
