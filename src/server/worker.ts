import { backoff } from './backoff.js'
import { bell, type Bell } from './bell.js'
import { mustBeBuried } from './claim.js'
import type { Database } from './database.js'
import { bury, fail, finish, handBack, holds, LEASE, postpone, renew, takeHead, type Lease } from './lease.js'
import type { Log } from './log.js'
import { pause } from './installations.js'
import { storableMessage } from './storable.js'

/** What the one who brings a subject up to date is given besides it. */
export interface Hold {
  readonly lease: Lease
  /** Aborted when the lease is lost or the process ends; its reason says which. */
  readonly signal: AbortSignal
  /** To be asked right before each write to GitHub; throws `LeaseLost` when it may not be made any more. */
  fence(): Promise<void>
  /** Says which head was read; throws `HeadBusy` while another pull request with this head is being served. */
  takeHead(head: string): Promise<void>
  /** Whether another wish has come since this one was taken, as of the last renewal: what is being done is soon outdated. */
  wantedAgain(): boolean
}

/** What is to be done with subjects. */
export interface Work {
  bringUpToDate(hold: Hold): Promise<void>
  /** It failed as often as it may: tells GitHub so with a completed check run that fails, and offers to try again. */
  giveUp(hold: Hold, error: string): Promise<void>
  /** What an error means. */
  judge(error: unknown): Failure
}

export type Failure =
  /** It may work next time. */
  | { readonly kind: 'retry' }
  /** It will not work before then: of this subject, or of anything of its installation. Uses no attempt. */
  | { readonly kind: 'wait'; readonly milliseconds: number; readonly who: 'subject' | 'installation' }
  /** There is nothing to do any more, such as when the pull request is gone. */
  | { readonly kind: 'drop' }

/** How one turn at a subject ended. */
export type Turn = 'done' | 'failed' | 'given-up' | 'waits' | 'dropped' | 'handed-back' | 'lost'

export class LeaseLost extends Error {}
export class HeadBusy extends Error {}
/** What was being looked at is not what there is any more; another wish is there for what is. */
export class Outdated extends Error {}
export class Stopping extends Error {}

export interface WorkerParts {
  readonly database: Database
  readonly work: Work
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
  readonly timing?: Timing
  /** Told of writes that were refused as another may have been given the subject. */
  readonly onFenced?: () => void
}
export type Timing = { readonly [Name in keyof typeof LEASE]: number }

const HEAD_BUSY_MILLISECONDS = 2_000

/** Serves one lease to its end, whatever that is. Throws only when the database is out of reach: the lease then runs out. */
export async function serve(parts: WorkerParts, lease: Lease, stop: AbortSignal): Promise<Turn> {
  const { database, work, random } = parts
  const timing = parts.timing ?? LEASE
  const abort = new AbortController()
  const { signal } = abort
  const onStop = (): void => abort.abort(stop.reason)
  stop.addEventListener('abort', onStop)
  if (stop.aborted) onStop()
  let again = false
  const over = bell()
  const renewing = keepRenewing(parts, lease, timing, over, abort, (value) => (again = value))
  const hold: Hold = {
    lease,
    signal,
    wantedAgain: () => again,
    async fence() {
      signal.throwIfAborted()
      if (await holds(database, lease, timing.enoughToWrite)) return signal.throwIfAborted()
      parts.onFenced?.()
      const error = new LeaseLost('the lease was lost: another may have been given the subject')
      abort.abort(error)
      throw error
    },
    async takeHead(head) {
      if (!(await takeHead(database, lease, head)))
        throw new HeadBusy(`another pull request with ${head} is being served`)
    },
  }
  try {
    if (mustBeBuried(lease)) {
      await work.giveUp(hold, lease.error ?? 'unknown')
      return (await bury(database, lease)) ? 'given-up' : 'lost'
    }
    await work.bringUpToDate(hold)
    return (await finish(database, lease)) ? 'done' : 'lost'
  } catch (error) {
    return await settle(parts, lease, error, {
      lost: signal.reason instanceof LeaseLost,
      stopping: stop.aborted,
      random,
    })
  } finally {
    stop.removeEventListener('abort', onStop)
    over.ring()
    await renewing
  }
}

async function settle(
  { database, work, log }: WorkerParts,
  lease: Lease,
  error: unknown,
  at: { readonly lost: boolean; readonly stopping: boolean; readonly random: () => number },
): Promise<Turn> {
  const about = { subject: lease.subject, repository: lease.repository, installation: lease.installation }
  if (at.lost || error instanceof LeaseLost) {
    log.warn('lease lost', about)
    return 'lost'
  }
  if (at.stopping) return (await handBack(database, lease)) ? 'handed-back' : 'lost'
  if (error instanceof Outdated) {
    log.info('outdated', { ...about, error })
    return (await handBack(database, lease)) ? 'handed-back' : 'lost'
  }
  if (error instanceof HeadBusy) return (await postpone(database, lease, HEAD_BUSY_MILLISECONDS)) ? 'waits' : 'lost'
  const failure = work.judge(error)
  switch (failure.kind) {
    case 'drop':
      log.info('nothing to do any more', { ...about, error })
      return (await finish(database, lease)) ? 'dropped' : 'lost'
    case 'wait':
      log.info('waits', { ...about, error, milliseconds: failure.milliseconds, who: failure.who })
      if (failure.who === 'installation') {
        const { milliseconds } = failure
        await pause(database, lease.installation, { milliseconds, why: storableMessage(error) })
      }
      return (await postpone(database, lease, failure.milliseconds)) ? 'waits' : 'lost'
    case 'retry': {
      const failures = lease.failures + 1
      log.error('subject failed', { ...about, error, failures })
      // Nothing is left to wait for when it is to be given up.
      const milliseconds = mustBeBuried({ ...lease, failures }) ? 0 : backoff(failures, at.random())
      const wait = mustBeBuried(lease) ? backoff(failures, at.random()) : milliseconds
      return (await fail(database, lease, storableMessage(error), wait)) ? 'failed' : 'lost'
    }
  }
}

/** Renews until it is over. A renewal that fails is tried again while the lease may still be there. */
async function keepRenewing(
  { database, log }: WorkerParts,
  lease: Lease,
  timing: Timing,
  over: Bell,
  abort: AbortController,
  tell: (wantedAgain: boolean) => void,
): Promise<void> {
  while (!(await over.wait(timing.renewEvery))) {
    try {
      const state = await renew(database, lease, timing.lasting)
      if (state === null) return abort.abort(new LeaseLost('the lease was lost'))
      tell(state.wantedAgain)
    } catch (error) {
      log.warn('a lease could not be renewed', { subject: lease.subject, repository: lease.repository, error })
    }
  }
}
