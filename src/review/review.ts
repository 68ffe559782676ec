import type { Rehearsal } from '../model/evidence.js'
import type { FileEntries } from '../model/file-set.js'
import type { Note } from '../model/note.js'
import { NO_POLICY_CHANGE, type PolicyChange } from '../model/policy-change.js'
import type { PullRequest } from '../model/pull-request.js'
import type { Review } from '../model/review.js'
import type { Settings } from '../model/settings.js'
import type { PlanItem } from '../rehearsal/plan.js'
import type { NativeTool } from '../rehearsal/native.js'
import { rehearse } from '../rehearsal/rehearse.js'
import { NO_EVIDENCE, NO_SCHEMA } from '../rehearsal/trial.js'
import { severityOf } from '../lint/severity.js'
import rollbackWindowBroken from '../rules/rollback-window-broken.js'
import type { SandboxProvider } from '../sandbox/sandbox.js'
import type { Analysis, AnalysisInput } from './analyse.js'
import { type Circumstances, ON_ITS_OWN } from './circumstances.js'
import { conclude, type Parts } from './conclude.js'
import { codeOf } from './consent-code.js'

import { differ, extensionWords, hintOf, openEarly, type Early } from './early.js'
import { withEvidence } from './evidence.js'
import { readFunctionsApart } from './function-reader.js'
import { staleNotes, withKnown } from './known.js'

/** A pull request with the texts that its frameworks asked for. */
export interface ReviewInput {
  readonly pull: PullRequest
  readonly base: FileEntries
  readonly head: FileEntries
  readonly complete: true | { readonly incomplete: string }
  readonly settings: Settings
  readonly today: string
  /** What the pull request makes of the policy. */
  readonly policy?: PolicyChange
  /** What else is known of the pull request, where a door takes agreements. */
  readonly circumstances?: Omit<Circumstances, 'code' | 'today'> & Target
}

/** What an agreement is about beside the text: the repository's number, and the branch that the pull request goes to. */
export interface Target {
  readonly repository: number
  readonly target: string
}

/** What a review needs from outside: where to analyse, where to rehearse, when to stop. */
export interface ReviewMeans {
  readonly analyse: (input: AnalysisInput, signal: AbortSignal) => Promise<Analysis>
  /** null: no rehearsal was asked for. */
  readonly sandbox: SandboxProvider | null
  readonly signal: AbortSignal
  /** The team's own tools for what is to be rehearsed, where they were asked for: they run the team's code. */
  readonly tools?: (analysis: Pick<Analysis, 'projects' | 'plans'>) => Promise<Tools>
  /** Told what is being done, for people who wait. */
  readonly progress: (message: string) => void
}

/** The team's own tool for a plan, and what is to be said of those that there is none for. */
export interface Tools {
  readonly native: (plan: readonly PlanItem[]) => NativeTool | undefined
  readonly notes: readonly Note[]
}

/** Reviews a pull request. */
export async function review(input: ReviewInput, means: ReviewMeans): Promise<Review> {
  const parts = await partsOf(input, means)
  return conclude(parts, input.settings, circumstancesOf(input, parts.findings))
}

/** Everything that a review rests on. The rehearsal can add to what the analysis found and never takes away. */
export async function partsOf(input: ReviewInput, means: ReviewMeans): Promise<Parts> {
  const { pull, base, head, complete, settings, today, policy = NO_POLICY_CHANGE } = input
  means.progress('Reading migrations')
  const hint = hintOf(base, settings.postgres)
  const early =
    means.sandbox !== null && differ(base, head) ? openFor(head, hint, settings, means.sandbox, means.signal) : null
  try {
    const analysis = await means.analyse({ base, head, settings, today, mode: 'pull' }, means.signal)
    const sandbox = early?.provider ?? means.sandbox
    const tools = analysis.plans.length === 0 ? undefined : await means.tools?.(analysis)
    const where = { sandbox, signal: means.signal, progress: means.progress, native: tools?.native }
    const rehearsals = await rehearseAll(analysis.plans, settings, where, hint)
    const { projects, migrations } = analysis
    const found = withEvidence(analysis, rehearsals, { base, head }, settings)
    const findings = [...policy.findings, ...withKnown(found.findings, settings.known, 'pull')]
    const notes = [...found.notes, ...(tools?.notes ?? []), ...policy.notes]
    const stale = staleNotes(settings.known, findings, migrations, (path) => head.has(path))
    // What a short list lacks may still be there.
    const all = complete === true ? [...notes, ...stale] : [...notes, incomplete(complete.incomplete)]
    return { pull, projects, migrations, findings, rehearsals, notes: all }
  } finally {
    await early?.[Symbol.asyncDispose]()
  }
}

/** What the text is told by, and what is known beside it; a pull request without a number is nothing to agree to. */
export function circumstancesOf(
  { pull, base, head, settings, today, circumstances }: ReviewInput,
  findings: Review['findings'],
): Circumstances {
  if (circumstances === undefined || pull.number === null) return ON_ITS_OWN
  const { repository, target, ...known } = circumstances
  const files = { base, head }
  const subject = { repository, target, number: pull.number, base: pull.base, head: pull.head }
  return { ...known, today, code: codeOf({ ...subject, files, findings, settings }) }
}

function openFor(
  head: FileEntries,
  hint: string,
  settings: Settings,
  sandbox: SandboxProvider,
  signal: AbortSignal,
): Early {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(settings.rehearsal.seconds * 1000)])
  const baseline = { key: null, hint }
  return openEarly(sandbox, { postgres: settings.postgres, extensions: extensionWords(head), baseline }, limit)
}

/** Where and with what to rehearse. */
type Where = Pick<ReviewMeans, 'sandbox' | 'signal' | 'progress'> & { readonly native?: Tools['native'] | undefined }

/** Rehearses plan after plan, each in a sandbox of its own; the hint is for the first. */
export async function rehearseAll(
  plans: Analysis['plans'],
  settings: Settings,
  means: Where,
  hint?: string,
): Promise<readonly Rehearsal[]> {
  const rehearsals: Rehearsal[] = []
  for (const [index, plan] of plans.entries()) {
    rehearsals.push(...(await rehearsed(plan, settings, means, index === 0 ? hint : undefined)))
  }
  return rehearsals
}

async function rehearsed(
  plan: readonly PlanItem[],
  settings: Settings,
  means: Where,
  hint: string | undefined,
): Promise<readonly Rehearsal[]> {
  if (means.sandbox === null) {
    return plan.flatMap(({ role, revision }) =>
      role === 'rehearse' ? [notRun(revision, 'no sandbox was asked for')] : [],
    )
  }
  const { signal, progress, native } = means
  return rehearse(plan, means.sandbox, {
    postgres: settings.postgres,
    seconds: settings.rehearsal.seconds,
    rows: settings.rehearsal.rows,
    ...(hint === undefined ? {} : { hint }),
    signal,
    onProgress: progress,
    bodies: readFunctionsApart,
    window: severityOf(rollbackWindowBroken.meta, null, settings) !== 'off',
    native: native?.(plan),
  })
}

function notRun(revision: PlanItem['revision'], reason: string): Rehearsal {
  return {
    revision,
    sandbox: null,
    postgres: null,
    verdict: 'not-run',
    reason,
    steps: [],
    residue: [],
    ...NO_SCHEMA,
    ...NO_EVIDENCE,
    skipped: [],
  }
}

function incomplete(reason: string): Note {
  return { message: `the list of files is not complete: ${reason}`, at: null, bearing: 'withholds' }
}
