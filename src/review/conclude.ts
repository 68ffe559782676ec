import type { Approval } from '../model/consent.js'
import type { Rehearsal } from '../model/evidence.js'
import type { Conclusion, Gate, Review, Verdict } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import { type Circumstances, ON_ITS_OWN } from './circumstances.js'
import { gatesOf } from './gates.js'
import { withIgnores } from './ignore.js'
import { rowNotes } from './row-notes.js'

/** What was found, on which a verdict rests. */
export type Parts = Omit<Review, 'gates' | 'verdict' | 'conclusion' | 'approval' | 'clashes'>

/**
 * Concludes a review. This is the only place where a pass can be made. The verdict is monotone: a further finding, note or
 * failed rehearsal never makes it better. What waits for agreement passes with one to this very text; what fails, and what
 * could not be seen, never does.
 */
export function conclude(parts: Parts, settings: Settings, circumstances: Circumstances = ON_ITS_OWN): Review {
  const notes = [...parts.notes, ...parts.rehearsals.flatMap((rehearsal) => rowNotes(rehearsal, parts.findings))]
  return decided({ ...parts, notes }, settings, circumstances)
}

/** The same review in other circumstances: somebody has agreed, or taken it back, or set a finding aside. Its code stays. */
export function reconsider(review: Review, settings: Settings, circumstances: Omit<Circumstances, 'code'>): Review {
  return decided(review, settings, { ...circumstances, code: review.approval.code })
}

function decided(found: Parts, settings: Settings, circumstances: Circumstances): Review {
  const { pull, projects, migrations, rehearsals, notes } = found
  const findings = withIgnores(found.findings, circumstances.ignores, circumstances.today)
  const parts = { pull, projects, migrations, rehearsals, notes, findings }
  const { gates, approval } = gatesOf(parts, settings, circumstances)
  const verdict = verdictOf(gates, parts, approval)
  return { ...parts, clashes: circumstances.clashes, approval, gates, verdict, conclusion: CONCLUSIONS[verdict] }
}

const CONCLUSIONS: Readonly<Record<Verdict, Conclusion>> = {
  pass: 'success',
  approval: 'action_required',
  block: 'failure',
}

/** The verdict that gates, notes and findings allow. */
export function verdictOf(
  gates: readonly Gate[],
  parts: Pick<Parts, 'notes' | 'findings'>,
  { given }: Pick<Approval, 'given'>,
): Verdict {
  const stopped = gates.some(({ status }) => status === 'fail' || status === 'inconclusive')
  const withheld = parts.notes.some(({ bearing }) => bearing === 'withholds')
  const open = parts.findings.filter(({ allowed }) => allowed === null)
  if (stopped || withheld || open.some(({ severity }) => severity === 'error')) return 'block'
  const waiting = gates.some(({ status }) => status === 'needs-approval')
  const agreed = given.some(({ kinds }) => kinds.includes('data'))
  return waiting || (!agreed && open.some(({ severity }) => severity === 'approval')) ? 'approval' : 'pass'
}

/** Whether a rehearsal that did run speaks against the change. */
export function failed({ verdict }: Rehearsal): boolean {
  return !['reversible', 'no-down', 'not-run'].includes(verdict)
}
