import type { Repository } from '../installations.js'
import type { CheckRunKey } from '../stores/check-runs.js'

/** A line of GitHub's own log of what it delivered, or tried to. */
export interface LoggedDelivery {
  /** GitHub's number of this attempt. */
  readonly id: number
  /** The delivery's own id, the same for each attempt. */
  readonly guid: string
  readonly deliveredAt: Date
}

export interface OpenPull {
  readonly number: number
  readonly head: string
  /** The branch that it goes to. */
  readonly target: string
}

/** A comment as it is now. */
export interface PullComment {
  readonly id: number
  readonly updatedAt: Date
}

/** What the loops ask of GitHub. Each of them throws when it could not look: nothing is concluded from that. */
export interface ReconcilePorts<Comment extends PullComment = PullComment> {
  /** The log, newest first, a page at a time; `next` is null on the last. */
  deliveries(
    cursor: string | null,
  ): Promise<{ readonly items: readonly LoggedDelivery[]; readonly next: string | null }>
  /** What was delivered; null when GitHub does not have it any more. */
  delivery(id: number): Promise<{ readonly event: string; readonly payload: object } | null>
  installations(): Promise<
    readonly { readonly id: number; readonly account: string | null; readonly suspended: boolean }[]
  >
  repositories(installation: number): Promise<readonly Repository[]>
  /** The open pull requests that changed since then; all of them for null. */
  openPulls(repository: Repository, since: Date | null): Promise<readonly OpenPull[]>
  /** The comments of a pull request that changed since then, oldest first. */
  comments(repository: Repository, pull: number, since: Date | null): Promise<readonly Comment[]>
  /** Acts on a comment as if it had just been delivered; whether there was something in it that had not been seen. */
  offer(repository: Repository, pull: number, comment: Comment): Promise<boolean>
  /** What GitHub shows of our run now; null when it is not there. `others` is how many runs of the same name are somebody else's. */
  actual(
    repository: Repository,
    key: CheckRunKey,
    run: number,
  ): Promise<{ readonly status: string; readonly conclusion: string | null; readonly others: number } | null>
  /** A run is in progress and nothing is known that could complete it: completes it as failed, with a word on why. */
  closeRun(repository: Repository, key: CheckRunKey): Promise<void>
}
