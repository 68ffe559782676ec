import { NOT_BY_COMMENT, type Finding } from '../model/finding.js'
import type { Script } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Rule } from '../rules/rule.js'
import { allowances, covers, type Allowance } from './allow.js'
import { ask, type Panel } from './ask.js'
import type { Raised } from './settle.js'

/**
 * Settles the findings, marks those that a comment allows, then asks the rules about the comments themselves. An allowed
 * finding stays in the list. `bearing` says what else is known of a comment: that it is of use to what is `elsewhere`, that
 * only these findings `decide`, or that others have been `asked` about it.
 */
export function applyAllowances(
  panel: Panel,
  scripts: readonly Script[],
  settleAll: () => readonly Finding[],
  bearing: (allowance: Allowance) => 'elsewhere' | 'decide' | 'asked',
): { readonly findings: readonly Finding[]; readonly notes: readonly Note[] } {
  const found = inScripts(scripts)
  const notes: Note[] = []
  for (const allowance of found) {
    const matches = panel.raised.filter((raised) => speaksOf(allowance, raised))
    const reasons = new Set(matches.flatMap(({ rule }) => refusal(rule) ?? []))
    for (const reason of reasons) {
      const names = allowance.rules.join(', ')
      notes.push({ message: `dba:allow ${names} has no effect: ${reason}`, at: allowance.at, bearing: 'informs' })
    }
    const known = bearing(allowance)
    if (known === 'asked') continue
    const used = matches.length > 0 || known === 'elsewhere'
    const suppression = { at: allowance.at, rules: allowance.rules, reason: allowance.reason, used }
    const occasion = { table: null, direction: null, migration: null, statement: null, at: allowance.at }
    for (const rule of panel.on('suppression')) {
      ask(panel, rule, occasion, (options) => rule.check.suppression?.(suppression, { options }))
    }
  }
  const raised = panel.raised
  const findings = settleAll().map((finding) => {
    const origin = raised.find(({ rule, problem }) => rule.meta.id === finding.rule && problem.at === finding.at)
    if (origin === undefined || refusal(origin.rule) !== null) return finding
    const by = found.find((allowance) => allowance.reason !== null && speaksOf(allowance, origin))
    return by?.reason ? { ...finding, allowed: { by: 'comment' as const, reason: by.reason } } : finding
  })
  return { findings, notes }
}

/** Why a comment cannot allow what a rule finds; null when it can. */
function refusal({ meta }: Rule): string | null {
  if (NOT_BY_COMMENT.has(meta.family)) return 'this needs a named person, not a comment'
  return meta.proven === true ? 'the rehearsal has seen it happen' : null
}

function inScripts(scripts: readonly Script[]): readonly Allowance[] {
  const comments = scripts.flatMap((script) => (script.kind === 'script' ? script.comments : []))
  // Where one file holds both directions, each script lists the comments of the whole file.
  const distinct = new Map(comments.map((comment) => [JSON.stringify(comment.span), comment]))
  return allowances([...distinct.values()])
}

function speaksOf(allowance: Allowance, { rule, problem, statement }: Raised): boolean {
  return allowance.rules.includes(rule.meta.id) && covers(allowance, problem.at, statement)
}
