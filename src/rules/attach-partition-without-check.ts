import { certaintyOf, sureOf } from '../model/catalog.js'
import { keyOf, show } from '../model/names.js'
import { hasCheckOn } from '../model/partition.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'attach-partition-without-check',
    code: 'C13',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'existing',
    directions: 'up',
    summary: 'A table that is attached as a partition is read in full while every query on it waits',
    why:
      'ATTACH PARTITION holds ACCESS EXCLUSIVE on the new partition while it looks at each row for one outside the bounds, unless a ' +
      'validated CHECK proves that there is none; indexes that the parent has and the partition lacks are built meanwhile. On the ' +
      'parent it takes SHARE UPDATE EXCLUSIVE, from PostgreSQL 12 on, which lets reads and writes pass.',
    instead:
      'Add a CHECK that says what the bounds say, and that the key is NOT NULL, as NOT VALID; validate it and build the indexes ' +
      'concurrently, each in a migration of its own; attach; then drop the CHECK.',
    messages: {
      scan: 'Attaching {{partition}} to {{table}} reads all of {{partition}} while every query on it waits',
      indexes: 'Attaching {{partition}} to {{table}} builds indexes on it while every query on {{partition}} waits',
    },
  },
  check: {
    'attach-partition'({ table, partition, span }, { catalog, effect }) {
      if (!effect.scans.some((each) => keyOf(each) === keyOf(partition))) return
      const parent = catalog.table(table)
      const isProven = hasCheckOn(catalog.table(partition), parent?.partitionKey ?? [])
      // What proves a bound on an expression cannot be told.
      const isPlain = parent !== undefined && parent.partitionKey.length > 0
      return {
        message: isProven ? 'indexes' : 'scan',
        at: span,
        data: { table: show(table), partition: show(partition) },
        confidence: isPlain && certaintyOf(catalog) === 'certain' ? sureOf(catalog, partition) : 'likely',
        table: partition,
      }
    },
  },
})
