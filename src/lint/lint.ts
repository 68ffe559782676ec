import { createCatalog } from '../catalog/store.js'
import type { ChangeSet } from '../model/change.js'
import { compareLocks, type Effect } from '../model/effect.js'
import type { Finding } from '../model/finding.js'
import { operationsOf, type Migration, type Script, type SourceComment } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Note } from '../model/note.js'
import type { Settings } from '../model/settings.js'
import type { Rule } from '../rules/rule.js'
import type { Span } from '../source/span.js'
import { applyAllowances, commentsOf } from './allowed.js'
import { ask, seat, type Occasion, type Panel } from './ask.js'
import { judgeMigration, judgeScripts, type Hearing } from './judge.js'
import { settle, type ChangedLines } from './settle.js'
import type { Held } from './session.js'
import { replay } from './walk.js'

/** A migration in its place in the history. `edited` carries the text of the base, which is what databases have run. */
export type SequenceItem =
  | { readonly role: 'applied'; readonly migration: Migration }
  | { readonly role: 'added'; readonly migration: Migration }
  | { readonly role: 'edited'; readonly migration: Migration; readonly base: Migration }

/**
 * `pull`: what is added is one pull request. `each`: every migration that is added is a pull request of its own, after those
 * before it. `files`: what the sequences do not create may exist all the same. Only of a pull request the history is asked about.
 */
export type Mode = 'pull' | 'each' | 'files'

export interface LintInput {
  readonly projects: readonly {
    readonly changes: ChangeSet
    readonly sequence: readonly SequenceItem[]
    /** The applied migrations whose text changes, whatever of it. */
    readonly edits: readonly { readonly base: Migration; readonly head: Migration }[]
  }[]
  readonly rules: readonly Rule[]
  readonly settings: Settings
  readonly mode: Mode
  /** The day of the review, `YYYY-MM-DD`. */
  readonly today: string
  /** Paths of all files that the pull request adds or changes. */
  readonly changedPaths: readonly string[]
  readonly changed: ChangedLines
  /** Text of a place, for fingerprints. */
  readonly excerpt: (span: Span) => string
}

export interface LintResult {
  readonly findings: readonly Finding[]
  /** Predicted effect of each statement, by script. */
  readonly effects: ReadonlyMap<Script, readonly Effect[]>
  readonly notes: readonly Note[]
}

/** Judges the changed migrations of a pull request against the history before them. */
export function lint(input: LintInput): LintResult {
  const panel = seat(input.rules, input.settings)
  const effects = new Map<Script, readonly Effect[]>()
  for (const project of input.projects) {
    const { changes } = project
    if (input.mode === 'pull') lintHistory(panel, changes, input)
    const elsewhere = createdBy(input.projects.filter((other) => other !== project))
    lintSequence(panel, project, input, elsewhere, effects)
  }
  const changedScripts = input.projects.flatMap(({ sequence }) =>
    sequence.flatMap((item) => (item.role === 'applied' ? [] : [item.migration.up, item.migration.down])),
  )
  const settleAll = (): readonly Finding[] => settle(panel.raised, input.settings, input.changed, input.excerpt)
  const afterwards = new Set(panel.on('evidence').map(({ rule }) => rule.meta.id))
  const late = lateComments(input)
  const comments = new Map(commentsOf(changedScripts).map((comment) => [JSON.stringify(comment.span), comment]))
  const { findings, notes } = applyAllowances(panel, [...new Map([...comments, ...late]).values()], settleAll, {
    bearing: (_, rule) => (afterwards.has(rule) ? 'elsewhere' : 'decide'),
    late: ({ at }) => late.has(JSON.stringify(at)),
    known: input.rules.map(({ meta }) => meta.id),
    again: false,
  })
  return { findings, effects, notes: [...panel.notes, ...notes] }
}

/** The comments that are written into applied migrations, as JSON of their spans; one with other words is another. */
function lateComments({ projects }: LintInput): ReadonlyMap<string, SourceComment> {
  const late = projects.flatMap(({ edits }) =>
    edits.flatMap(({ base, head }) => {
      const before = new Set(commentsOf([base.up, base.down]).map(({ text }) => text.trim()))
      return commentsOf([head.up, head.down]).filter(({ text }) => !before.has(text.trim()))
    }),
  )
  return new Map(late.map((comment) => [JSON.stringify(comment.span), comment]))
}

function lintHistory(panel: Panel, changes: ChangeSet, { today, changed }: LintInput): void {
  const { postgres } = panel.settings
  const changedPaths = [...changed.keys()]
  const occasion: Occasion = { table: null, direction: null, migration: null, statement: null, at: null }
  const told = { postgres, conventions: changes.project.conventions, today, changedPaths }
  for (const seat of panel.on('history')) {
    ask(panel, seat, occasion, changes, told)
  }
}

/** Names of the tables and views that some projects create, without schema: they may be in the same database. */
function createdBy(projects: LintInput['projects']): ReadonlySet<string> {
  const operations = projects.flatMap(({ sequence }) => sequence.flatMap((item) => operationsOf(item.migration.up)))
  return new Set(
    operations.flatMap((operation) => {
      if (operation.kind === 'create-table') return [operation.table.name]
      if (operation.kind === 'rename-table') return [operation.newName]
      return operation.kind === 'create-view' ? [operation.view.name] : []
    }),
  )
}

function lintSequence(
  panel: Panel,
  { changes, sequence }: LintInput['projects'][number],
  { mode, settings }: LintInput,
  elsewhere: ReadonlySet<string>,
  effects: Map<Script, readonly Effect[]>,
): void {
  const catalog = createCatalog({ complete: mode === 'pull' || (mode === 'each' && settings.baseline === null) })
  const { bookkeeping, together } = changes.project.conventions
  const pull = sequence.flatMap((item) => (item.role === 'added' ? [item.migration] : []))
  let held: readonly Held[] = []
  const lockedEarlier = new Map<string, string>()
  for (const item of sequence) {
    const { migration } = item
    if (item.role === 'applied') {
      replay(migration.up, catalog, bookkeeping)
      continue
    }
    const hearing: Hearing = {
      panel,
      changes,
      migration,
      pull: mode === 'each' ? [migration] : pull,
      elsewhere,
      lockedEarlier,
    }
    judgeScripts(hearing)
    if (item.role === 'edited') replay(item.base.up, catalog, bookkeeping)
    else if (mode === 'each') {
      judgeMigration(hearing, catalog.fork(), effects, [])
      replay(migration.up, catalog, bookkeeping)
    } else {
      held = judgeMigration(hearing, catalog, effects, together === undefined ? [] : held)
      // Where one transaction runs them all, the second does not wait for what the first has.
      if (together === undefined) noteLocks(migration, effects.get(migration.up) ?? [], lockedEarlier)
    }
  }
}

/** Remembers which migration was the first to lock a table against writing. */
function noteLocks({ revision }: Migration, effects: readonly Effect[], locked: Map<string, string>): void {
  for (const { table, mode } of effects.flatMap(({ locks }) => locks)) {
    if (compareLocks(mode, 'SHARE') >= 0 && !locked.has(keyOf(table))) locked.set(keyOf(table), revision.id)
  }
}
