import type { SourceComment } from '../model/migration.js'
import type { SuppressionFault } from '../rules/rule.js'
import type { Span } from '../source/span.js'

/** A comment `dba:allow RULE[, RULE…] reason`: allows those rules' findings on its own line or on the statement below it. */
export interface Allowance {
  readonly at: Span
  /** The comment without its mark. */
  readonly text: string
  /** Empty where there is a fault for which it is not heeded. */
  readonly rules: readonly string[]
  readonly reason: string | null
  readonly fault: SuppressionFault | null
}

const MARK = /^dba:allow(?![\w-])\s*(.*)$/is
/** What somebody writes who takes another tool's habits along, or mistypes. */
const ALMOST = /^(dba[:-](?:allow|ignore|disable|skip|suppress|nolint)[\w-]*|dba:?\s+allow(?=\s+[a-z]+-[a-z-]+\b))/i
const RULE = /^[a-z][a-z0-9-]*$/
const ALL = /^(\*|all|any|everything)$/i
/** Who allows more rules than that at once has not looked at each. */
const MOST_RULES = 5

/** The allowances among a file's comments; one that allows nothing, for its fault, is returned too. */
export function allowances(comments: readonly SourceComment[]): readonly Allowance[] {
  return comments.flatMap(({ text: raw, span: at }): readonly Allowance[] => {
    const text = raw.trim()
    const rest = MARK.exec(text)?.[1]
    if (rest !== undefined) return [{ at, text, ...read(rest) }]
    const written = ALMOST.exec(text)?.[0]
    return written === undefined ? [] : [{ at, text, ...unheeded({ kind: 'unheard', written }) }]
  })
}

function read(rest: string): Pick<Allowance, 'rules' | 'reason' | 'fault'> {
  const [first, ...words] = rest
    .replace(/\s*,\s*/g, ',')
    .split(/\s+/)
    .filter((word) => word !== '')
  const names = (first ?? '').split(',').filter((name) => name !== '')
  if (names.length === 0) return unheeded({ kind: 'nameless' })
  const all = names.find((name) => ALL.test(name))
  if (all !== undefined) return unheeded({ kind: 'wide', written: all })
  if (names.length > MOST_RULES) return unheeded({ kind: 'wide', written: `${names.length} rules` })
  const strange = names.find((name) => !RULE.test(name))
  const reason = words.join(' ').replace(/^[-—:]+\s*/, '')
  return {
    rules: names.filter((name) => RULE.test(name)),
    reason: reason === '' ? null : reason,
    fault: strange === undefined ? null : { kind: 'unknown', written: strange, meant: [] },
  }
}

function unheeded(fault: SuppressionFault): Pick<Allowance, 'rules' | 'reason' | 'fault'> {
  return { rules: [], reason: null, fault }
}

/** Whether an allowance speaks of a place: the finding's own lines, its statement's, or the line just above either. */
export function covers(allowance: Pick<Allowance, 'at'>, finding: Span, statement: Span | null): boolean {
  return [finding, ...(statement ? [statement] : [])].some(
    (place) =>
      place.path === allowance.at.path &&
      allowance.at.end.line >= place.start.line - 1 &&
      allowance.at.start.line <= place.end.line,
  )
}
