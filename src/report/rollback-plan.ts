import type { Rehearsal } from '../model/evidence.js'
import { isSameRevision, labelOf, operationsOf, type Project, type Script } from '../model/migration.js'
import { worthOf, type Worth } from '../model/rollback.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { type Placement, placement } from './deployment.js'
import { leftovers, losses, queries, type Query } from './aftermath.js'
import { count } from './wording.js'

export type { Query, Worth }

/** One migration on the way to production. */
export interface Deployment extends Placement {
  readonly migration: string
}

/** One migration on the way back. */
export interface Undoing {
  readonly migration: string
  /** The file with the down script. */
  readonly path: string
  /** The tool's own command; null when it has none, or is not known. */
  readonly command: string | null
  readonly sql: readonly string[]
  /** Why there is no SQL; '' when there is. */
  readonly remark: string
  /** What a rehearsal has to say of it. */
  readonly worth: Worth
  readonly evidence: string
}

/** How the migrations that a change adds to one project go out, and how they come back. */
export interface RollbackPlan {
  readonly framework: string
  readonly root: string
  readonly tool: string
  /** As good as the worst of its steps. */
  readonly worth: Worth
  /** In the order in which the tool applies them. */
  readonly deployment: readonly Deployment[]
  /** Why they cannot go out in that order with one release; '' when they can. */
  readonly conflict: string
  /** Newest first. */
  readonly rollback: readonly Undoing[]
  readonly losses: readonly string[]
  readonly unproven: readonly string[]
  readonly queries: readonly Query[]
  readonly leftovers: readonly Query[]
}

