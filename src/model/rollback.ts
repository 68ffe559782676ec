import type { Rehearsal } from './evidence.js'
import type { Script } from './migration.js'

/** `shown`: it ran and brought everything back. `partly`: it ran, and something is missing or could not be looked at. */
export type Worth = 'shown' | 'partly' | 'fails' | 'unknown' | 'none'

/** How a way back is graded: proven; not, or not in full; not there, or broken. */
export type Grade = 'green' | 'yellow' | 'red'

/** What a rehearsal shows a way back to be worth. */
export function worthOf(down: Script, rehearsal: Rehearsal | null): Worth {
  if (down.kind === 'absent' || down.kind === 'irreversible') return 'none'
  if (rehearsal === null) return 'unknown'
  const { verdict, skipped, between, window } = rehearsal
  switch (verdict) {
    case 'reversible': {
      const kept = between === null || between.outcome === 'kept'
      return skipped.length === 0 && kept && window === null ? 'shown' : 'partly'
    }
    case 'loses-data':
    case 'reapply-fails':
      return 'partly'
    case 'leaves-residue':
    case 'down-fails':
      return 'fails'
    case 'up-fails':
    case 'not-run':
      return 'unknown'
    case 'no-down':
      return 'none'
  }
}

export const GRADES: Readonly<Record<Worth, Grade>> = {
  shown: 'green',
  partly: 'yellow',
  unknown: 'yellow',
  fails: 'red',
  none: 'red',
}
