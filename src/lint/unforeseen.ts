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
  const names = namesAtStart()
  // What was analysed and what was run is the same text, in the same order.
  const ran = steps.filter(({ phase }) => phase === direction)
  return ran.flatMap((step, index): readonly RehearsedStatement[] => {
    const statement = script.statements[index]
    if (statement === undefined || statement.sql !== step.sql) return []
    const predicted = atStart(effects[index], names.of)
    if (script.transaction === 'none' && !names.inBlock()) foreseen.clear()
    for (const { table, mode } of predicted?.locks ?? []) {
      foreseen.set(keyOf(table), strongest([mode, foreseen.get(keyOf(table)) ?? mode]) ?? mode)
    }
    const unforeseen = predicted === undefined ? null : beyond(step, statement, predicted, foreseen, born)
    for (const name of step.created) born.add(keyOf(named(name)))
    for (const operation of statement.operations) names.follow(operation, script.transaction === 'one')
    return [{ step, statement, direction, unforeseen }]
  })
}

/** Under which name the sandbox speaks of a table: the one that it had when the transaction began. */
interface Names {
  of(table: QualifiedName): QualifiedName
  follow(operation: Operation, toolTransaction: boolean): void
  /** Whether the script itself has begun a transaction and not ended it. */
  inBlock(): boolean
}

function namesAtStart(): Names {
  const first = new Map<string, QualifiedName>()
  let open = false
  const of = (table: QualifiedName): QualifiedName => first.get(keyOf(table)) ?? table
  const move = (from: QualifiedName, to: QualifiedName): void => {
    first.set(keyOf(to), of(from))
    first.delete(keyOf(from))
  }
  return {
    of,
    inBlock: () => open,
    follow(operation, toolTransaction) {
      if (operation.kind === 'transaction') {
        if (operation.action === 'begin') open = true
        if (operation.action === 'commit' || operation.action === 'rollback') open = false
      }
      if (operation.kind === 'rename-table') move(operation.table, { ...operation.table, name: operation.newName })
      if (operation.kind === 'set-schema' && operation.object === 'table')
        move(operation.name, { schema: usual(operation.newSchema), name: operation.name.name })
      if (!open && !toolTransaction) first.clear()
    },
  }
}

function atStart(effect: Effect | undefined, nameOf: Names['of']): Effect | undefined {
  if (effect === undefined) return undefined
  const locks = effect.locks.map(({ table, mode }) => ({ table: nameOf(table), mode }))
  return { locks, rewrites: effect.rewrites.map(nameOf), scans: effect.scans.map(nameOf) }
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
  const isExpected = (table: QualifiedName, mode: LockMode, expected: ReadonlyMap<string, LockMode>): boolean =>
    compareLocks(expected.get(keyOf(table)) ?? 'ACCESS SHARE', mode) >= 0
  const taken = strongestByTable(step)
  const seen = new Map(taken.map(({ table, mode }) => [keyOf(table), mode]))
  const tops = new Map(step.partitions.map(({ name, of }) => [keyOf(named(name)), named(of)]))
  /** What a statement does to a table it does to its partitions, of which nobody need have read. */
  const topOf = (table: QualifiedName): QualifiedName => tops.get(keyOf(table)) ?? table
  const locks = taken.filter(({ table, mode }) => {
    if (!existed(table) || isExpected(table, mode, foreseen)) return false
    const top = tops.get(keyOf(table))
    return top === undefined || !(isExpected(top, mode, foreseen) || isExpected(top, mode, seen))
  })
  /** Partitions are spoken of by their table, unless it is known of one of them. */
  const beyondThose = (tables: readonly string[], expected: readonly QualifiedName[]): readonly QualifiedName[] => {
    const known = [...expected, ...expected.map(topOf)]
    const left = tables
      .map(named)
      .filter((table) => existed(table) && !among(known, table) && !among(known, topOf(table)))
    return [...new Map(left.map((table) => [keyOf(topOf(table)), topOf(table)])).values()]
  }
  return {
    locks,
    rewrites: beyondThose(step.rewrites, [...predicted.rewrites, ...emptied(operations)]),
    scans: beyondThose(step.scans, [...predicted.scans, ...predicted.rewrites]),
  }
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
  return { schema: usual(relation.slice(0, dot)), name: relation.slice(dot + 1) }
}

function usual(schema: string): string {
  return schema === 'public' ? '' : schema
}
