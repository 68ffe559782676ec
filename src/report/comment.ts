import type { Review } from '../model/review.js'
import type { Extras } from './extras.js'
import { fitted } from './fit.js'
import type { Lookups } from './lookups.js'
import { openTemplates, type Templates } from './render.js'
import { viewOf } from './view.js'

/** Stands in each sticky comment, unseen. Anybody can write it: it says which comment is meant, never whose it is. */
export const COMMENT_MARK = '<!-- dba:review -->'

/** GitHub refuses a longer body. */
const LONGEST_BODY = 65_536

/**
 * The comment of a review: at most 25 lines to read, the rest folded. What is too long is shortened in the order that `fit`
 * states; a review without findings says that all is well.
 */
export function commentOf(
  review: Review,
  extras: Extras,
  lookups: Pick<Lookups, 'describe'>,
  templates: Templates = openTemplates(),
): string {
  const body = fitted(templates, 'comment', viewOf(review, lookups), LONGEST_BODY - COMMENT_MARK.length - 1, extras)
  if (body === null) throw new Error('a comment does not become short enough')
  return `${COMMENT_MARK}\n${body}`
}

/** Whether there is something in a review that its author should read. */
export function hasNews({ findings, notes, verdict }: Review): boolean {
  const unseen = notes.some(({ bearing }) => bearing === 'withholds')
  return verdict !== 'pass' || unseen || findings.some(({ allowed }) => allowed === null)
}
