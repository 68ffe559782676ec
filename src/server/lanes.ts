/** Who comes first: a person who waits for an answer, then what changed, then who asked again, then what a loop found missing. */
export const LANES = { command: 0, event: 1, rerequest: 2, reconcile: 3 } as const
export type Lane = keyof typeof LANES
