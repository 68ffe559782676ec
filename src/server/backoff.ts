/** After how many failures a subject is given up. */
export const MOST_ATTEMPTS = 6

const FIRST_MILLISECONDS = 5_000
const LONGEST_MILLISECONDS = 300_000

/**
 * How long to wait after the failure of that number, the first being 1: twice as long each time up to five minutes, half more or
 * less, so that what failed together does not come back together. `random` is from 0 to 1.
 */
export function backoff(failures: number, random: number): number {
  const steady = FIRST_MILLISECONDS * 2 ** Math.min(Math.max(failures, 1) - 1, 16)
  return Math.round(Math.min(steady * (0.5 + random), LONGEST_MILLISECONDS))
}
