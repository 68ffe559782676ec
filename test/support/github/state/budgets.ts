export interface Budget {
  limit: number
  used: number
  /** Seconds since 1970. */
  reset: number
  readonly remaining: number
}

const HOUR = 3_600

/** How many requests each installation has left in this hour. */
export class Budgets {
  readonly #now: () => number
  readonly #limit: () => number
  readonly #budgets = new Map<number, { used: number; reset: number }>()

  constructor(now: () => number, limit: () => number) {
    this.#now = now
    this.#limit = limit
  }

  of(installation: number): Budget {
    const seconds = Math.floor(this.#now() / 1000)
    let found = this.#budgets.get(installation)
    if (!found || found.reset <= seconds) {
      found = { used: 0, reset: seconds + HOUR }
      this.#budgets.set(installation, found)
    }
    const limit = this.#limit()
    return { limit, ...found, remaining: Math.max(0, limit - found.used) }
  }

  /** Counts a request; false when none was left. */
  spend(installation: number): boolean {
    if (this.of(installation).remaining === 0) return false
    const found = this.#budgets.get(installation)
    if (found) found.used++
    return true
  }

  /** An answer that has not changed costs nothing. */
  giveBack(installation: number): void {
    const found = this.#budgets.get(installation)
    if (found && found.used > 0) found.used--
  }

  /** Nothing is left until so many seconds from now. */
  exhaust(installation: number, seconds: number): void {
    const reset = Math.floor(this.#now() / 1000) + seconds
    this.#budgets.set(installation, { used: this.#limit(), reset })
  }
}
