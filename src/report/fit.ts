import type { Extras } from './extras.js'
import type { Limits } from './limits.js'
import { pageOf } from './page.js'
import type { Templates } from './render.js'
import { withoutRunnerCommands } from './untrusted.js'
import type { ReviewView } from './view.js'

/**
 * How much is shown: tried in turn until the text is short enough. What is left out is counted in it, or said. Lists are
 * shortened first; then whole parts go, in the order of `PARTS`: the picture, the schema change, the statements, the locks
 * and, last, the rollback plan.
 */
export const LIMITS: readonly Limits[] = [
  { visible: 3, folded: 100, text: 300, block: 40, diff: 300, picture: 15_000, omitted: 0 },
  { visible: 3, folded: 30, text: 200, block: 20, diff: 100, picture: 10_000, omitted: 0 },
  ...[1, 2].map((omitted) => ({
    ...{ visible: 3, folded: 30, text: 200, block: 20, diff: 100, picture: 10_000 },
    omitted,
  })),
  ...[2, 3, 4].map((omitted) => ({
    ...{ visible: 3, folded: 10, text: 120, block: 10, diff: 40, picture: 5_000 },
    omitted,
  })),
  { visible: 1, folded: 2, text: 80, block: 5, diff: 10, picture: 2_000, omitted: 5 },
]

/** The most of a review that fits into so many bytes of Markdown; null when not even the least does. */
export function fitted(
  templates: Templates,
  name: string,
  view: ReviewView,
  most: number,
  extras?: Extras,
): string | null {
  for (const limits of LIMITS) {
    const output = withoutRunnerCommands(templates.render(name, pageOf(view, limits, extras)))
    // GitHub says characters; where it counts bytes after all, this holds too.
    if (Buffer.byteLength(output) <= most) return output
  }
  return null
}

/** The least that can be said of a review. */
export const LEAST: Limits = { visible: 3, folded: 30, text: 200, block: 5, diff: 10, picture: 2_000, omitted: 5 }
