import type { Direction } from '../model/finding.js'
import type { Note } from '../model/note.js'
import type { QualifiedName } from '../model/names.js'
import type { Settings } from '../model/settings.js'
import type { Checks, Problems, Rule } from '../rules/rule.js'
import type { Span } from '../source/span.js'
import { optionsOf, type Raised } from './settle.js'
import { severityOf } from './severity.js'

/** The rules of one review, indexed by what they look at, and what they have raised so far. */
export interface Panel {
  readonly settings: Settings
  /** Rules in force that have a check under this key. */
  readonly on: On
  readonly raised: Raised[]
  readonly notes: Note[]
}
type On = <Key extends keyof AllChecks>(key: Key) => readonly Seat<NonNullable<AllChecks[Key]>>[]
type AllChecks = Checks<string, never>

/** A rule with one of its checks and the options that it is given, looked up once for the many times that it is asked. */
export interface Seat<Check = unknown> {
  readonly rule: Rule
  readonly check: Check
  readonly options: Readonly<Record<string, unknown>>
}

/** Seats the rules that are not off and whose PostgreSQL versions include the target. */
export function seat(rules: readonly Rule[], settings: Settings): Panel {
  const byKey = new Map<string, Seat[]>()
  for (const rule of rules) {
    const { from = 0, until = Infinity } = rule.meta.postgres ?? {}
    if (settings.postgres < from || settings.postgres > until) continue
    if (severityOf(rule.meta, null, settings) === 'off') continue
    const options = optionsOf(rule, settings)
    for (const [key, check] of Object.entries(rule.check)) {
      const seats = byKey.get(key) ?? []
      byKey.set(key, seats)
      seats.push({ rule, check, options })
    }
  }
  // Each check stands under its own key, which the compiler cannot see through a map.
  return { settings, on: ((key) => byKey.get(key) ?? NOBODY) as On, raised: [], notes: [] }
}

const NOBODY: readonly Seat[] = []

/** Where and about what a question is asked. */
export interface Occasion {
  readonly table: QualifiedName | null
  readonly direction: Direction | null
  readonly migration: string | null
  readonly statement: Span | null
  /** Where to say that a rule failed. */
  readonly at: Span | null
}

/** What rules are told of the occasion; each is given its own `options` in it, one after the other. */
export type Told<Context> = Omit<Context, 'options'> & { options?: unknown }

/**
 * Asks one rule about a subject; a rule that throws costs the review its pass, not its life. All rules are told the same
 * `told`: a review asks some hundred thousand times, and a copy for each would cost more than the rules.
 */
export function ask<Subject, Context>(
  panel: Panel,
  { rule, check, options }: Seat<(subject: Subject, context: Context) => Problems<string>>,
  occasion: Occasion,
  subject: Subject,
  told: Told<Context>,
): void {
  try {
    told.options = options
    const answer = check(subject, told as Context)
    if (answer === undefined) return
    const problems = Array.isArray(answer) ? answer : [answer]
    for (const problem of problems) {
      const raised = { rule, problem, ...occasion }
      if (!repeats(raised, panel.raised)) panel.raised.push(raised)
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    panel.notes.push({ message: `rule ${rule.meta.id} failed: ${reason}`, at: occasion.at, bearing: 'withholds' })
  }
}

/** Whether a rule that speaks once has spoken. */
function repeats(raised: Raised, before: readonly Raised[]): boolean {
  const { once } = raised.rule.meta
  if (once === undefined) return false
  return before.some(
    ({ rule, migration, direction, statement }) =>
      rule === raised.rule &&
      migration === raised.migration &&
      direction === raised.direction &&
      (once === 'script' || statement === raised.statement),
  )
}
