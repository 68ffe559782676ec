import { dice, type Dice } from './dice.js'

/** Something that is to happen. */
export interface Step {
  /** Milliseconds since the beginning. */
  readonly at: number
  readonly who: 'people' | 'weather' | 'machines'
  /** What decides the rest of it. */
  readonly dice: Dice
}

/** How often things happen, in milliseconds from one to the next on average. */
export interface Pace {
  readonly people: number
  readonly weather: number
  readonly machines: number
}

/** What happens within so many milliseconds, all of it decided by the seed. */
export function planOf(seed: number, milliseconds: number, pace: Pace): readonly Step[] {
  const chooser = dice(seed)
  const steps: Step[] = []
  for (const who of ['people', 'weather', 'machines'] as const) {
    const every = pace[who]
    const wait = (): number => chooser.whole(Math.ceil(every / 2), Math.floor(every * 1.5))
    for (let at = wait(); at < milliseconds; at += wait()) {
      steps.push({ at, who, dice: dice(chooser.whole(1, 2 ** 31)) })
    }
  }
  return steps.sort((a, b) => a.at - b.at)
}
