/** Thrown where following the Python takes more than anybody's migration needs. */
export class Exhausted extends Error {}

/** Counts the parts of a value that are visited: a value may hold another one many times over, or itself. */
export interface Fuel {
  left: number
}

/** More parts than any value has that a migration means. */
const MOST_PARTS = 200_000

export function fuel(): Fuel {
  return { left: MOST_PARTS }
}

/** Counts one part. */
export function burn(tank: Fuel): void {
  tank.left -= 1
  if (tank.left < 0) throw new Exhausted('a value has too many parts')
}