/** The plans of a review, one a project that gets a new migration. Without a rehearsal, nobody asked for one. */
export function plansOf(review: Review): readonly RollbackPlan[] {
  if (review.rehearsals.length === 0) return []
  const groups = new Map<string, { readonly project: Project | null; readonly migrations: ReviewedMigration[] }>()
  for (const migration of review.migrations.filter(({ change }) => change === 'added')) {
    const project = projectOf(review, migration)
    const key = project === null ? migration.framework : `${project.framework}:${project.root}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { project, migrations: [migration] })
    else group.migrations.push(migration)
  }
  return [...groups.values()].map(({ project, migrations }) =>
    planOf(project, inOrder(migrations, review.rehearsals), review.rehearsals),
  )
}

/** The project whose folder holds a migration; the innermost of several. */
export function projectOf({ projects }: Pick<Review, 'projects'>, migration: ReviewedMigration): Project | null {
  const { path } = migration.revision
  const around = projects.filter(
    ({ framework, root }) => framework === migration.framework && (root === '' || path.startsWith(`${root}/`)),
  )
  return [...around].sort((a, b) => b.root.length - a.root.length)[0] ?? null
}

/** Rehearsals follow the history. */
function inOrder(
  migrations: readonly ReviewedMigration[],
  rehearsals: readonly Rehearsal[],
): readonly ReviewedMigration[] {
  const place = ({ revision }: ReviewedMigration): number => {
    const at = rehearsals.findIndex((rehearsal) => isSameRevision(rehearsal.revision, revision))
    return at < 0 ? Infinity : at
  }
  return [...migrations].sort((a, b) => (place(a) < place(b) ? -1 : place(a) > place(b) ? 1 : 0))
}

function planOf(
  project: Project | null,
  migrations: readonly ReviewedMigration[],
  rehearsals: readonly Rehearsal[],
): RollbackPlan {
  const created = new Set<string>()
  const deployment = migrations.map((migration) => ({
    migration: labelOf(migration.revision),
    ...placement(migration.up.script, created),
  }))
  const seen = migrations.map((migration) => ({
    migration,
    rehearsal: rehearsals.find(({ revision }) => isSameRevision(revision, migration.revision)) ?? null,
  }))
  const rollback = seen.toReversed().map(({ migration, rehearsal }) => undoing(migration, rehearsal, project))
  return {
    framework: project?.framework ?? migrations[0]?.framework ?? '',
    root: project?.root ?? '',
    tool: project?.conventions.tool ?? migrations[0]?.framework ?? '',
    worth: WORST.find((worth) => rollback.some((step) => step.worth === worth)) ?? 'unknown',
    deployment,
    conflict: conflict(deployment),
    rollback,
    losses: unique(seen.flatMap(({ migration, rehearsal }) => losses(migration, rehearsal))),
    unproven: unique(seen.flatMap(({ migration, rehearsal }) => unproven(migration, rehearsal))),
    queries: seen.flatMap(({ rehearsal }) => (rehearsal === null ? [] : queries(rehearsal))),
    leftovers: seen.flatMap(({ migration, rehearsal }) => leftovers(migration, rehearsal)),
  }
}

const WORST: readonly Worth[] = ['fails', 'none', 'unknown', 'partly', 'shown']

function unique(lines: readonly string[]): readonly string[] {
  return [...new Set(lines)]
}

/** A tool applies in order: what belongs after the new code holds up what belongs before it. */
function conflict(deployment: readonly Deployment[]): string {
  const late = deployment.findIndex(({ when }) => when === 'after')
  const early = deployment.findIndex(({ when }, at) => late >= 0 && at > late && when === 'before')
  const [first, then] = [deployment[late], deployment[early]]
  if (first === undefined || then === undefined) return ''
  return `${then.migration} belongs before the new code and ${first.migration} after it, but they are applied in the other order: release them apart`
}

function undoing({ revision, down }: ReviewedMigration, rehearsal: Rehearsal | null, project: Project | null): Undoing {
  const command = project?.conventions.rollback ?? null
  const worth = worthOf(down.script, rehearsal)
  return {
    migration: labelOf(revision),
    path: revision.downPath ?? revision.path,
    command: command === null || worth === 'none' ? null : command.replace('{root}', shellWord(project?.root ?? '')),
    sql: down.script.kind === 'script' ? down.script.statements.map(({ sql }) => sql) : [],
    remark: remarkOf(down.script),
    worth,
    evidence: evidenceOf(down.script, rehearsal),
  }
}

/** A path as a shell takes it for one word (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02). */
function shellWord(path: string): string {
  if (path === '') return '.'
  return /^[\w./@%+=:,][\w./@%+=:,-]*$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}

function remarkOf(script: Script): string {
  switch (script.kind) {
    case 'script':
      return script.statements.length === 0 ? 'the down script holds no statement' : ''
    case 'absent':
      return 'there is no down script'
    case 'irreversible':
      return `irreversible by intent${script.reason === null ? '' : `: ${script.reason}`}`
    case 'refused':
      return `the down script could not be read: ${script.reason}`
  }
}

function evidenceOf(down: Script, rehearsal: Rehearsal | null): string {
  if (down.kind === 'absent' || down.kind === 'irreversible') return NO_WAY
  if (rehearsal === null) return 'not shown to work: it was not rehearsed'
  const { verdict, reason, rows, postgres, sandbox } = rehearsal
  const where = `on PostgreSQL ${postgres ?? '?'} (${sandbox ?? '?'})`
  const why = reason === null ? '' : `: ${reason}`
  switch (verdict) {
    case 'reversible':
      return `ran ${where} ${rows > 0 ? `with ${count(rows, 'row')}` : 'on empty tables'}, left the schema as it was before up, and up ran again${exceptions(rehearsal)}`
    case 'loses-data':
      return `ran ${where}, and did not bring every value back${why}`
    case 'leaves-residue':
      return `ran ${where}, and did not undo everything${why}`
    case 'reapply-fails':
      return `ran ${where}, but up does not go through again${why}`
    case 'down-fails':
      return `failed ${where}${why}`
    case 'up-fails':
      return `not shown to work: up fails${why}`
    case 'no-down':
      return NO_WAY
    case 'not-run':
      return `not shown to work${why}`
  }
}

const NO_WAY = 'nothing undoes it: the way back is a backup, or a new migration'

/** What is missing to a proof although it ran. */
function exceptions({ between, window }: Rehearsal): string {
  const late = between !== null && between.outcome !== 'kept' ? '; not so with rows that are written after up' : ''
  if (window === null) return late
  const what = window.phase === 'not-run' ? 'not seen' : 'not so'
  return `${late}; ${what} once the later migrations have run: ${window.message}`
}

function unproven({ down }: ReviewedMigration, rehearsal: Rehearsal | null): readonly string[] {
  if (rehearsal === null || rehearsal.steps.every(({ phase }) => phase !== 'down')) return []
  const { unfilled, skipped, rows, between } = rehearsal
  return [
    ...unfilled.map(({ table, reason }) => `what happens to rows of ${table}: ${reason}`),
    ...(skipped.length > 0
      ? [`what depends on ${count(skipped.length, 'statement')} of the history that could not run there`]
      : []),
    ...(rows === 0 ? ['what happens to rows: the tables were empty'] : []),
    ...(operationsOf(down.script).some(({ kind }) => kind === 'call' || kind === 'unmodelled')
      ? ['what a statement of the down script does that is not analysed']
      : []),
    ...(between?.outcome === 'not-run' ? ['what becomes of rows that the new code writes between up and down'] : []),
    'how long it takes, and whom it keeps waiting, on tables of the size that production has',
  ]
}
