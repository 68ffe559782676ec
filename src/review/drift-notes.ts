import type { Rehearsal } from '../model/evidence.js'
import type { Note } from '../model/note.js'

/** The end of a long list is for the tool itself to show. */
const LONGEST = 600

/** Where the team's models and its migrations part, as the team's own tool sees it. It informs: the migrations are what is judged. */
export function driftNotes(rehearsals: readonly Pick<Rehearsal, 'native'>[]): readonly Note[] {
  return rehearsals.flatMap(({ native }) => {
    if (native?.drift === undefined || native.drift.kind === 'none') return []
    const message =
      native.drift.kind === 'differs'
        ? `${native.tool}: the models are not what the migrations make: ${shorten(native.drift.said)}`
        : `${native.tool}: whether the models are what the migrations make is not known: ${shorten(native.drift.reason)}`
    return [{ message, at: null, bearing: 'informs' as const }]
  })
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`
}
