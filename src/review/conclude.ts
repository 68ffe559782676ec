import type { Rehearsal } from '../model/evidence.js'
import type { Conclusion, Gate, Review, Verdict } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { gatesOf } from './gates.js'
import { rowNotes } from './row-notes.js'

/** Everything a verdict rests on. */
export type Parts = Omit<Review, 'gates' | 'verdict' | 'conclusion'>

/**
 * Concludes a review. This is the only place where a pass can be made. The verdict is monotone: a further finding, note or
 * failed rehearsal never makes it better.
 */
export function conclude(parts: Parts, settings: Settings): Review {
  const gates = gatesOf(parts, settings)
  const verdict = verdictOf(gates, parts)
  const notes = [...parts.notes, ...parts.rehearsals.flatMap((rehearsal) => rowNotes(rehearsal, parts.findings))]
  return { ...parts, notes, gates, verdict, conclusion: CONCLUSIONS[verdict] }
}

const CONCLUSIONS: Readonly<Record<Verdict, Conclusion>> = {
  pass: 'success',
  approval: 'action_required',
  block: 'failure',
}

/** The verdict that gates, notes and findings allow. */
export function verdictOf(gates: readonly Gate[], parts: Pick<Parts, 'notes' | 'findings'>): Verdict {
  const stopped = gates.some(({ status }) => status === 'fail' || status === 'inconclusive')
  const withheld = parts.notes.some(({ bearing }) => bearing === 'withholds')
  const open = parts.findings.filter(({ allowed }) => allowed === null)
  if (stopped || withheld || open.some(({ severity }) => severity === 'error')) return 'block'
  const waiting = gates.some(({ status }) => status === 'needs-approval')
  return waiting || open.some(({ severity }) => severity === 'approval') ? 'approval' : 'pass'
}

/** Whether a rehearsal that did run speaks against the change. */
export function failed({ verdict }: Rehearsal): boolean {
  return !['reversible', 'no-down', 'not-run'].includes(verdict)
}
