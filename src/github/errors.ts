/** What went wrong between here and GitHub, told apart by what is to be done about it. */
export type ErrorKind =
  /** Come back at `retryAt`, not before. */
  | 'rate-limited'
  /** There is no such thing, or the token may not know of it. */
  | 'not-found'
  /** It was there and will not come back. */
  | 'gone'
  /** The App lacks a permission. */
  | 'forbidden'
  /** The installation was suspended or blocked: nothing of it is to be asked for again. */
  | 'suspended'
  /** The token or the App's key is not accepted, also after a new one was fetched. */
  | 'unauthorized'
  /** GitHub understood and refuses, such as a check run for a commit that has vanished. */
  | 'unprocessable'
  /** A hiccup: a 5xx, a broken connection, no answer in time. What was asked may have been done all the same. */
  | 'transient'
  /** An answer that is no answer: HTML, half a JSON text, a member that is missing. */
  | 'garbled'

/** Thrown for every failure of an exchange with GitHub. Holds neither a token nor a body that was sent. */
export class GitHubError extends Error {
  override readonly name = 'GitHubError'
  readonly kind: ErrorKind
  /** The HTTP status; null when there was no answer. */
  readonly status: number | null
  /** The earliest moment at which asking again is welcome; only for `rate-limited`. */
  readonly retryAt: Date | null
  /** Which limit was met: `primary` ends at a known moment, `secondary` should be waited for longer each time. */
  readonly limit: 'primary' | 'secondary' | null
  /** Whether GitHub itself named that moment. */
  readonly named: boolean
  /** What GitHub's clock said; null when it did not. */
  readonly serverTime: Date | null

  constructor(
    kind: ErrorKind,
    message: string,
    facts: {
      readonly status?: number | null
      readonly retryAt?: Date | null
      readonly limit?: 'primary' | 'secondary' | null
      readonly named?: boolean
      readonly serverTime?: Date | null
    } = {},
  ) {
    super(message)
    this.kind = kind
    this.status = facts.status ?? null
    this.retryAt = facts.retryAt ?? null
    this.limit = facts.limit ?? null
    this.named = facts.named ?? false
    this.serverTime = facts.serverTime ?? null
  }
}

/** Whether an exchange failed in one of these ways. */
export function failedWith(error: unknown, ...kinds: readonly ErrorKind[]): error is GitHubError {
  return error instanceof GitHubError && kinds.includes(error.kind)
}

/** Whether what was asked for may have been done although the answer says otherwise, or says nothing. */
export function mayHaveBeenDone(error: unknown): error is GitHubError {
  return failedWith(error, 'transient', 'garbled')
}

/** An answer of GitHub's, or the lack of one. */
export interface Failure {
  readonly route: string
  readonly status: number | null
  readonly headers: Readonly<Record<string, string | number | undefined>>
  /** What GitHub said, or what the connection did. */
  readonly said: string
}

/** Tells failures apart. `now` is this machine's clock in milliseconds. */
export function classify(failure: Failure, now: number): GitHubError {
  const { status, headers, said } = failure
  const facts = { status, serverTime: serverTimeOf(headers) }
  const fails = (kind: ErrorKind): GitHubError => new GitHubError(kind, messageOf(failure), facts)
  if (status === null || status >= 500 || status === 408) return fails('transient')
  if (status === 429 || (status === 403 && isLimit(failure))) {
    const limit = limitOf(failure)
    const named = limit === 'primary' || headers['retry-after'] !== undefined
    return new GitHubError('rate-limited', messageOf(failure), {
      ...facts,
      limit,
      named,
      retryAt: retryAt(failure, now),
    })
  }
  if (status === 403) return fails(/suspended|access blocked/i.test(said) ? 'suspended' : 'forbidden')
  if (status === 401) return fails('unauthorized')
  if (status === 404) return fails('not-found')
  if (status === 410 || status === 451) return fails('gone')
  return fails(status >= 400 ? 'unprocessable' : 'garbled')
}

/** GitHub asks for at least a minute where it names no moment (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
const LEAST_WAIT = 60_000
/** A limit lasts an hour; a moment that is further away is a broken clock or a broken answer. */
const MOST_WAIT = 3_600_000

function isLimit({ headers, said }: Failure): boolean {
  return headers['retry-after'] !== undefined || isSpent(headers) || /rate limit|abuse detection/i.test(said)
}

function isSpent(headers: Failure['headers']): boolean {
  return Number(headers['x-ratelimit-remaining'] ?? 1) === 0
}

function limitOf({ headers, said }: Failure): 'primary' | 'secondary' {
  return isSpent(headers) && !/secondary/i.test(said) ? 'primary' : 'secondary'
}

function retryAt(failure: Failure, now: number): Date {
  const { headers } = failure
  const after = Number(headers['retry-after'])
  if (headers['retry-after'] !== undefined && Number.isFinite(after)) return within(after * 1_000, now)
  const reset = Number(headers['x-ratelimit-reset'])
  if (limitOf(failure) === 'secondary' || !Number.isFinite(reset)) return within(LEAST_WAIT, now)
  // Both moments are GitHub's, so that a clock that goes wrong here does not matter; a second for what is rounded off.
  const server = serverTimeOf(headers)?.getTime() ?? now
  return within(reset * 1_000 - server + 1_000, now)
}

function within(wait: number, now: number): Date {
  return new Date(now + Math.min(Math.max(wait, 1_000), MOST_WAIT))
}

function serverTimeOf(headers: Failure['headers']): Date | null {
  const time = Date.parse(String(headers['date'] ?? ''))
  return Number.isNaN(time) ? null : new Date(time)
}

const LONGEST_MESSAGE = 300

function messageOf({ route, status, said }: Failure): string {
  const text = said.replace(/\s+/g, ' ').trim().slice(0, LONGEST_MESSAGE)
  return `${route}: ${status === null ? '' : `${status} `}${text === '' ? 'no reason given' : text}`
}
