import { detectProjects, frameworkOf, unread } from '../frameworks/index.js'
import { looseProject } from '../frameworks/loose.js'
import { lint, type Mode, type SequenceItem } from '../lint/lint.js'
import { replayed } from '../lint/replayed.js'
import type { ChangedLines } from '../lint/settle.js'
import { editsOf, type ChangeSet } from '../model/change.js'
import { fileSet, type FileEntries } from '../model/file-set.js'
import type { Finding } from '../model/finding.js'
import { pathsOf, isRead, type Migration, type Project, type Revision, type Script } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { FileSet } from '../model/pull-request.js'
import type { ReviewedMigration } from '../model/review.js'
import type { SchemaSoFar } from '../model/schema-so-far.js'
import type { Settings } from '../model/settings.js'
import type { PlanItem } from '../rehearsal/plan.js'
import { rules } from '../rules/index.js'
import { changedLines } from '../source/unified-diff.js'
import { beginWith } from './baseline.js'
import { changeSet, type Side } from './change-set.js'
import { excerptsOf } from './excerpts.js'
import { historyPlanOf, planOf } from './plan.js'
import { leftOut, sequenceOf } from './sequence.js'

/** What an analysis needs, as plain data that can cross to a worker. */
export interface AnalysisInput {
  readonly base: FileEntries
  readonly head: FileEntries
  readonly settings: Settings
  /** The day of the review, `YYYY-MM-DD`. */
  readonly today: string
  /**
   * `pull`: the head is a pull request against the base, and both hold the whole history. `files`: the head's files that the
   * base lacks are judged on their own merits, with the rest as what may have gone before. `each`: every migration of the head is
   * judged as a pull request of its own.
   */
  readonly mode: Mode
  /** The plans are of everything that has been applied, though there is nothing to rehearse: for who wants to see where it leads. */
  readonly replay?: true
}

/** The pure half of a review: everything that can be said without running anything. */
export interface Analysis {
  readonly projects: readonly Project[]
  readonly migrations: readonly ReviewedMigration[]
  readonly findings: readonly Finding[]
  readonly notes: readonly Note[]
  /** The lines that are new in each file that was added or changed. */
  readonly changed: ChangedLines
  /** One rehearsal plan a project with something to rehearse. */
  readonly plans: readonly (readonly PlanItem[])[]
}

/** Analyses a pull request. `entering` is told each file before it is read, and null when judging begins: a watcher knows where it is. */
export function analyse(input: AnalysisInput, entering: (path: string | null) => void = () => {}): Analysis {
  const base = fileSet(input.base)
  const head = fileSet(input.head, base)
  const detected = projectsOf(base, head, input)
  const { baseline } = input.settings
  const readings = detected.projects.map((project, _, { length }) =>
    readProject(project, base, head, length === 1 ? baseline : null, input, entering),
  )
  const changedPaths = changedBetween(input.base, input.head)
  const removedPaths = [...input.base.keys()].filter((path) => !input.head.has(path))
  const changed: ChangedLines = new Map(changedPaths.map((path) => [path, rangesOf(path, base, head)]))
  entering(null)
  const linted = lint({
    projects: readings,
    rules,
    settings: input.settings,
    mode: input.mode,
    today: input.today,
    changedPaths,
    changed,
    excerpt: excerptsOf(base, head),
  })
  const effectsOf = (script: Script) => ({ script, effects: linted.effects.get(script) ?? [] })
  return {
    projects: readings.map(({ changes }) => changes.project),
    migrations: readings.flatMap((reading) => reviewed(reading, effectsOf)),
    findings: linted.findings,
    notes: [
      ...detected.notes,
      ...unread(head, detected.projects, changedPaths),
      ...unread(base, detected.projects, removedPaths).filter(isWithheld),
      ...readings.flatMap(notesOf),
      ...linted.notes,
    ],
    changed,
    plans: readings
      .map(({ sequence, changes }) => (input.replay === true ? historyPlanOf : planOf)(sequence, changes, baseline))
      .filter((plan) => plan.length > 0),
  }
}

/** A project read on both sides. */
interface ProjectReading {
  readonly changes: ChangeSet
  readonly sequence: readonly SequenceItem[]
  readonly edits: readonly { readonly base: Migration; readonly head: Migration }[]
  readonly notes: readonly Note[]
  readonly base: Side
  readonly head: Side
}

function projectsOf(
  base: FileSet,
  head: FileSet,
  { settings: { migrations, baseline }, mode }: AnalysisInput,
): { readonly projects: readonly Project[]; readonly notes: readonly Note[] } {
  const found = new Map<string, Project>()
  for (const side of [head, base]) {
    for (const project of detectProjects(side, migrations)) {
      const key = `${project.framework}:${project.root}`
      if (!found.has(key)) found.set(key, project)
    }
  }
  const projects = [...found.values()]
  const missing = migrations.filter(
    ({ path }) => !projects.some(({ root }) => root === path || root.startsWith(`${path}/`)),
  )
  const notes = missing.map(({ path }) =>
    withheld(`the configuration names migrations in ${path}, but none were found there`),
  )
  // A dump of one schema says nothing of the others.
  const whose =
    baseline !== null && mode === 'pull' && projects.length > 1
      ? [withheld(`the baseline ${baseline} is not used: it cannot stand for ${projects.length} projects at once`)]
      : []
  const rest = mode === 'files' ? looseProject({ paths: unclaimed(projects, base, head) }) : null
  return { projects: rest === null ? projects : [...projects, rest], notes: [...notes, ...whose] }
}

