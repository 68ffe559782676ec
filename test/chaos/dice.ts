import { seeded, type Random } from '../support/github/index.js'

/** Choices that a seed decides. */
export interface Dice {
  /** True so often, of 1. */
  chance(part: number): boolean
  /** From `least` to `most`, both whole and included. */
  whole(least: number, most: number): number
  /** One of them; undefined of none. */
  one<Item>(items: readonly Item[]): Item | undefined
  hex(digits: number): string
}

export function dice(seed: number): Dice {
  const random: Random = seeded(seed)
  const whole = (least: number, most: number): number => least + Math.floor(random.next() * (most - least + 1))
  return {
    chance: (part) => random.next() < part,
    whole,
    one: (items) => items[whole(0, items.length - 1)],
    hex: (digits) => Array.from({ length: digits }, () => whole(0, 15).toString(16)).join(''),
  }
}
