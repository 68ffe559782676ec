import type { Exchange } from './log.js'
import { seeded, type Random } from '../state/random.js'

type When = 'before' | 'after'

/** How a route misbehaves; `after` means that the request has been carried out all the same. */
export type Misbehaviour =
  | { readonly before: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
  | { readonly after: number; readonly headers?: Readonly<Record<string, string>>; readonly message?: string }
  /** `primary`: nothing is left of this hour, for so many seconds. `secondary`: with or without `retry-after`. */
  | { readonly limit: 'primary'; readonly reset: number; readonly status?: 403 | 429 }
  | { readonly limit: 'secondary'; readonly retryAfter?: number; readonly status?: 403 | 429 }
  /** Takes the request and never answers, or not to the end. */
  | { readonly hang: When | 'midway' }
  /** Closes the connection. */
  | { readonly cut: When }
  /** 200 with what is no answer: a page of HTML, half of the JSON, nothing, or JSON of another shape. */
  | { readonly garbage: 'html' | 'half' | 'empty' | 'other' }
  /**
   * A list whose rest is not told of, one that gives the page before once more, and one of which an entry went while it
   * was read, so that each later page begins one entry too late.
   */
  | { readonly page: 'truncated' | 'repeated' | 'drifting' }
  | { readonly slow: number }
  /** Waits until `release()` is called: `reached` tells that it has come so far. */
  | { readonly hold: When }

export type FaultPlan = Misbehaviour & {
  /** Such as `POST /repos/{owner}/{repo}/check-runs`, or an expression over it. All routes by default. */
  readonly route?: string | RegExp
  /** How often; without end by default. */
  readonly times?: number
  /** How many requests go well first. */
  readonly skip?: number
  /** Every third, say. */
  readonly every?: number
  /** Which part of the requests, decided by `seed`. */
  readonly chance?: number
  readonly seed?: number
  /** Only for requests of which this is true. */
  readonly when?: (request: { readonly method: string; readonly path: string; readonly body: unknown }) => boolean
}

/** A fault that was planned. */
export class Fault {
  readonly plan: FaultPlan
  /** Resolves when a request is first struck. */
  readonly reached: Promise<void>
  /** The requests that it has struck. */
  readonly struck: Exchange[] = []
  removed = false
  readonly #random: Random
  readonly #released: Promise<void>
  #seen = 0
  #reach: () => void = () => {}
  #release: () => void = () => {}

  constructor(plan: FaultPlan) {
    this.plan = plan
    this.#random = seeded(plan.seed ?? 1)
    this.reached = new Promise((resolve) => (this.#reach = resolve))
    this.#released = new Promise((resolve) => (this.#release = resolve))
  }

  get hits(): number {
    return this.struck.length
  }

  /** Whether it strikes this request, which it then counts. */
  strikes(route: string, request: Exchange): boolean {
    const { plan } = this
    const wanted = typeof plan.route === 'string' ? plan.route === route : (plan.route?.test(route) ?? true)
    if (this.removed || !wanted || plan.when?.(request) === false) return false
    this.#seen++
    if (this.#seen <= (plan.skip ?? 0) || this.struck.length >= (plan.times ?? Infinity)) return false
    if (plan.every !== undefined && this.#seen % plan.every !== 0) return false
    if (plan.chance !== undefined && this.#random.next() >= plan.chance) return false
    this.struck.push(request)
    this.#reach()
    return true
  }

  remove(): void {
    this.removed = true
    this.release()
  }

  release(): void {
    this.#release()
  }

  get released(): Promise<void> {
    return this.#released
  }
}
