import { isOld, sureOf, type Catalog } from '../model/catalog.js'
import { keyOf, quote, show, type QualifiedName } from '../model/names.js'
import { defaultPartitionOf } from '../model/partition.js'
import { rule } from './rule.js'

export default rule({
  meta: {
    id: 'create-partition-of-locks-parent',
    code: 'C15',
    family: 'blocking',
    weight: 'warning',
    confidence: 'certain',
    tables: 'any',
    directions: 'up',
    summary: 'A partition is created under a lock that stops every query on the partitioned table',
    why:
      'CREATE TABLE … PARTITION OF takes ACCESS EXCLUSIVE on the parent, which is what the application queries. The work is short, but ' +
      'it first waits for every running transaction that touched the table, and everything that comes later waits behind it.',
    instead:
      'Create the table by itself, with LIKE, and ATTACH it: from PostgreSQL 12 on that takes SHARE UPDATE EXCLUSIVE on the parent, ' +
      'which lets reads and writes pass, and there is nothing to read in an empty table.',
    messages: { lock: 'Creating partition {{partition}} stops every query on {{table}} until the transaction ends' },
  },
  check: {
    'create-table'({ table, partitionOf, ifNotExists, partitionBy, columns, constraints, span }, context) {
      const { catalog, effect, statement, postgres } = context
      if (partitionOf === null || !isOld(catalog, partitionOf.parent)) return
      const { parent } = partitionOf
      if (ifNotExists && catalog.table(table) !== undefined) return
      // Where the DEFAULT partition is searched, that is what takes long.
      const fallback = defaultPartitionOf(catalog, parent)
      if (fallback && effect.scans.some((each) => keyOf(each) === keyOf(fallback.name))) return
      const isPlain = partitionBy === null && columns.length === 0 && constraints.length === 0 && !ifNotExists
      const bounds = /(?:\bFOR\s+VALUES\b[^;]*|\bDEFAULT\s*);?\s*$/i.exec(statement.sql)?.[0].replace(/\s*;?\s*$/, '')
      return {
        message: 'lock',
        at: span,
        data: { partition: show(table), table: show(parent) },
        confidence: sureOf(catalog, parent),
        table: parent,
        ...(isPlain && bounds && postgres >= 12 ? { fix: createThenAttach(table, parent, bounds, catalog) } : {}),
      }
    },
  },
})

function createThenAttach(table: QualifiedName, parent: QualifiedName, bounds: string, catalog: Catalog): string {
  const generated = catalog.table(parent)?.columns.some((column) => column.generated !== null) === true
  const like = `LIKE ${quote(parent)} INCLUDING DEFAULTS INCLUDING CONSTRAINTS${generated ? ' INCLUDING GENERATED' : ''}`
  return [
    `CREATE TABLE ${quote(table)} (${like});`,
    `ALTER TABLE ${quote(parent)} ATTACH PARTITION ${quote(table)} ${bounds};`,
  ].join('\n')
}
