import { createCatalog } from '../catalog/store.js'
import type { ChangeSet } from '../model/change.js'
import type { Effect } from '../model/effect.js'
import type { Finding } from '../model/finding.js'
import type { Migration, Script } from '../model/migration.js'
import type { Note } from '../model/note.js'
import type { Settings } from '../model/settings.js'
import type { Rule } from '../rules/rule.js'
import type { Span } from '../source/span.js'
import { applyAllowances } from './allowed.js'
import { ask, seat, type Occasion, type Panel } from './ask.js'
import { judgeMigration, judgeScripts, type Hearing } from './judge.js'
import { settle, type ChangedLines } from './settle.js'
import { replay } from './walk.js'

/** A migration in its place in the history. `edited` carries the text of the base, which is what databases have run. */
export type SequenceItem =
  | { readonly role: 'applied'; readonly migration: Migration }
  | { readonly role: 'added'; readonly migration: Migration }
  | { readonly role: 'edited'; readonly migration: Migration; readonly base: Migration }

export interface LintInput {
  readonly projects: readonly { readonly changes: ChangeSet; readonly sequence: readonly SequenceItem[] }[]
  readonly rules: readonly Rule[]
  readonly settings: Settings
  /** `files`: what the sequences do not create may exist all the same, and nothing is asked about the history. */
  readonly mode: 'pull' | 'files'
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
  for (const { changes, sequence } of input.projects) {
    if (input.mode === 'pull') lintHistory(panel, changes, input)
    lintSequence(panel, changes, sequence, input.mode, effects)
  }
  const changedScripts = input.projects.flatMap(({ sequence }) =>
    sequence.flatMap((item) => (item.role === 'applied' ? [] : [item.migration.up, item.migration.down])),
  )
  const settleAll = (): readonly Finding[] => settle(panel.raised, input.settings, input.changed, input.excerpt)
  const { findings, notes } = applyAllowances(panel, changedScripts, settleAll)
  return { findings, effects, notes: [...panel.notes, ...notes] }
}

function lintHistory(panel: Panel, changes: ChangeSet, { today, changed }: LintInput): void {
  const { postgres } = panel.settings
  const changedPaths = [...changed.keys()]
  const occasion: Occasion = { table: null, direction: null, migration: null, statement: null, at: null }
  for (const rule of panel.on('history')) {
    ask(panel, rule, occasion, (options) =>
      rule.check.history?.(changes, {
        options,
        postgres,
        conventions: changes.project.conventions,
        today,
        changedPaths,
      }),
    )
  }
}

function lintSequence(
  panel: Panel,
  changes: ChangeSet,
  sequence: readonly SequenceItem[],
  mode: LintInput['mode'],
  effects: Map<Script, readonly Effect[]>,
): void {
  const catalog = createCatalog({ complete: mode === 'pull' })
  const pull = sequence.flatMap((item) => (item.role === 'added' ? [item.migration] : []))
  for (const item of sequence) {
    if (item.role === 'applied') {
      replay(item.migration.up, catalog)
      continue
    }
    const hearing: Hearing = { panel, changes, migration: item.migration, pull }
    judgeScripts(hearing)
    if (item.role === 'edited') replay(item.base.up, catalog)
    else judgeMigration(hearing, catalog, effects)
  }
}
