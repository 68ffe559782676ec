import type { Limits } from './limits.js'
import type { Lookups } from './lookups.js'
import { pageOf } from './page.js'
import { openTemplates, type Templates } from './render.js'
import type { Reporter } from './reporter.js'
import { withoutRunnerCommands } from './untrusted.js'
import { viewOf } from './view.js'

/** GitHub refuses a longer text (https://docs.github.com/rest/checks/runs). */
export const LONGEST_MARKDOWN = 65_535

/**
 * How much is shown: tried in turn until the text is short enough. What is left out is counted in it, or said. Lists are
 * shortened first; then whole parts go, in the order of `PARTS`: the picture, the schema change, the statements, the locks
 * and, last, the rollback plan.
 */
const LIMITS: readonly Limits[] = [
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

/** Markdown for a check run, a comment or a job summary: at most 25 lines to read, the rest folded. */
export function markdown(lookups: Pick<Lookups, 'describe'>, templates: Templates = openTemplates()): Reporter<string> {
  return {
    id: 'markdown',
    render: (review) => {
      const view = viewOf(review, lookups)
      let output = ''
      for (const limits of LIMITS) {
        output = withoutRunnerCommands(templates.render('check-run', pageOf(view, limits)))
        if (output.length <= LONGEST_MARKDOWN) break
      }
      return output
    },
  }
}
