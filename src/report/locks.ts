import { blockedBy, type Blocked, compareLocks, type Effect, type LockMode, strongest } from '../model/effect.js'
import type { ObservedLock, Rehearsal, RehearsalStep } from '../model/evidence.js'
import { keyOf, show } from '../model/names.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { isSameRevision, type Script } from '../model/migration.js'
import type { Span } from '../source/span.js'

/** A lock that one statement takes on one table, as it was foreseen and as it was seen. */
export interface TableLock {
  readonly at: Span
  readonly direction: 'up' | 'down'
  readonly sql: string
  readonly table: string
  /** null: none was foreseen. */
  readonly predicted: LockMode | null
  /** null: no rehearsal saw it; what must run outside a transaction has no locks left when it ends. */
  readonly observed: LockMode | null
  /** Whether an earlier statement of the transaction had taken it already. */
  readonly held: boolean
  /** What was seen is not what was foreseen. Of tables that the change itself makes nothing is foreseen. */
  readonly differs: boolean
  /** What it makes others wait for, the worse of the two. */
  readonly blocks: readonly Blocked[]
  readonly rewrite: boolean
}

/** The locks of a review's migrations, in the order of their statements. */
export function locksOf({ migrations, rehearsals }: Pick<Review, 'migrations' | 'rehearsals'>): readonly TableLock[] {
  return migrations.flatMap((migration) => {
    const rehearsal = rehearsals.find(({ revision }) => isSameRevision(revision, migration.revision))
    return (['up', 'down'] as const).flatMap((direction) => locksOfScript(migration, direction, rehearsal))
  })
}

function locksOfScript(
  migration: ReviewedMigration,
  direction: 'up' | 'down',
  rehearsal: Rehearsal | undefined,
): readonly TableLock[] {
  const { script } = migration[direction]
  const whole = script.kind === 'script' && script.transaction === 'one'
  const taken = new Map<string, Set<LockMode>>()
  return statementsOf(migration[direction]).flatMap(({ statement, effect }) => {
    const { sql, span: at } = statement
    const step = stepOf(direction, sql, at, rehearsal)
    const predicted = strongestByTable(effect.locks.map(({ table, mode }) => ({ key: keyOf(table), mode })))
    const observed = strongestByTable((step?.locks ?? []).map(({ object, mode }) => ({ key: tableOf(object), mode })))
    const rewritten = new Set([...effect.rewrites.map(keyOf), ...(step?.rewrites ?? []).map(tableOf)])
    const names = new Map(effect.locks.map(({ table }) => [keyOf(table), show(table)]))
    const locks = [...new Set([...predicted.keys(), ...observed.keys()])].flatMap((table): readonly TableLock[] => {
      const foreseen = predicted.get(table) ?? null
      const seen = observed.get(table) ?? null
      // What blocks nobody is worth a line only where it was foreseen.
      if (foreseen === null && (seen === null || blockedBy(seen).length === 0)) return []
      const held = whole && foreseen !== null && seen !== foreseen && taken.get(table)?.has(foreseen) === true
      const worse = strongest([foreseen, seen].filter((mode) => mode !== null))
      return [
        {
          at,
          direction,
          sql,
          table: names.get(table) ?? table,
          predicted: foreseen,
          observed: seen,
          held,
          differs: seen !== null && foreseen !== null && seen !== foreseen && !held,
          blocks: worse === null ? [] : blockedBy(worse),
          rewrite: rewritten.has(table),
        },
      ]
    })
    for (const [table, mode] of observed) taken.set(table, (taken.get(table) ?? new Set()).add(mode))
    return locks
  })
}

function stepOf(
  direction: 'up' | 'down',
  sql: string,
  at: Span,
  rehearsal: Rehearsal | undefined,
): RehearsalStep | undefined {
  return rehearsal?.steps.find(
    (step) => step.phase === direction && step.sql === sql && step.at.start.line === at.start.line,
  )
}

/** A statement may lock a table more than once; the strongest is what others wait for. */
function strongestByTable(
  locks: readonly { readonly key: string; readonly mode: LockMode }[],
): ReadonlyMap<string, LockMode> {
  const strong = new Map<string, LockMode>()
  for (const { key, mode } of locks) {
    const known = strong.get(key)
    if (known === undefined || compareLocks(mode, known) > 0) strong.set(key, mode)
  }
  return strong
}

/** A sandbox names a relation with its schema. */
function tableOf(object: ObservedLock['object']): string {
  return object.replace(/^public\./, '')
}

/** The statements of a script with what each does. */
export function statementsOf({ script, effects }: ReviewedMigration['up']): readonly {
  readonly statement: Extract<Script, { kind: 'script' }>['statements'][number]
  readonly effect: Effect
}[] {
  if (script.kind !== 'script') return []
  const none: Effect = { locks: [], rewrites: [], scans: [] }
  return script.statements.map((statement, i) => ({ statement, effect: effects[i] ?? none }))
}
