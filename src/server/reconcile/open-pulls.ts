import { install, knowRepository, suspend, type Repository } from '../installations.js'
import { checkRunOf } from '../stores/check-runs.js'
import { reviewOf } from '../stores/reviews.js'
import { isGivenUp, want } from '../subjects.js'
import { each, type ReconcileParts } from './parts.js'

/** What changed this long before the last look may not have been there yet when we looked. */
const OVERLAP = 15 * 60_000

/** Looks at the pull requests of repositories in which something happened within a day. Returns how many had no completed check. */
export async function activeRepositories(parts: ReconcileParts): Promise<number> {
  const repositories = await parts.database.query<Repository & { readonly sweptAt: Date | null }>(
    `SELECT r.id, r.installation_id AS installation, r.owner, r.name, r.swept_at AS "sweptAt"
     FROM dba.repositories AS r JOIN dba.installations AS i ON i.id = r.installation_id
     WHERE r.removed_at IS NULL AND i.removed_at IS NULL AND NOT i.suspended
       AND r.active_at > pg_catalog.clock_timestamp() - interval '24 hours'
       AND (i.paused_until IS NULL OR i.paused_until < pg_catalog.clock_timestamp())
     ORDER BY r.swept_at NULLS FIRST LIMIT 1000`,
  )
  return each(
    repositories,
    // What was given up, and said to be, fails again as it did until somebody changes something.
    (repository) => look(parts, repository, repository.sweptAt, { givenUp: 'left' }),
    parts,
    ({ owner, name }) => ({ repository: `${owner}/${name}` }),
  )
}

/** Looks at every open pull request of every installation, also at those that were given up. Returns how many had no completed check. */
export async function everything(parts: ReconcileParts): Promise<number> {
  const { database, ports } = parts
  const installations = await ports.installations()
  return each(
    installations,
    async ({ id, account, suspended }) => {
      if (suspended) return suspend(database, id, true).then(() => 0)
      await install(database, id, account)
      const repositories = await ports.repositories(id)
      return each(
        repositories,
        async (repository) => {
          await knowRepository(database, repository)
          return look(parts, repository, null, { givenUp: 'tried' })
        },
        parts,
        ({ owner, name }) => ({ repository: `${owner}/${name}` }),
      )
    },
    parts,
    ({ id }) => ({ installation: id }),
  )
}

async function look(
  { database, ports, check, log }: ReconcileParts,
  repository: Repository,
  sweptAt: Date | null,
  { givenUp }: { readonly givenUp: 'left' | 'tried' },
): Promise<number> {
  const since = sweptAt === null ? null : new Date(sweptAt.getTime() - OVERLAP)
  const [moment] = await database.query<{ now: Date }>('SELECT pg_catalog.clock_timestamp() AS now')
  const pulls = await ports.openPulls(repository, since)
  let found = 0
  for (const { number, head, target } of pulls) {
    const subject = { installation: repository.installation, repository: repository.id, subject: `pull/${number}` }
    const run = await checkRunOf(database, { repository: repository.id, head, name: check })
    const review = await reviewOf(database, repository.id, subject.subject)
    // A head may have its check from another pull request, or from before it went to another branch.
    const isMeant = review?.head === head && review.target === target
    const isTold = run?.status === 'completed' && run.sent
    if (isTold && (isMeant || (givenUp === 'left' && (await isGivenUp(database, subject, head))))) continue
    log.warn('a pull request has no completed check', { ...subject, head })
    await want(database, subject, { lane: 'reconcile' })
    found++
  }
  await database.query('UPDATE dba.repositories SET swept_at = $2 WHERE id = $1', [repository.id, moment?.now])
  return found
}
