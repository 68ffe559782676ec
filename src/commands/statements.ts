import type { Finding } from '../model/finding.js'
import type { Operation } from '../model/operation.js'
import type { Review, ReviewedMigration } from '../model/review.js'
import { explainScript, type Explanation } from '../report/explain.js'
import { locksOf, statementsOf, type TableLock } from '../report/locks.js'
import { contains, type Span } from '../source/span.js'

/** A statement of the report under the number by which people name it. */
export interface Numbered extends Omit<Explanation, 'findings'> {
  /** From 1, through all scripts of the report in order. */
  readonly number: number
  readonly migration: ReviewedMigration
  readonly at: Span
  /** The locks on each table, as foreseen and as seen. */
  readonly tables: readonly TableLock[]
  readonly operations: readonly Operation[]
  /** What was found in it and stands. */
  readonly found: readonly Finding[]
}

/** All statements of a report, in the order in which it shows them: migration by migration, up before down. */
export function numbered(review: Review, textOf: (span: Span) => string): readonly Numbered[] {
  const locks = locksOf(review)
  const open = new Map<string, Finding[]>()
  for (const finding of review.findings.filter(({ allowed }) => allowed === null)) {
    const { path } = finding.at
    const there = open.get(path)
    if (there === undefined) open.set(path, [finding])
    else there.push(finding)
  }
  const all = review.migrations.flatMap((migration) =>
    (['up', 'down'] as const).flatMap((direction) => {
      const explanations = explainScript(migration[direction], direction, [], textOf)
      return statementsOf(migration[direction]).flatMap(({ statement: { span, sql, operations } }, i) => {
        const explanation = explanations[i]
        if (explanation === undefined) return []
        const mine = (lock: TableLock): boolean => lock.direction === direction && lock.at === span && lock.sql === sql
        const nearby = open.get(span.path) ?? []
        const found = nearby.filter((finding) => finding.direction === direction && contains(span, finding.at))
        return [{ ...explanation, migration, at: span, tables: locks.filter(mine), operations, found }]
      })
    }),
  )
  return all.map((each, i) => ({ ...each, number: i + 1 }))
}
