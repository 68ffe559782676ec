import type { Rehearsal } from '../model/evidence.js'
import type { Direction, Finding } from '../model/finding.js'
import { pathsOf, type Project } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { ReviewedMigration } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import type { EvidenceContext, Family, Rule, RuleMeta } from '../rules/rule.js'
import { contains, startOf, type Span } from '../source/span.js'
import { covers, type Allowance } from './allow.js'
import { applyAllowances, commentsOf } from './allowed.js'
import { ask, seat, type Occasion, type Panel } from './ask.js'
import { inReadingOrder, settle, type ChangedLines, type Raised } from './settle.js'
import { bornIn, unforeseenIn } from './unforeseen.js'

export interface EvidenceInput {
  readonly projects: readonly Project[]
  readonly migrations: readonly ReviewedMigration[]
  readonly rehearsals: readonly Rehearsal[]
  /** What the analysis found. */
  readonly findings: readonly Finding[]
  readonly rules: readonly Rule[]
  readonly settings: Settings
  readonly changed: ChangedLines
  /** The text that the base has under a path. */
  readonly merged: (path: string) => string | undefined
  /** Text of a place, for fingerprints. */
  readonly excerpt: (span: Span) => string
}

/**
 * Asks the rules that read what a rehearsal saw, and settles what they raise as the analysis does. Every finding of the
 * analysis is among the result as it was: a rehearsal adds, and takes nothing away.
 */
export function lintEvidence(input: EvidenceInput): {
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
} {
  const { migrations, rehearsals, rules, settings } = input
  const panel = seat(rules, settings)
  const metas = new Map(rules.map(({ meta }) => [meta.id, meta]))
  const born = new Set<string>()
  for (const rehearsal of rehearsals) {
    const { id, path } = rehearsal.revision
    const index = migrations.findIndex(({ revision }) => revision.id === id && revision.path === path)
    const migration = migrations[index]
    if (migration === undefined) continue
    // What any of the earlier ones creates is new, whether or not it could be rehearsed.
    for (const earlier of migrations.slice(0, index)) bornIn(earlier, born)
    const findings = input.findings.filter((finding) => finding.migration === id && isOf(migration, finding.at))
    const context: Omit<EvidenceContext<never>, 'options'> = {
      postgres: settings.postgres,
      conventions: conventionsOf(migration, input.projects),
      migration,
      later: migrations.slice(index + 1),
      statements: unforeseenIn(migration, rehearsal, born),
      findings,
      told: (at, wanted) => {
        const statement = statementAt(migration, at)?.span ?? at
        return findings.some((finding) => {
          const meta = metas.get(finding.rule)
          if (meta === undefined || !wanted.includes(meta.family)) return false
          return contains(statement, finding.at) && (foretells(meta, finding) || !FAILING.has(meta.family))
        })
      },
    }
    judge(panel, rehearsal, context)
  }
  const scripts = migrations.flatMap(({ up, down }) => [up.script, down.script])
  const edited = new Set(migrations.flatMap(({ change, revision }) => (change === 'edited' ? pathsOf(revision) : [])))
  const { findings, notes } = applyAllowances(
    panel,
    commentsOf(scripts),
    () => settle(panel.raised, settings, input.changed, input.excerpt),
    {
      bearing: (allowance, rule) => bearingOf(allowance, rule, panel, input),
      late: ({ at, text }) => edited.has(at.path) && input.merged(at.path)?.includes(text) !== true,
      known: rules.map(({ meta }) => meta.id),
      again: true,
    },
  )
  return { findings: [...input.findings, ...findings].sort(inReadingOrder), notes: [...panel.notes, ...notes] }
}

/** Of these families only what says that the statement fails has said what a failure shows; other advice is about another cause. */
const FAILING: ReadonlySet<Family> = new Set(['compatibility', 'failure'])

function foretells({ weight }: RuleMeta, { severity }: Finding): boolean {
  return weight === 'error' || severity === 'error' || severity === 'approval'
}

function judge(panel: Panel, rehearsal: Rehearsal, context: Omit<EvidenceContext<never>, 'options'>): void {
  const { id, path } = rehearsal.revision
  const occasion: Occasion = { table: null, direction: null, migration: id, statement: null, at: startOf(path) }
  const told = { ...context }
  for (const seat of panel.on('evidence')) {
    const answers: Panel = { ...panel, raised: [] }
    ask(answers, seat, occasion, rehearsal, told)
    panel.raised.push(...answers.raised.map((raised) => placed(raised, context.migration)))
  }
}

/** A problem with the statement that it lies in, and so its direction. */
function placed(raised: Raised, migration: ReviewedMigration): Raised {
  const { span: statement = null, direction = null } = statementAt(migration, raised.problem.at) ?? {}
  return { ...raised, direction, statement }
}

function statementAt(
  migration: ReviewedMigration,
  at: Span,
): { readonly span: Span; readonly direction: Direction } | undefined {
  return (['up', 'down'] as const)
    .flatMap((direction) => {
      const { script } = migration[direction]
      return script.kind === 'script' ? script.statements.map(({ span }) => ({ span, direction })) : []
    })
    .find(({ span }) => contains(span, at))
}

function isOf({ revision }: ReviewedMigration, { path }: Span): boolean {
  return path === revision.path || path === revision.downPath
}

function conventionsOf(
  { framework, revision }: ReviewedMigration,
  projects: readonly Project[],
): Project['conventions'] {
  const candidates = projects.filter(
    (project) =>
      project.framework === framework && (project.root === '' || revision.path.startsWith(`${project.root}/`)),
  )
  const [nearest] = candidates.toSorted((a, b) => b.root.length - a.root.length)
  if (nearest === undefined) throw new Error(`${revision.path} belongs to no project`)
  return nearest.conventions
}

/** Whether a comment was of use is only known when everything ran. */
function bearingOf(
  allowance: Pick<Allowance, 'at' | 'reason'>,
  rule: string,
  panel: Panel,
  { findings, rehearsals }: EvidenceInput,
): 'decide' | 'asked' {
  const isOurs = panel.on('evidence').some((seat) => seat.rule.meta.id === rule)
  // The analysis has asked about those without a reason.
  if (!isOurs || allowance.reason === null || rehearsals.length === 0) return 'asked'
  if (rehearsals.some(({ verdict }) => verdict === 'not-run')) return 'asked'
  return findings.some((each) => each.rule === rule && covers(allowance, each.at, null)) ? 'asked' : 'decide'
}
