import { difference } from '../catalog/difference.js'
import type { CatalogStore } from '../catalog/store.js'
import type { ChangeSet } from '../model/change.js'
import type { Effect } from '../model/effect.js'
import type { Direction } from '../model/finding.js'
import type { Migration, Script } from '../model/migration.js'
import { keyOf, type QualifiedName } from '../model/names.js'
import type { OperationKind } from '../model/operation.js'
import { sizeOf, type TableSize } from '../model/settings.js'
import type { Family, OperationContext, Problems, Rule } from '../rules/rule.js'
import { startOf } from '../source/span.js'
import { ask, type Occasion, type Panel } from './ask.js'
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
}

/** Asks the checks on whole scripts, readable or not. */
export function judgeScripts(hearing: Hearing): void {
  for (const direction of ['up', 'down'] as const) {
    const occasion = occasionOf(hearing, direction)
    const known = { ...sharedContext(hearing), direction }
    for (const rule of hearing.panel.on('script')) {
      if (direction === 'down' && rule.meta.directions === 'up') continue
      ask(hearing.panel, rule, occasion, rule.check.script, hearing.migration[direction], known)
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
  for (const rule of hearing.panel.on('migration')) {
    ask(hearing.panel, rule, occasion, rule.check.migration, hearing.migration, known)
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
  const particular = hearing.panel.on(operation.kind)
  const general = hearing.panel.on('operation')
  if (particular.length + general.length === 0) return
  const table = subjectOf(operation, catalog)
  const existing = table === null || existedBefore(catalog.born(table))
  const occasion = { ...occasionOf(hearing, direction), table, statement: statement.span, at: statement.span }
  const { elsewhere } = hearing
  const size = (name: QualifiedName): TableSize => sizeOf(hearing.panel.settings, name)
  const asks = { direction, script, statement, catalog, effect, elsewhere, session: stateOf(session), sizeOf: size }
  const known = { ...sharedContext(hearing), ...asks }
  const asked = (key: OperationKind | 'operation', rules: readonly Rule[]): void => {
    for (const rule of rules) {
      if (direction === 'down' && rule.meta.directions === 'up') continue
      if (rule.meta.tables === 'existing' && !existing) continue
      // The key is the operation's own kind or every kind, which the compiler cannot see through an index.
      const check = rule.check[key] as (on: typeof operation, context: OperationContext<never>) => Problems<string>
      ask(hearing.panel, rule, occasion, check, operation, known)
    }
  }
  asked(operation.kind, particular)
  asked('operation', general)
}

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
    on: (key) => hearing.panel.on(key).filter(({ meta }) => OUTLIVES_BLOCK.has(meta.family)),
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
