import { NOT_BY_COMMENT, type Finding } from '../model/finding.js'
import type { Script, SourceComment } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Rule, Suppression, SuppressionFault } from '../rules/rule.js'
import { nearest } from '../source/nearest.js'
import { allowances, covers, type Allowance } from './allow.js'
import { ask, type Panel } from './ask.js'
import type { Raised } from './settle.js'

/** What else is known of the comments. */
export interface Bearings {
  /**
   * Whether one rule of a comment is of use to what is `elsewhere`, only these findings `decide` whether it is of any, or
   * others have been `asked` about it.
   */
  readonly bearing: (allowance: Pick<Allowance, 'at' | 'reason'>, rule: string) => 'elsewhere' | 'decide' | 'asked'
  /** Whether the pull request writes a comment into a file that the base has as an applied migration. */
  readonly late: (allowance: Allowance) => boolean
  /** Ids of all rules that there are, in force or not. */
  readonly known: readonly string[]
  /** Whether what is wrong with the comments themselves has been said before. */
  readonly again: boolean
}

/**
 * Settles the findings, marks those that a comment allows, then asks the rules about the comments themselves. An allowed
 * finding stays in the list. A comment that comes late is not heeded.
 */
export function applyAllowances(
  panel: Panel,
  comments: readonly SourceComment[],
  settleAll: () => readonly Finding[],
  bearings: Bearings,
): { readonly findings: readonly Finding[]; readonly notes: readonly Note[] } {
  const found = allowances(comments)
  const notes: Note[] = []
  for (const allowance of found) {
    const matches = panel.raised.filter((raised) => speaksOf(allowance, raised))
    const reasons = new Set(matches.flatMap(({ rule }) => refusal(rule) ?? []))
    for (const reason of reasons) {
      const names = allowance.rules.join(', ')
      notes.push({ message: `dba:allow ${names} has no effect: ${reason}`, at: allowance.at, bearing: 'informs' })
    }
    const suppression = suppressionOf(allowance, matches, bearings)
    if (suppression === null) continue
    const occasion = { table: null, direction: null, migration: null, statement: null, at: allowance.at }
    for (const seat of panel.on('suppression')) {
      ask(panel, seat, occasion, suppression, {})
    }
  }
  const heeded = found.filter((allowance) => allowance.reason !== null && !bearings.late(allowance))
  const raised = panel.raised
  const findings = settleAll().map((finding) => {
    const origin = raised.find(({ rule, problem }) => rule.meta.id === finding.rule && problem.at === finding.at)
    if (origin === undefined || refusal(origin.rule) !== null) return finding
    const by = heeded.find((allowance) => speaksOf(allowance, origin))
    return by?.reason ? { ...finding, allowed: { by: 'comment' as const, reason: by.reason } } : finding
  })
  return { findings, notes }
}

/** The comments of some scripts. Where one file holds both directions, each script lists those of the whole file. */
export function commentsOf(scripts: readonly Script[]): readonly SourceComment[] {
  const comments = scripts.flatMap((script) => (script.kind === 'script' ? script.comments : []))
  return [...new Map(comments.map((comment) => [JSON.stringify(comment.span), comment])).values()]
}

/** What rules are told of a comment; null when others have been asked about all of it. */
function suppressionOf(
  allowance: Allowance,
  matches: readonly Raised[],
  { bearing, late, known, again }: Bearings,
): Suppression | null {
  const { at, rules, reason } = allowance
  const uses = rules.map((rule) => {
    const found = matches.some(({ rule: { meta } }) => meta.id === rule)
    const by = bearing(allowance, rule)
    return { rule, asked: by === 'asked', used: found || by === 'elsewhere' }
  })
  const open = uses.filter(({ asked }) => !asked)
  if (rules.length > 0 && open.length === 0) return null
  const stranger = rules.find((rule) => !known.includes(rule))
  const written = allowance.fault?.kind === 'unknown' ? allowance.fault.written : stranger
  const fault: SuppressionFault | null = again
    ? null
    : written === undefined
      ? allowance.fault
      : { kind: 'unknown', written, meant: nearest(written, known, 1) }
  const isLate = late(allowance)
  // One that is not heeded anyway, or whose name is the mistake, has been told so.
  const unused = open.filter(({ rule, used }) => !used && !isLate && rule !== stranger).map(({ rule }) => rule)
  return { at, rules, reason, unused, used: open.some(({ used }) => used), fault, late: !again && isLate }
}

/** Why a comment cannot allow what a rule finds; null when it can. */
function refusal({ meta }: Rule): string | null {
  if (NOT_BY_COMMENT.has(meta.family)) return 'this needs a named person, not a comment'
  return meta.proven === true ? 'the rehearsal has seen it happen' : null
}

function speaksOf(allowance: Allowance, { rule, problem, statement }: Raised): boolean {
  return allowance.rules.includes(rule.meta.id) && covers(allowance, problem.at, statement)
}
