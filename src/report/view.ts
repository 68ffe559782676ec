import type { Recovery, Rehearsal } from '../model/evidence.js'
import type { Finding, Severity } from '../model/finding.js'
import { labelOf, type Script } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Gate, Review, ReviewedMigration } from '../model/review.js'
import type { Span } from '../source/span.js'
import { commandOf, consentWords, missingWords } from './approval-words.js'
import { dependenceLines, diagnosisLines } from './diagnosis.js'
import { locksOf, type TableLock } from './locks.js'
import type { Lookups } from './lookups.js'
import { picturesOf, type ProjectPicture } from './merged-picture.js'
import { plansOf, type RollbackPlan } from './rollback-plan.js'
import { schemaViews, type SchemaView } from './schema-diff.js'
import { rowLines } from './row-lines.js'
import { onOneLine } from './untrusted.js'
import { nativeLines } from './native-lines.js'
import { CONFIDENCES, count, GATE_STATUSES, REHEARSALS, VERDICTS } from './wording.js'

/** A review in the words and the order in which people read it; each text is still as untrusted as where it came from. */
export interface ReviewView {
  readonly verdict: Review['verdict']
  readonly title: string
  /** Such as `acme/shop#7`. */
  readonly subject: string
  readonly base: string
  readonly head: string
  /** What is needed, and from whom. */
  readonly needs: string
  /** What an approver types; '' where nothing is to be agreed to. */
  readonly command: string
  /** The agreements to this very text. */
  readonly agreements: readonly string[]
  /** Other open pull requests that are in the way. */
  readonly clashes: readonly ClashView[]
  /** Gates that do not let the change pass. */
  readonly open: readonly GateView[]
  readonly gates: readonly GateView[]
  /** Findings that stand in the way, and the others; the allowed ones are in neither. */
  readonly blocking: readonly FindingView[]
  readonly advice: readonly FindingView[]
  readonly proofs: readonly ProofView[]
  readonly locks: readonly LockView[]
  /** What each migration does to the schema. */
  readonly schemas: readonly SchemaView[]
  /** The tables around the change, a picture a project. */
  readonly pictures: readonly ProjectPicture[]
  readonly plans: readonly RollbackPlan[]
  readonly scripts: readonly ScriptView[]
  readonly suppressions: readonly SuppressionView[]
  /** What was not looked at comes first. */
  readonly notes: readonly NoteView[]
}
export interface GateView {
  readonly gate: string
  readonly status: Gate['status']
  readonly statusText: string
  readonly detail: string
}
export interface FindingView {
  readonly severity: Severity
  readonly rule: string
  readonly message: string
  /** `likely`, `possible`, or nothing when certain. */
  readonly confidence: string
  readonly where: string
  readonly at: Span
  readonly why: string
  readonly instead: string
  /** '' when there is no ready text. */
  readonly fix: string
}
export interface ProofView {
  readonly migration: string
  readonly up: Step
  readonly down: Step
  readonly again: Step
  readonly schema: Step
  readonly rows: Step
  readonly postgres: string
  readonly outcome: string
  /** What PostgreSQL said to the statements that failed, with their places. */
  readonly failures: readonly string[]
  /** Reason, residue, lost values and what could not be replayed, a sentence each. */
  readonly details: readonly string[]
}
export type Step = 'yes' | 'no' | 'none' | 'unknown'
export interface LockView {
  readonly where: string
  readonly statement: string
  readonly table: string
  /** '' when none was foreseen. */
  readonly predicted: string
  /** '' when no rehearsal saw it. */
  readonly observed: string
  /** What was seen is not what was foreseen. */
  readonly differs: boolean
  /** '' when it blocks nothing. */
  readonly blocks: string
  readonly rewrite: boolean
}
export interface ScriptView {
  readonly migration: string
  readonly direction: 'up' | 'down'
  /** Why there are no statements; '' when there are. */
  readonly remark: string
  readonly statements: readonly { readonly line: number; readonly sql: string }[]
}
export interface SuppressionView {
  readonly where: string
  readonly rule: string
  readonly by: string
  readonly reason: string
  readonly message: string
}
export interface ClashView {
  readonly pull: string
  readonly message: string
}
export interface NoteView {
  readonly where: string
  readonly message: string
  readonly withholds: boolean
}

/** What keeps a gate from passing, the worst first. */
const OPEN: readonly Gate['status'][] = ['fail', 'inconclusive', 'needs-approval']

