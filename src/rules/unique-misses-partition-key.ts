import { allConstraints } from '../model/constraint.js'
import { certaintyOf } from '../model/catalog.js'
import { show, type QualifiedName } from '../model/names.js'
import type { TableConstraint } from '../model/operations/table.js'
import type { Span } from '../source/span.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'unique-misses-partition-key',
    code: 'F15',
    family: 'failure',
    weight: 'error',
    confidence: 'certain',
    tables: 'any',
    directions: 'both',
    summary: 'A key of a partitioned table lacks a column of the partition key',
    why:
      'Each partition has an index of its own, so that PostgreSQL can tell only within one partition whether a value is there twice. It ' +
      'refuses a primary key, a unique constraint or a unique index without all columns of the partition key ' +
      '(https://www.postgresql.org/docs/current/ddl-partitioning.html).',
    instead:
      'Add the columns of the partition key to the key, or make the key on each partition, where it holds within that partition.',
    messages: { misses: '{{key}} of the partitioned table {{table}} lacks {{columns}}, by which it is partitioned' },
  },
  check: {
    'create-table'({ table, columns, constraints, partitionBy }) {
      if (partitionBy === null) return
      const all = allConstraints({ columns, constraints })
      return all.flatMap((constraint) => ofConstraint(table, constraint, partitionBy.columns))
    },
    'add-constraint'({ table, constraint }, { catalog }) {
      const known = catalog.table(table)
      if (!known?.partitioned) return
      return ofConstraint(table, constraint, known.partitionKey).map((each) => ({
        ...each,
        confidence: certaintyOf(catalog),
      }))
    },
    'create-index'({ table, unique, keys, span }, { catalog }) {
      const known = catalog.table(table)
      if (!unique || !known?.partitioned) return
      const columns = keys.flatMap(({ column }) => column ?? [])
      const found = problem('A unique index', table, columns, known.partitionKey, span)
      return found.map((each) => ({ ...each, confidence: certaintyOf(catalog) }))
    },
  },
})

function ofConstraint(
  table: QualifiedName,
  constraint: TableConstraint,
  key: readonly string[],
): readonly Problem<'misses'>[] {
  if (constraint.type !== 'primary-key' && constraint.type !== 'unique') return []
  if (constraint.usingIndex !== null) return []
  const what = constraint.type === 'unique' ? 'A unique constraint' : 'The primary key'
  return problem(what, table, constraint.columns, key, constraint.span)
}

function problem(
  key: string,
  table: QualifiedName,
  columns: readonly string[],
  needed: readonly string[],
  at: Span,
): readonly Problem<'misses'>[] {
  const missing = needed.filter((column) => !columns.includes(column))
  if (missing.length === 0) return []
  return [{ message: 'misses', at, data: { key, table: show(table), columns: missing.join(' and ') } }]
}
