import type { SourceComment } from '../model/migration.js'
import type { Span } from '../source/span.js'

/** A comment `dba:allow RULE[, RULE…] reason`: allows those rules' findings on its own line or on the statement below it. */
export interface Allowance {
  readonly at: Span
  readonly rules: readonly string[]
  readonly reason: string | null
}

const MARK = /^dba:allow\b\s*(.*)$/is
const RULE = /^[a-z][a-z0-9-]*$/

/** The allowances among a file's comments; a comment that names no rule allows nothing and is still returned. */
export function allowances(comments: readonly SourceComment[]): readonly Allowance[] {
  return comments.flatMap((comment) => {
    const rest = MARK.exec(comment.text.trim())?.[1]
    if (rest === undefined) return []
    const words = rest
      .replace(/\s*,\s*/g, ',')
      .split(/\s+/)
      .filter((word) => word !== '')
    const rules = (words[0] ?? '').split(',').filter((word) => RULE.test(word))
    const reason = words
      .slice(1)
      .join(' ')
      .replace(/^[-—:]+\s*/, '')
    return [{ at: comment.span, rules, reason: reason === '' ? null : reason }]
  })
}

/** Whether an allowance speaks of a place: the finding's own lines, its statement's, or the line just above either. */
export function covers(allowance: Allowance, finding: Span, statement: Span | null): boolean {
  return [finding, ...(statement ? [statement] : [])].some(
    (place) =>
      place.path === allowance.at.path &&
      allowance.at.end.line >= place.start.line - 1 &&
      allowance.at.start.line <= place.end.line,
  )
}
