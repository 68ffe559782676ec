/** How many things a message names. */
const NAMED = 6

/** The first few of some things, and how many more there are. */
export function listed(things: readonly string[]): string {
  const more = things.length > NAMED ? `; and ${things.length - NAMED} more` : ''
  return things.slice(0, NAMED).join('; ') + more
}
