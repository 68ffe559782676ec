import { repositoryOf } from '../installations.js'
import { unverifiedRuns, verifiedRun } from '../stores/check-runs.js'
import { wantHead } from '../subjects.js'
import { each, type ReconcileParts } from './parts.js'

const VERIFY_MILLISECONDS = 10 * 60_000

/**
 * Compares check runs of the last day with what GitHub shows. One that says something else is written anew; a run of the same name by
 * somebody else is told, as branch protection that does not name the App may take it for ours. Returns how many differed.
 */
export async function drift(parts: ReconcileParts): Promise<number> {
  const { database, ports, log } = parts
  const runs = await unverifiedRuns(database, VERIFY_MILLISECONDS)
  return each(
    runs,
    async (row) => {
      const repository = await repositoryOf(database, row.repository)
      if (repository === null || row.run === null) {
        await verifiedRun(database, row)
        return 0
      }
      const about = { repository: `${repository.owner}/${repository.name}`, head: row.head, run: row.run }
      const actual = await ports.actual(repository, row, row.run)
      if (actual !== null && actual.others > 0) {
        log.error('somebody else has written a check run of our name', { ...about, others: actual.others })
      }
      if (actual?.status === row.status && actual.conclusion === row.conclusion) {
        await verifiedRun(database, row)
        return 0
      }
      log.error('a check run does not say what it should', { ...about, intended: row.conclusion, actual })
      await database.query(
        `UPDATE dba.check_runs SET sent_at = NULL, changed_at = pg_catalog.clock_timestamp()
         WHERE repository_id = $1 AND head = $2 AND name = $3 AND digest IS NOT DISTINCT FROM $4`,
        [row.repository, row.head, row.name, row.digest],
      )
      await wantHead(database, row.repository, row.head, { lane: 'reconcile' })
      return 1
    },
    parts,
    ({ repository, head }) => ({ repository, head }),
  )
}
