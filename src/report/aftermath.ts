import type { Rehearsal, SchemaChange } from '../model/evidence.js'
import { operationsOf } from '../model/migration.js'
import { quote, show } from '../model/names.js'
import type { Operation } from '../model/operation.js'
import type { ReviewedMigration } from '../model/review.js'
import { bare } from './schema-name.js'
import { count } from './wording.js'

/** SQL to be run by hand, and what for. */
export interface Query {
  readonly why: string
  readonly sql: string
}

/** What a way back costs: what was written into what up adds, and what up itself has thrown away. */
export function losses(migration: ReviewedMigration, rehearsal: Rehearsal | null): readonly string[] {
  if (migration.down.script.kind === 'absent' || migration.down.script.kind === 'irreversible') return []
  const saves = operationsOf(migration.down.script).some(({ kind }) => MOVES_ROWS.has(kind))
  const since = saves ? ', as far as the down script does not carry it over' : ''
  const { added, dropped } = changesOf(migration, rehearsal)
  return [
    ...added.map((what) => `what is written into ${what} after the release${since}`),
    ...(rehearsal?.lost ?? []).map(({ table, column, rows }) =>
      column === null
        ? `rows of ${table} that up removes: ${count(rows, 'generated row')} did not come back`
        : `values of ${table}.${column} that up removes: ${count(rows, 'generated value')} did not come back`,
    ),
    ...(kept(rehearsal)
      ? []
      : dropped
          .filter((what) => !(rehearsal?.lost ?? []).some(({ table, column }) => named(table, column) === what))
          .map((what) => `what ${what} held before up: whether it comes back was not shown`)),
  ]
}

const MOVES_ROWS: ReadonlySet<Operation['kind']> = new Set([
  'insert',
  'update',
  'merge',
  'copy',
  'do',
  'call',
  'unmodelled',
])

/** Whether rows were there, and all of them came back. */
function kept(rehearsal: Rehearsal | null): boolean {
  return (
    rehearsal !== null && rehearsal.verdict === 'reversible' && rehearsal.rows > 0 && rehearsal.unfilled.length === 0
  )
}

function named(table: string, column: string | null): string {
  return column === null ? `the table ${table}` : `${table}.${column}`
}

/** Tables and columns that come and go: as the rehearsal saw it, else as the statements say. */
function changesOf(
  { up }: ReviewedMigration,
  rehearsal: Rehearsal | null,
): { readonly added: readonly string[]; readonly dropped: readonly string[] } {
  if (rehearsal?.schema) {
    const { changes } = rehearsal.schema
    return {
      added: holders(changes, ({ before }) => before === null),
      dropped: holders(changes, ({ after }) => after === null),
    }
  }
  const operations = operationsOf(up.script)
  return {
    added: operations.flatMap((operation) =>
      operation.kind === 'create-table'
        ? [named(show(operation.table), null)]
        : operation.kind === 'add-column'
          ? [named(show(operation.table), operation.column.name)]
          : [],
    ),
    dropped: operations.flatMap((operation) =>
      operation.kind === 'drop-table'
        ? [named(show(operation.table), null)]
        : operation.kind === 'drop-column'
          ? [named(show(operation.table), operation.column)]
          : [],
    ),
  }
}

/** The tables and, of the other tables, the columns for which something is so. */
function holders(changes: readonly SchemaChange[], so: (change: SchemaChange) => boolean): readonly string[] {
  const tables = changes.filter((change) => change.kind === 'table' && so(change)).flatMap(({ table }) => table ?? [])
  const columns = changes.filter(
    (change) => change.kind === 'column' && so(change) && !tables.includes(change.table ?? ''),
  )
  return [
    ...tables.map((table) => named(bare(table), null)),
    ...columns.map(({ table, name }) => named(bare(table ?? ''), name)),
  ]
}

/** What to look at in production before up, and what to clean there. */
export function queries({ revision, violations, dataDependent }: Rehearsal): readonly Query[] {
  return [
    ...(dataDependent?.query
      ? [{ why: `rows on which the up of ${revision.id} fails (${dataDependent.message})`, sql: dataDependent.query }]
      : []),
    ...violations.map(({ constraint, table, query }) => ({
      why: `rows of ${table} that break ${constraint}`,
      sql: query,
    })),
  ]
}

/** What may be left over: after an index is built in vain, and after a down script that does not undo everything. */
export function leftovers({ up }: ReviewedMigration, rehearsal: Rehearsal | null): readonly Query[] {
  const built = operationsOf(up.script).flatMap((operation) => {
    if (operation.kind !== 'create-index' || !operation.concurrently) return []
    const { name, table } = operation
    if (name === null)
      return [{ why: `an invalid index on ${show(table)}, when it could not be built to the end`, sql: INVALID }]
    const index = quote({ schema: table.schema, name })
    return [
      {
        why: `the invalid index ${name}, when it could not be built to the end`,
        sql: `DROP INDEX CONCURRENTLY IF EXISTS ${index};`,
      },
    ]
  })
  return [...built, ...(rehearsal?.residue ?? []).flatMap(removal)]
}

/** https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY */
const INVALID = 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;'

const WHOLE =
  /^(table|index|view|materialized view|sequence|function|procedure|aggregate|schema|type|domain|extension) (.+) remains$/s
const ENUM = /^(?:enum|range type) (.+) remains$/s
const PART = /^(column|constraint) (.+\..+)\.("(?:[^"]|"")*"|[^."]+) remains$/s
const ON_TABLE = /^(trigger|policy|rule) (.+\..+)\.("(?:[^"]|"")*"|[^."]+) remains$/s

/** The statement that takes away what a down script leaves; none for what it has taken too much. */
function removal(line: string): readonly Query[] {
  const why = `after down, ${bare(line)}`
  const [, kind, name] = WHOLE.exec(line) ?? []
  if (kind !== undefined && name !== undefined) return [{ why, sql: `DROP ${kind.toUpperCase()} ${name};` }]
  const type = ENUM.exec(line)?.[1]
  if (type !== undefined) return [{ why, sql: `DROP TYPE ${type};` }]
  const [, part, table, own] = PART.exec(line) ?? []
  if (part !== undefined) return [{ why, sql: `ALTER TABLE ${table} DROP ${part.toUpperCase()} ${own};` }]
  const [, object, on, called] = ON_TABLE.exec(line) ?? []
  return object === undefined ? [] : [{ why, sql: `DROP ${object.toUpperCase()} ${called} ON ${on};` }]
}