/** Puts a review into reading order. */
export function viewOf(review: Review, lookups: Pick<Lookups, 'describe'>): ReviewView {
  const { pull } = review
  const standing = review.findings.filter(({ allowed }) => allowed === null)
  const findings = standing.map((finding) => findingView(finding, lookups))
  const agreed = isAgreed(review)
  const bySeverity = (severities: readonly Severity[]): readonly FindingView[] =>
    severities.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
  const gates = review.gates.map(({ gate, status, detail }) => ({
    gate,
    status,
    statusText: GATE_STATUSES[status],
    detail,
  }))
  return {
    verdict: review.verdict,
    title: VERDICTS[review.verdict],
    subject: pull.number === null ? pull.repository : `${pull.repository}#${pull.number}`,
    base: commitName(pull.base),
    head: commitName(pull.head),
    needs: needs(review, standing),
    command: commandOf(review.approval),
    agreements: review.approval.given.map(consentWords),
    clashes: (review.clashes ?? []).map(({ pull: other, message }) => ({ pull: `#${other}`, message })),
    open: OPEN.flatMap((status) => gates.filter((gate) => gate.status === status)),
    gates,
    blocking: bySeverity(agreed ? ['error'] : ['error', 'approval']),
    advice: bySeverity(agreed ? ['approval', 'warning', 'notice'] : ['warning', 'notice']),
    proofs: review.rehearsals.map((rehearsal) => proofView(rehearsal, standing)),
    locks: locksOf(review).map(lockView),
    schemas: schemaViews(review),
    pictures: picturesOf(review),
    plans: plansOf(review),
    scripts: review.migrations.flatMap(scriptViews),
    suppressions: review.findings.flatMap(suppressionView),
    notes: [...review.notes]
      .sort((a, b) => Number(b.bearing === 'withholds') - Number(a.bearing === 'withholds'))
      .map(noteView),
  }
}

/** A place as editors and terminals understand it. */
export function where({ path, start }: Span): string {
  return `${path}:${start.line}`
}

/** A commit id as short as people write it; other names as they are. */
function commitName(name: string): string {
  if (name === 'worktree') return 'the working tree'
  return /^[0-9a-f]{40,64}$/.test(name) ? name.slice(0, 7) : name
}

/** Whether what waited for agreement has it. */
function isAgreed({ approval: { given } }: Review): boolean {
  return given.some(({ kinds }) => kinds.includes('data'))
}

function needs(review: Review, standing: readonly Finding[]): string {
  const { verdict, gates, notes, approval } = review
  const number = (severity: Severity): number => standing.filter((finding) => finding.severity === severity).length
  const undecided = gates.filter(({ status }) => status === 'inconclusive').length
  const failed = gates.filter(({ status }) => status === 'fail').map(({ gate }) => gate)
  const unseen = notes.filter(({ bearing }) => bearing === 'withholds').length
  const parts = [
    number('error') > 0
      ? `${count(number('error'), 'finding')} to fix`
      : failed.length > 0
        ? `${failed.join(', ')} to fix`
        : '',
    ...missingWords(approval, number('approval')),
    undecided > 0 ? `${count(undecided, 'gate')} could not be decided` : '',
    unseen > 0 ? `${count(unseen, 'thing')} could not be looked at` : '',
  ].filter((part) => part !== '')
  const advice = number('warning') + number('notice')
  if (verdict === 'pass' || parts.length === 0) {
    const agreed = isAgreed(review) ? ', as agreed' : ''
    parts.unshift(verdict === 'pass' ? `nothing stands in the way${agreed}` : 'see the gates')
  }
  if (advice > 0) parts.push(`${count(advice, 'remark')} to read`)
  return parts.join('; ')
}

function findingView(finding: Finding, lookups: Pick<Lookups, 'describe'>): FindingView {
  const texts = lookups.describe(finding.rule)
  return {
    severity: finding.severity,
    rule: finding.rule,
    message: finding.message,
    confidence: CONFIDENCES[finding.confidence],
    where: where(finding.at),
    at: finding.at,
    why: texts?.why ?? '',
    instead: texts?.instead ?? '',
    fix: finding.fix ?? '',
  }
}

function suppressionView({ allowed, at, rule, message }: Finding): readonly SuppressionView[] {
  if (allowed === null) return []
  const by = { comment: 'a comment', config: 'the configuration', command: 'a command', baseline: 'the baseline' }[
    allowed.by
  ]
  return [{ where: where(at), rule, by, reason: allowed.reason, message }]
}

function noteView({ message, at, bearing }: Note): NoteView {
  return { where: at === null ? '' : where(at), message, withholds: bearing === 'withholds' }
}

