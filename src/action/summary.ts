import type { Review } from '../model/review.js'
import type { Annotation } from '../report/check-run.js'
import { fitted } from '../report/fit.js'
import type { Lookups } from '../report/lookups.js'
import type { Templates } from '../report/render.js'
import { shorten, withoutRunnerCommands } from '../report/untrusted.js'
import { viewOf } from '../report/view.js'
import { code, text } from '../report/render.js'

/** A larger summary is not shown at all (https://docs.github.com/actions/reference/workflow-commands-for-github-actions). */
export const LONGEST_SUMMARY = 1 << 20
/** For what is said beside the report. */
const RESERVED = 64 << 10
const MOST_REMARKS = 100

/**
 * The summary of the step: what was not published, the report, and the remarks for which the log had no room. A report that is too
 * long is shortened in the order that `fit` states. `share` of them have to find room in one step.
 */
export function summaryOf(
  review: Review,
  said: { readonly left: readonly string[]; readonly unshown: readonly Annotation[] },
  lookups: Pick<Lookups, 'describe'>,
  templates: Templates,
  share = 1,
): string {
  const most = Math.floor(LONGEST_SUMMARY / share) - RESERVED
  const report = fitted(templates, 'check-run', viewOf(review, lookups), Math.max(most, RESERVED))
  if (report === null) throw new Error('a report does not become short enough')
  const left = said.left.map((sentence) => `- ${text(shorten(sentence, 500))}`)
  return withoutRunnerCommands(
    [report.trimEnd(), ...section('Not published', left), ...remarks(said.unshown), ''].join('\n'),
  )
}

function remarks(unshown: readonly Annotation[]): readonly string[] {
  const rows = unshown.slice(0, MOST_REMARKS).map(({ path, startLine, title, message }) => {
    const first = message.split('\n')[0] ?? ''
    return `- ${code(`${shorten(path, 200)}:${startLine}`)} ${text(title)}: ${text(shorten(first, 200))}`
  })
  const more = unshown.length - rows.length
  return section('Further remarks', more > 0 ? [...rows, `- … and ${more} more`] : rows)
}

function section(title: string, rows: readonly string[]): readonly string[] {
  return rows.length === 0 ? [] : ['', `### ${title}`, '', ...rows]
}
