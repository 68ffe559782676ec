import { certaintyOf, type Catalog } from '../model/catalog.js'
import type { Effect } from '../model/effect.js'
import { keyOf, show, type QualifiedName } from '../model/names.js'
import { defaultPartitionOf } from '../model/partition.js'
import type { Span } from '../source/span.js'
import { rule, type Problem } from './rule.js'

export default rule({
  meta: {
    id: 'attach-partition-scans-default',
    code: 'C14',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A new partition makes PostgreSQL search the DEFAULT partition while every query on it waits',
    why:
      'Rows that belong into the new partition must not stay in the DEFAULT one. ATTACH PARTITION and CREATE TABLE … PARTITION OF ' +
      'therefore take ACCESS EXCLUSIVE on the DEFAULT partition and read all of it, whatever is known of the new partition, unless a ' +
      'CHECK on the DEFAULT partition itself rules such rows out.',
    instead:
      'First add a CHECK to the DEFAULT partition that excludes the new bounds, NOT VALID, and validate it in a migration of its own; ' +
      'drop it afterwards. Or do without a DEFAULT partition, or keep it empty.',
    messages: {
      search:
        '{{partition}} becomes a partition of {{table}}: {{default}} is read to the end while every query on it waits',
    },
  },
  check: {
    'attach-partition'({ table, partition, span }, { catalog, effect }) {
      return searched(table, partition, span, catalog, effect)
    },
    'create-table'({ table, partitionOf, span }, { catalog, effect }) {
      return partitionOf === null ? undefined : searched(partitionOf.parent, table, span, catalog, effect)
    },
  },
})

function searched(
  parent: QualifiedName,
  partition: QualifiedName,
  at: Span,
  catalog: Catalog,
  { scans }: Effect,
): Problem<'search'> | undefined {
  const fallback = defaultPartitionOf(catalog, parent)
  if (fallback === undefined || !scans.some((each) => keyOf(each) === keyOf(fallback.name))) return
  return {
    message: 'search',
    at,
    data: { partition: show(partition), table: show(parent), default: show(fallback.name) },
    confidence: certaintyOf(catalog),
    table: fallback.name,
  }
}
