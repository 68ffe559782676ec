import { writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { withPostgres } from '../support/postgres-binaries.js'
import { chaos, type ChaosOptions } from './chaos.js'

/** `npm run test:chaos` says more than this in the environment. */
const { DBA_CHAOS_SEED, DBA_CHAOS_MINUTES, DBA_CHAOS_OUTCOME } = process.env
const minutes = Number(DBA_CHAOS_MINUTES ?? 0)

const SHORT: Omit<ChaosOptions, 'programs' | 'say'> = {
  seed: Number(DBA_CHAOS_SEED ?? 1),
  milliseconds: 7_000,
  pace: { people: 300, weather: 900, machines: 2_500 },
  hard: false,
  longestStop: 2_000,
  patience: 90_000,
}
const LONG: typeof SHORT = {
  ...SHORT,
  milliseconds: minutes * 60_000,
  pace: { people: 1_500, weather: 4_000, machines: 12_000 },
  hard: true,
  longestStop: 40_000,
  patience: 600_000,
}

await withPostgres(18, (programs) => {
  const options = minutes > 0 ? LONG : SHORT
  test(
    `whatever fails, nothing is lost, nothing is there twice, and nothing is green that should not be (seed ${options.seed})`,
    async () => {
      const happened: string[] = []
      const say = (line: string): void => {
        happened.push(line)
        if (minutes > 0) process.stderr.write(`${line}\n`)
      }
      const { log, figures, ...outcome } = await chaos({ ...options, programs, say })
      const found = { seed: options.seed, figures, ...outcome, happened, log }
      if (DBA_CHAOS_OUTCOME !== undefined) writeFileSync(DBA_CHAOS_OUTCOME, JSON.stringify(found, null, 1))
      // It would be no test if nothing had happened.
      expect(figures['pull requests']).toBeGreaterThan(3)
      expect(figures['webhooks lost']).toBeGreaterThan(0)
      expect(figures['slowest end, ms']).toBeLessThan(25_000)
      expect({ ...outcome, happened: [] }).toEqual({
        lost: [],
        unanswered: [],
        wrongGreen: [],
        duplicates: [],
        inProgress: [],
        violations: [],
        restless: [],
        badExits: [],
        happened: [],
      })
    },
    options.milliseconds + 2 * options.patience + 120_000,
  )
})
