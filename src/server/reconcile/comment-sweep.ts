import { repositoryOf } from '../installations.js'
import { moveWatermark, watermark } from '../stores/watermarks.js'
import { each, type ReconcileParts } from './parts.js'

const OVERLAP = 5 * 60_000

/** Looks for commands that were never delivered, in pull requests that wait for somebody. Returns how many there were. */
export async function commentSweep(parts: ReconcileParts): Promise<number> {
  const { database, ports, log } = parts
  const waiting = await database.query<{ repository: number; pull: number; publishedAt: Date }>(
    `SELECT repository_id AS repository, pg_catalog.split_part(subject, '/', 2)::bigint AS pull, published_at AS "publishedAt"
     FROM dba.reviews WHERE conclusion = 'action_required' AND subject LIKE 'pull/%'
       AND published_at > pg_catalog.clock_timestamp() - interval '14 days'
     ORDER BY published_at DESC LIMIT 500`,
  )
  return each(
    waiting,
    async ({ repository: id, pull, publishedAt }) => {
      const repository = await repositoryOf(database, id)
      if (repository === null) return 0
      const name = `comments:${id}:${pull}`
      const seen = await watermark(database, name)
      // Before it was published there was nothing to agree to. GitHub's times have no part of a second and are of another clock.
      const since = new Date((seen === null ? publishedAt.getTime() : Date.parse(seen)) - OVERLAP)
      const comments = await ports.comments(repository, pull, since)
      let found = 0
      for (const comment of comments) {
        if (!(await ports.offer(repository, pull, comment))) continue
        log.warn('a comment with a command was never delivered', { repository: id, pull, comment: comment.id })
        found++
      }
      const newest = Math.max(...comments.map(({ updatedAt }) => updatedAt.getTime()))
      if (Number.isFinite(newest)) await moveWatermark(database, name, new Date(newest).toISOString())
      return found
    },
    parts,
    ({ repository, pull }) => ({ repository, pull }),
  )
}
