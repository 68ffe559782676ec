import { sureOf, type Catalog } from '../model/catalog.js'
import { closing, heldSince } from '../model/held.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import type { OperationOf } from '../model/operation.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'create-index-non-concurrently',
    code: 'C1',
    family: 'blocking',
    weight: 'error',
    confidence: 'certain',
    tables: 'existing',
    directions: 'both',
    summary: 'An index is built on an existing table while every write to the table waits',
    why:
      'CREATE INDEX holds a SHARE lock from its first row to its last: reads go on, but INSERT, UPDATE and DELETE wait for the ' +
      'whole build, which takes minutes on a table of some size. After an ALTER TABLE in the same transaction the table is under ' +
      'ACCESS EXCLUSIVE by then, and nobody reads it either.',
    instead:
      'Build it with CREATE INDEX CONCURRENTLY in a migration of its own that runs outside a transaction, and look at ' +
      '`pg_index.indisvalid` afterwards. For a partitioned table create the index ON ONLY the parent, build it concurrently on ' +
      'each partition, and attach those.',
    messages: {
      build: 'Building {{index}} blocks every write to {{table}} until it is done',
      partitions: 'Building {{index}} blocks every write to {{table}} and all its partitions until it is done',
      closed:
        'Building {{index}} keeps {{table}} closed to reads and writes: line {{line}} has locked it in the same transaction',
      closedTogether:
        'Building {{index}} keeps {{table}} closed to reads and writes: line {{line}} of {{file}} has locked it, and {{tool}} runs all ' +
        'that is pending in one transaction, unless you {{together}}',
    },
  },
  check: {
    'create-index'(operation, { catalog, conventions, session, statement }) {
      if (operation.concurrently) return
      const table = catalog.table(operation.table)
      // ON ONLY a partitioned table builds nothing.
      if (table?.persistence === 'temporary' || (operation.only && table?.partitioned !== false)) return
      const fix = table?.partitioned ? onPartitions(operation, catalog) : concurrently(statement.sql)
      const closed = closing(session.held, operation.table)
      const since = closed && heldSince(closed, operation, conventions)
      const alone = table?.partitioned ? 'partitions' : 'build'
      return {
        message: since === undefined ? alone : since.together === '' ? 'closed' : 'closedTogether',
        at: operation.span,
        ...(closed === undefined ? {} : { related: [closed.at] }),
        data: {
          index: operation.name === null ? 'an index' : `index ${operation.name}`,
          table: show(operation.table),
          ...since,
        },
        confidence: sureOf(catalog, operation.table),
        ...(fix === null ? {} : { fix }),
      }
    },
  },
})

const HEAD = /^\s*CREATE\s+(UNIQUE\s+)?INDEX\b/i

function concurrently(sql: string): string | null {
  const head = HEAD.exec(sql)?.[0]
  return head === undefined ? null : `${head.trim()} CONCURRENTLY${sql.slice(head.length).replace(/[\s;]*$/, ';')}`
}

function onPartitions({ table, name, keys, unique }: OperationOf<'create-index'>, catalog: Catalog): string | null {
  const columns = keys.map(({ column }) => column)
  if (name === null || columns.some((column) => column === null)) return null
  const key = columns.map((column) => quote(column ?? '')).join(', ')
  const create = unique ? 'CREATE UNIQUE INDEX' : 'CREATE INDEX'
  const partitions = [...catalog.tables].filter(({ partitionOf }) => partitionOf !== null && same(partitionOf, table))
  return [
    `${create} ${quote(name)} ON ONLY ${quote(table)} (${key});`,
    ...partitions.flatMap((partition) => {
      const own = { schema: partition.name.schema, name: `${partition.name.name}_${name}` }
      return [
        '-- in a migration of its own, outside a transaction:',
        `${create} CONCURRENTLY ${quote(own.name)} ON ${quote(partition.name)} (${key});`,
        `ALTER INDEX ${quote({ schema: table.schema, name })} ATTACH PARTITION ${quote(own)};`,
      ]
    }),
  ].join('\n')
}

function same(a: QualifiedName, b: QualifiedName): boolean {
  return keyOf(a) === keyOf(b)
}