function proofView(rehearsal: Rehearsal, findings: readonly Finding[]): ProofView {
  const { verdict, steps, residue, lost, filled, unfilled, skipped, reason } = rehearsal
  const ran = verdict !== 'not-run'
  const wentUp = ran && verdict !== 'up-fails'
  const wentDown = wentUp && verdict !== 'down-fails' && verdict !== 'no-down'
  const again = steps.filter(({ phase }) => phase === 'reapply')
  const step = (known: boolean, good: boolean): Step => (!known ? 'unknown' : good ? 'yes' : 'no')
  // What a finding of the same migration says is not said again.
  const said = findings.flatMap(({ migration, message }) => (migration === rehearsal.revision.id ? [message] : []))
  const isNews = (...texts: readonly string[]): boolean =>
    !said.some((message) => texts.every((text) => message.includes(text.replace(/\.$/, ''))))
  const failures = steps.flatMap(({ error }) => {
    if (error === null) return []
    const parts = [error.message, error.detail, error.hint].filter((part) => part !== null)
    return [
      ...(isNews(...parts) ? [`${where(error.at)}: ${parts.join('. ')}`] : []),
      ...diagnosisLines(error.diagnosis),
    ]
  })
  return {
    migration: labelOf(rehearsal.revision),
    up: step(ran, wentUp),
    down: verdict === 'no-down' ? 'none' : step(wentUp, wentDown),
    again:
      verdict === 'reapply-fails'
        ? 'no'
        : step(
            verdict === 'reversible' || again.length > 0,
            again.every(({ error }) => error === null),
          ),
    schema: step(wentDown, residue.length === 0),
    rows: step(lost.length > 0 || (wentDown && rehearsal.rows > 0), lost.length === 0),
    postgres: rehearsal.postgres ?? '',
    outcome: REHEARSALS[verdict],
    failures,
    details: [
      ...(reason === null || steps.some(({ error }) => error !== null) || (verdict === 'loses-data' && lost.length > 0)
        ? []
        : [reason].filter((text) => isNews(text))),
      ...(rehearsal.native === undefined ? [] : nativeLines(rehearsal.native)),
      ...residue.filter((text) => isNews(text)),
      ...lost.map(
        ({ table, column, rows }) =>
          `${count(rows, 'row')} of ${table} ${column === null ? 'gone' : `lost the value of ${column}`}`,
      ),
      ...filled.map(
        ({ table, column, rows }) => `${count(rows, 'row')} of ${table} had no value in ${column ?? '?'} before up`,
      ),
      ...rowLines(rehearsal),
      ...dependenceLines(rehearsal.dataDependent?.diagnosis ?? null),
      ...unfilled.map(({ table, reason: why }) => `${table} was rehearsed without rows: ${why}`),
      ...(rehearsal.recovery === null ? [] : recoverySaid(rehearsal.recovery)),
      ...(skipped.length === 0
        ? []
        : [`${count(skipped.length, 'statement')} of the history could not run here, so this proof is partial`]),
    ],
  }
}

/** What was tried of stops half-way, where no finding says so. */
function recoverySaid({ stops, tried, failure }: Recovery): readonly string[] {
  if (failure !== null) return []
  const of = tried < stops ? ` of ${stops}` : ''
  return tried === 0
    ? ['it can stop half-way, and what then could not be tried']
    : [`stopped after ${count(tried, 'statement')}${of}, it could be run again each time`]
}

function lockView({ at, sql, table, predicted, observed, held, differs, blocks, rewrite }: TableLock): LockView {
  return {
    where: where(at),
    statement: onOneLine(sql),
    table,
    predicted: predicted ?? '',
    observed: observed ?? (held ? 'held already' : ''),
    differs,
    blocks: blocks.join(', '),
    rewrite,
  }
}

function scriptViews({ revision, up, down }: ReviewedMigration): readonly ScriptView[] {
  return [
    { migration: labelOf(revision), direction: 'up', ...scriptView(up.script) },
    { migration: revision.downPath ?? labelOf(revision), direction: 'down', ...scriptView(down.script) },
  ]
}

function scriptView(script: Script): Pick<ScriptView, 'remark' | 'statements'> {
  switch (script.kind) {
    case 'absent':
      return { remark: 'there is none', statements: [] }
    case 'irreversible':
      return {
        remark: script.reason === null ? 'irreversible by intent' : `irreversible by intent: ${script.reason}`,
        statements: [],
      }
    case 'refused':
      return { remark: `not read: ${script.reason}`, statements: [] }
    case 'script': {
      const statements = script.statements.map(({ span, sql }) => ({ line: span.start.line, sql: onOneLine(sql) }))
      return { remark: statements.length === 0 ? 'holds no statement' : '', statements }
    }
  }
}
