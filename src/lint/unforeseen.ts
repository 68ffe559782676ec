import { compareLocks, strongest, type Effect, type LockMode } from '../model/effect.js'
import type { Rehearsal, RehearsalStep } from '../model/evidence.js'
import type { Direction } from '../model/finding.js'
import type { Statement } from '../model/migration.js'
import { keyOf, type QualifiedName } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { ReviewedMigration, ReviewedScript } from '../model/review.js'
import type { RehearsedStatement } from '../rules/rule.js'

/**
 * The statements that a rehearsal ran, each with what it did to relations that existed before the pull request beyond what
 * was predicted. `born` holds those that the pull request created, and is told of those that this migration creates.
 */
export function unforeseenIn(
  migration: ReviewedMigration,
  rehearsal: Rehearsal,
  born: Set<string>,
): readonly RehearsedStatement[] {
  const statements = (['up', 'down'] as const).flatMap((direction) =>
    rehearsedIn(migration[direction], rehearsal.steps, direction, born),
  )
  bornIn(migration, born)
  return statements
}

/** Tells of the relations that a migration's own text creates. */
export function bornIn({ change, up: { script } }: ReviewedMigration, born: Set<string>): void {
  if (change !== 'added' || script.kind !== 'script') return
  for (const { operations } of script.statements) for (const operation of operations) createdBy(operation, born)
}

function createdBy(operation: Operation, born: Set<string>): void {
  if (operation.kind === 'create-table') born.add(keyOf(operation.table))
  else if (operation.kind === 'create-view') born.add(keyOf(operation.view))
  else if (operation.kind === 'do') for (const inner of operation.inner) createdBy(inner, born)
}

function rehearsedIn(
  { script, effects }: ReviewedScript,
  steps: readonly RehearsalStep[],
  direction: Direction,
  born: Set<string>,
): readonly RehearsedStatement[] {
  if (script.kind !== 'script') return []
  const foreseen = new Map<string, LockMode>()
  // What was analysed and what was run is the same text, in the same order.
  const ran = steps.filter(({ phase }) => phase === direction)
  return ran.flatMap((step, index): readonly RehearsedStatement[] => {
    const statement = script.statements[index]
    if (statement === undefined || statement.sql !== step.sql) return []
    const predicted = effects[index]
    if (script.transaction === 'none') foreseen.clear()
    for (const { table, mode } of predicted?.locks ?? []) {
      foreseen.set(keyOf(table), strongest([mode, foreseen.get(keyOf(table)) ?? mode]) ?? mode)
    }
    const unforeseen = predicted === undefined ? null : beyond(step, statement, predicted, foreseen, born)
    for (const name of step.created) born.add(keyOf(named(name)))
    return [{ step, statement, direction, unforeseen }]
  })
}

function beyond(
  step: RehearsalStep,
  { operations }: Statement,
  predicted: Effect,
  foreseen: ReadonlyMap<string, LockMode>,
  born: ReadonlySet<string>,
): Effect {
  const existed = (table: QualifiedName): boolean => !born.has(keyOf(table))
  const among = (tables: readonly QualifiedName[], table: QualifiedName): boolean =>
    tables.some((each) => keyOf(each) === keyOf(table))
  const locks = strongestByTable(step).filter(({ table, mode }) => {
    const expected = foreseen.get(keyOf(table))
    return existed(table) && (expected === undefined || compareLocks(expected, mode) < 0)
  })
  const rewrites = step.rewrites
    .map(named)
    .filter((table) => existed(table) && !among(predicted.rewrites, table) && !among(emptied(operations), table))
  const scans = step.scans
    .map(named)
    .filter((table) => existed(table) && !among([...predicted.scans, ...predicted.rewrites], table))
  return { locks, rewrites, scans }
}

function strongestByTable({ locks }: RehearsalStep): Effect['locks'] {
  const modes = new Map<string, LockMode>()
  for (const { object, mode } of locks) modes.set(object, strongest([mode, modes.get(object) ?? mode]) ?? mode)
  return [...modes].map(([object, mode]) => ({ table: named(object), mode }))
}

/** Filled again after it was emptied, a table looks as if its rows had been written anew. */
function emptied(operations: readonly Operation[]): readonly QualifiedName[] {
  return operations.flatMap((operation) =>
    operation.kind === 'truncate' ? [operation.table] : operation.kind === 'do' ? emptied(operation.inner) : [],
  )
}

/** The name of a relation that the sandbox writes in full, such as `public.orders`; the usual schema goes without saying. */
function named(relation: string): QualifiedName {
  const dot = relation.indexOf('.')
  const schema = relation.slice(0, dot)
  return { schema: schema === 'public' ? '' : schema, name: relation.slice(dot + 1) }
}
