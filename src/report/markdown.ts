import type { Lookups } from './lookups.js'
import { type Limits, pageOf } from './page.js'
import { openTemplates, type Templates } from './render.js'
import type { Reporter } from './reporter.js'
import { withoutRunnerCommands } from './untrusted.js'
import { viewOf } from './view.js'

/** GitHub refuses a longer text (https://docs.github.com/rest/checks/runs). */
export const LONGEST_MARKDOWN = 65_535

/** How much is shown: tried in turn until the text is short enough. What is left out is counted in it. */
const LIMITS: readonly Limits[] = [
  { visible: 3, folded: 100, text: 300, block: 40 },
  { visible: 3, folded: 30, text: 200, block: 20 },
  { visible: 3, folded: 10, text: 120, block: 10 },
  { visible: 1, folded: 2, text: 80, block: 5 },
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
