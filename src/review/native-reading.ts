import type { NativeProof, Rehearsal } from '../model/evidence.js'
import type { Gate, GateName } from '../model/review.js'

type Reading = Omit<Gate, 'gate'>

/**
 * What the run of the team's own tool says to a gate. It can only speak against a change: where it goes well it stands
 * beside the rehearsal as evidence, and what the rehearsal could not do stays undone.
 */
export function nativeReading(gate: GateName, { revision, native }: Rehearsal): readonly Reading[] {
  if (native === undefined) return []
  const about = `${revision.id}, by ${native.tool}`
  if (FAILS[native.outcome] === gate) {
    return [{ status: 'fail', detail: `${about}: ${native.reason ?? native.outcome}` }]
  }
  if (gate !== gateOf(native)) return []
  if (native.verdict === 'not-run') {
    return [{ status: 'inconclusive', detail: `${about}: not run: ${native.reason ?? 'no reason given'}` }]
  }
  if (native.verdict !== 'differs') return []
  return [{ status: 'inconclusive', detail: `${about}: other than in the rehearsal: ${native.reason ?? 'it differs'}` }]
}

/** Which gate the tool's own run does not get through. */
const FAILS: Partial<Record<NativeProof['outcome'], GateName>> = {
  'up-fails': 'forward',
  'down-fails': 'rollback',
  'leaves-residue': 'rollback',
  'reapply-fails': 're-apply',
}

/** Which gate stays open for a run that proves nothing, or something else than the rehearsal. */
function gateOf({ lines }: NativeProof): GateName {
  return lines.length > 0 && lines.every((line) => line.startsWith('after down: ')) ? 'rollback' : 'forward'
}
