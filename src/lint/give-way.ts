import { SEVERITIES, type Finding } from '../model/finding.js'
import { contains, type Span } from '../source/span.js'

/**
 * Which rule gives way to which, where both speak of one operation: what the first would say follows from what the second says.
 * A rule that can tell by itself that another has its case says nothing instead; these cannot.
 */
export const GIVES_WAY: Readonly<Record<string, readonly string[]>> = {
  // It fails on a table that has rows, and on one that has none the index is built in no time.
  'add-primary-key-validating': ['add-required-column'],
  // Who copies the column instead has other statistics to think of, and what is refused throws none away.
  'analyze-missing-after-backfill': [
    'change-column-type-rewrite',
    'alter-type-blocked-by-dependents',
    'type-change-needs-using',
  ],
  // Both ask for one table at a time; the second can tell whose INSERT is the deadlock.
  'wide-lock-window': ['lock-order-inversion'],
}

/** A finding with the statement that it is about. */
export interface Placed {
  readonly finding: Finding
  readonly statement: Span | null
}

/** One finding for each statement and cause: those that give way to none which is at least as severe. */
export function givenWay(placed: readonly Placed[], table = GIVES_WAY): readonly Finding[] {
  return placed
    .filter((mine) => {
      const winners = table[mine.finding.rule] ?? []
      return !placed.some((other) => winners.includes(other.finding.rule) && overrules(other, mine))
    })
    .map(({ finding }) => finding)
}

function overrules(winner: Placed, loser: Placed): boolean {
  const [a, b] = [winner.finding, loser.finding]
  if (winner.statement === null || winner.statement !== loser.statement || a.direction !== b.direction) return false
  if (SEVERITIES.indexOf(a.severity) < SEVERITIES.indexOf(b.severity)) return false
  return contains(a.at, b.at) || contains(b.at, a.at)
}
