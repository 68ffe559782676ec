import { difference } from '../catalog/difference.js'
import type { CatalogStore } from '../catalog/store.js'
import type { ChangeSet } from '../model/change.js'
import type { Effect } from '../model/effect.js'
import type { Direction } from '../model/finding.js'
import type { Migration, Script } from '../model/migration.js'
import { keyOf } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import { sizeOf } from '../model/settings.js'
import type { Family, OperationContext, Problems } from '../rules/rule.js'
import { startOf } from '../source/span.js'
import { ask, type Occasion, type Panel, type Seat, type Told } from './ask.js'
import { stateOf, type Held } from './session.js'
import { existedBefore, subjectOf } from './subject.js'
import { walk, type Moment, type Walked } from './walk.js'

type ReadScript = Extract<Script, { kind: 'script' }>

/** One migration before the panel. */
export interface Hearing {
  readonly panel: Panel
  readonly changes: ChangeSet
  readonly migration: Migration
  /** The migrations this pull request adds, in order. */
  readonly pull: readonly Migration[]
  readonly elsewhere: ReadonlySet<string>
  readonly lockedEarlier: ReadonlyMap<string, string>
}

/** Asks the checks on whole scripts, readable or not. */
export function judgeScripts(hearing: Hearing): void {
  for (const direction of ['up', 'down'] as const) {
    const occasion = occasionOf(hearing, direction)
    const known = { ...sharedContext(hearing), direction }
    for (const seat of hearing.panel.on('script')) {
      if (direction === 'down' && seat.rule.meta.directions === 'up') continue
      ask(hearing.panel, seat, occasion, hearing.migration[direction], known)
    }
  }
}

/**
 * Asks the checks on operations in both directions, then those on the migration as a whole. Leaves the catalog after up.
 * `held` and what it returns are locks of the tool's transaction before and after up, where all migrations share one.
 */
export function judgeMigration(
  hearing: Hearing,
  catalog: CatalogStore,
  effects: Map<Script, readonly Effect[]>,
  held: readonly Held[],
): readonly Held[] {
  const { up, down } = hearing.migration
  const before = catalog.fork()
  if (up.kind === 'refused') catalog.loseSight()
  const raised = up.kind === 'script' ? judgeOperations(hearing, up, catalog, 'up', held) : null
  if (up.kind === 'script' && raised !== null) effects.set(up, raised.effects)
  const undone = down.kind === 'script' ? catalog.fork() : null
  if (down.kind === 'script' && undone) effects.set(down, judgeOperations(hearing, down, undone, 'down', []).effects)
  const residue = undone === null || up.kind !== 'script' ? [] : residueOf(before, catalog, undone)
  const undoing = undone === null ? [] : difference(catalog, undone)
  const occasion = occasionOf(hearing, null)
  const known = { ...sharedContext(hearing), before, afterUp: catalog, afterDown: undone, residue, undoing }
  for (const seat of hearing.panel.on('migration')) {
    ask(hearing.panel, seat, occasion, hearing.migration, known)
  }
  return raised?.held ?? []
}

/**
 * What is not as before. Where not everything is known, what down creates and up did not leave may be what up dropped: an
 * object that nobody saw before. The columns of a table that was seen created are known all the same.
 */
function residueOf(before: CatalogStore, afterUp: CatalogStore, afterDown: CatalogStore): readonly string[] {
  const lines = difference(before, afterDown)
  if (before.complete || lines.length === 0) return lines
  const restored = new Set(difference(afterUp, afterDown))
  const seen = [...before.tables].filter(({ complete }) => complete).map(({ name }) => `column ${keyOf(name)}.`)
  const isKnown = (line: string): boolean => seen.some((column) => line.startsWith(column))
  return lines.filter((line) => !line.endsWith(' remains') || !restored.has(line) || isKnown(line))
}

function judgeOperations(
  hearing: Hearing,
  script: ReadScript,
  catalog: CatalogStore,
  direction: Direction,
  held: readonly Held[],
): Walked {
  const { settings } = hearing.changes.project.conventions
  const known = { postgres: hearing.panel.settings.postgres, held, ...(settings === undefined ? {} : { settings }) }
  return walk(script, catalog, known, (moment) => {
    judgeOperation(hearing, script, catalog, direction, moment)
    judgeInside(hearing, script, catalog, direction, moment)
  })
}

function judgeOperation(
  hearing: Hearing,
  script: ReadScript,
  catalog: CatalogStore,
  direction: Direction,
  { statement, operation, effect, session }: Moment,
): void {
  const { panel, changes, migration, pull, elsewhere, lockedEarlier } = hearing
  // A check stands under the operation's own kind or for every kind, which the compiler cannot see through an index.
  const particular = panel.on(operation.kind) as readonly Seat<Check>[]
  const general = panel.on('operation') as readonly Seat<Check>[]
  const waiting = effect.locks.length === 0 ? [] : (panel.on('lock') as readonly Seat<Check>[])
  if (particular.length + general.length + waiting.length === 0) return
  const table = subjectOf(operation, catalog)
  const existing = table === null || existedBefore(catalog.born(table))
  const { id } = migration.revision
  const occasion: Occasion = { table, direction, migration: id, statement: statement.span, at: statement.span }
  const known: Told<OperationContext<unknown>> = {
    postgres: panel.settings.postgres,
    conventions: changes.project.conventions,
    migration,
    pull,
    direction,
    script,
    statement,
    catalog,
    effect,
    elsewhere,
    lockedEarlier,
    session: stateOf(session),
    sizeOf: (name) => sizeOf(panel.settings, name),
  }
  for (const seats of [particular, general, waiting]) {
    for (const seat of seats) {
      const { meta } = seat.rule
      if (direction === 'down' && meta.directions === 'up') continue
      if (meta.tables === 'existing' && !existing) continue
      ask(panel, seat, occasion, operation, known)
    }
  }
}

type Check = (on: Operation, context: OperationContext<unknown>) => Problems<string>

/** What these rules look for outlives a DO block; rules on locks and reading look inside by themselves. */
const OUTLIVES_BLOCK: ReadonlySet<Family> = new Set(['data-loss', 'compatibility', 'history'])

/** What a DO block destroys or breaks is as gone as if it stood outside. */
function judgeInside(
  hearing: Hearing,
  script: ReadScript,
  catalog: CatalogStore,
  direction: Direction,
  moment: Moment,
): void {
  if (moment.operation.kind !== 'do') return
  const inside = catalog.fork()
  const panel: Panel = {
    ...hearing.panel,
    on: (key) => hearing.panel.on(key).filter(({ rule: { meta } }) => OUTLIVES_BLOCK.has(meta.family)),
  }
  for (const operation of moment.operation.inner) {
    judgeOperation({ ...hearing, panel }, script, inside, direction, { ...moment, operation })
    inside.apply(operation, 'transaction')
  }
}

function sharedContext({ panel, changes, migration, pull }: Hearing) {
  return { postgres: panel.settings.postgres, conventions: changes.project.conventions, migration, pull }
}

function occasionOf({ migration }: Hearing, direction: Direction | null): Occasion {
  const { id, path } = migration.revision
  return { table: null, direction, migration: id, statement: null, at: startOf(path) }
}
