import { fitted } from './fit.js'
import type { Lookups } from './lookups.js'
import { openTemplates, type Templates } from './render.js'
import type { Reporter } from './reporter.js'
import { viewOf } from './view.js'

/** GitHub refuses a longer text (https://docs.github.com/rest/checks/runs). */
export const LONGEST_MARKDOWN = 65_535

/** Markdown for a job summary or a file: at most 25 lines to read, the rest folded. */
export function markdown(lookups: Pick<Lookups, 'describe'>, templates: Templates = openTemplates()): Reporter<string> {
  return {
    id: 'markdown',
    render: (review) => {
      const output = fitted(templates, 'check-run', viewOf(review, lookups), LONGEST_MARKDOWN)
      if (output === null) throw new Error('a report does not become short enough')
      return output
    },
  }
}
