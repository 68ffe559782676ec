import { repositoryOf } from '../installations.js'
import { waitingCommands } from '../stores/commands.js'
import { forgetRun, unsettledRuns } from '../stores/check-runs.js'
import { want, wantHead } from '../subjects.js'
import { sweep } from '../sweep.js'
import { each, type ReconcileParts } from './parts.js'

/** No check is in progress for longer without somebody being at it. */
const CHECK_MILLISECONDS = 10 * 60_000
const COMMAND_MILLISECONDS = 60_000

/**
 * Looks after what was begun: check runs that are in progress for long or of which GitHub was not told everything, commands that nobody
 * took up, subjects that are due. Returns how many were taken up again.
 */
export async function watchdog(parts: ReconcileParts): Promise<number> {
  const { database, ports, log } = parts
  const woken = await sweep(database)
  const commands = await waitingCommands(database, COMMAND_MILLISECONDS)
  for (const { installation, repository, pull } of commands) {
    await want(database, { installation, repository, subject: `pull/${pull}` }, { lane: 'reconcile' })
  }
  const runs = await unsettledRuns(database, CHECK_MILLISECONDS)
  const checks = await each(
    runs,
    async (run) => {
      log.warn('a check run was not completed', { repository: run.repository, head: run.head, status: run.status })
      if ((await wantHead(database, run.repository, run.head, { lane: 'reconcile' })) > 0) return 1
      const repository = await repositoryOf(database, run.repository)
      // One that we may not see any more cannot be helped.
      if (repository === null) return 0
      await ports.closeRun(repository, run)
      await forgetRun(database, run)
      return 1
    },
    parts,
    ({ repository, head }) => ({ repository, head }),
  )
  return woken + commands.length + checks
}