function withheld(message: string): Note {
  return { message, at: null, bearing: 'withholds' }
}

/** Files to judge that are no project's migration: also those that lie among them and that the tool passes over. */
function unclaimed(projects: readonly Project[], base: FileSet, head: FileSet): readonly string[] {
  const migrations = projects.flatMap((project) => frameworkOf(project).history(project, head).revisions)
  const claimed = new Set([...base.paths, ...migrations.flatMap(pathsOf)])
  return head.paths.filter((path) => !claimed.has(path))
}

function readProject(
  detected: Project,
  base: FileSet,
  head: FileSet,
  baseline: string | null,
  { settings, mode }: AnalysisInput,
  entering: (path: string) => void,
): ProjectReading {
  const side = (files: FileSet, thorough: (revision: Revision) => boolean): Side => {
    const history = frameworkOf(detected).history(detected, files)
    // Reading the files may have settled which tool it is.
    const framework = frameworkOf(history.project)
    const read = new Map<Revision, Migration>()
    const migrationOf = (revision: Revision): Migration => {
      const known = read.get(revision)
      if (known !== undefined) return known
      entering(revision.path)
      const schema = (): SchemaSoFar => before(revision)
      const reading = { postgres: settings.postgres, thorough: thorough(revision), schema }
      const migration = framework.migration(history.project, revision, files, reading)
      read.set(revision, migration)
      return migration
    }
    const before = replayed({
      revisions: history.revisions,
      bookkeeping: history.project.conventions.bookkeeping,
      complete: mode !== 'files' && settings.baseline === null,
      migration: migrationOf,
    })
    const importing = (modules: ReadonlySet<string>) => framework.importing?.(history, files, modules) ?? new Map()
    return { history, files, migration: migrationOf, importing }
  }
  const applied = new Set(base.paths)
  const isSame = (file: string): boolean => applied.has(file) && base.read(file)?.text === head.read(file)?.text
  const unchanged = (revision: Revision): boolean =>
    (revision.including ?? []).every(isSame) &&
    (pathsOf(revision).every(isSame) ||
      (revision.within !== undefined &&
        base.read(revision.path)?.text.includes(head.read(revision.path)?.slice(revision.within) ?? '\0') === true))
  const before = side(base, () => false)
  const after = side(head, (revision) => !unchanged(revision))
  const { project } = after.history.revisions.length > 0 ? after.history : before.history
  const changes = changeSet(project, before, after)
  const whole = sequenceOf(changes, before, after, mode)
  const begun =
    baseline === null || mode !== 'pull'
      ? { sequence: whole, notes: [] }
      : beginWith(baseline, whole, project.conventions, base, { postgres: settings.postgres, thorough: false })
  const edits = editsOf(changes).map((edit) => ({
    base: before.migration(edit.base),
    head: after.migration(edit.head),
  }))
  const notes = [...begun.notes, ...leftOut(changes, begun.sequence)]
  return { changes, sequence: begun.sequence, notes, edits, base: before, head: after }
}

function reviewed(
  { changes, base, head }: ProjectReading,
  effectsOf: (script: Script) => ReviewedMigration['up'],
): readonly ReviewedMigration[] {
  const { framework } = changes.project
  return changes.changes.map((change) => {
    const migration = change.kind === 'removed' ? base.migration(change.base) : head.migration(change.head)
    const { revision, up, down } = migration
    return { revision, framework, change: change.kind, up: effectsOf(up), down: effectsOf(down) }
  })
}

function notesOf({ changes, head, sequence, notes }: ProjectReading): readonly Note[] {
  const mine = changes.changes.flatMap((change) => (change.kind === 'removed' ? [] : [head.migration(change.head)]))
  const scripts = mine.flatMap(({ up, down }) => [up, down])
  const earlier = sequence.flatMap((item) => (item.role === 'applied' ? [item.migration.up] : []))
  // What is not known of a history that the change does not touch is nobody's concern here.
  const unclear = mine.length === 0 ? [] : earlier.filter((script) => script.kind !== 'absent' && !isRead(script))
  return [...notes, ...changes.head.notes, ...scripts.flatMap(notesOfScript), ...notesOfEarlier(unclear)]
}

function notesOfScript(script: Script): readonly Note[] {
  if (script.kind === 'script') return script.gaps
  if (script.kind !== 'refused') return []
  return [{ message: `not analysed: ${script.reason}`, at: script.at, bearing: 'withholds' }]
}

function isWithheld({ bearing }: Note): boolean {
  return bearing === 'withholds'
}

function notesOfEarlier(unclear: readonly Script[]): readonly Note[] {
  const first = unclear[0]
  if (first === undefined) return []
  const at =
    first.kind === 'refused' ? first.at : first.kind === 'script' ? (first.gaps.find(isWithheld)?.at ?? null) : null
  const files = unclear.length === 1 ? 'one earlier migration is' : `${unclear.length} earlier migrations are`
  return [
    {
      message: `${files} not fully understood, so the schema before this change is known in part`,
      at,
      bearing: 'informs',
    },
  ]
}

function changedBetween(base: FileEntries, head: FileEntries): readonly string[] {
  const text = (entry: ReturnType<FileEntries['get']>): string | undefined =>
    entry ? ('text' in entry ? entry.text : entry.reason) : undefined
  return [...head.keys()].filter((path) => !base.has(path) || text(base.get(path)) !== text(head.get(path)))
}

function rangesOf(path: string, base: FileSet, head: FileSet) {
  const text = head.read(path)?.text
  return text === undefined ? [] : changedLines(base.read(path)?.text, text)
}
