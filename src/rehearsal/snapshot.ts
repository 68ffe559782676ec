import type { RowCount } from '../model/evidence.js'
import type { Session } from '../sandbox/sandbox.js'
import { literal } from './seed/literal.js'

/** The rows of a table, each value as PostgreSQL writes it. */
export interface TableRows {
  readonly columns: readonly string[]
  /** Columns of the primary key; none when there is none. */
  readonly key: readonly string[]
  readonly rows: readonly (readonly (string | null)[])[]
}

/** The rows of every table, and those tables whose rows could not be read. */
export interface Snapshot {
  readonly tables: ReadonlyMap<string, TableRows>
  readonly unread: readonly { readonly table: string; readonly reason: string }[]
}

/** More rows than that in a table are not compared one by one. */
const MOST_ROWS = 2000

/** Reads the rows of all tables but the tool's own, or of some; partitions as part of what they belong to. */
export async function snapshot(
  session: Session,
  bookkeeping: readonly string[],
  only?: ReadonlySet<string>,
): Promise<Snapshot> {
  const left = new Set(bookkeeping.map((name) => (name.includes('.') ? name : `public.${name}`)))
  const [listed] = await session.read([tables(only)])
  if (listed === undefined || 'error' in listed) throw new Error(`the tables could not be read: ${listed?.error}`)
  const found = listed.rows
    .map(([fact]) => JSON.parse(fact ?? '') as { name: string; only: string; columns: string[]; key: string[] })
    .filter(({ name }) => !left.has(name) && (only?.has(name) ?? true))
  const answers = await session.read(
    found.map(({ name, only, columns }) => `SELECT ${columns.join(', ')} FROM ${only} ${name} LIMIT ${MOST_ROWS + 1}`),
  )
  const read = new Map<string, TableRows>()
  const unread: Snapshot['unread'][number][] = []
  found.forEach(({ name, columns, key }, at) => {
    const answer = answers[at]
    if (answer === undefined || 'error' in answer)
      unread.push({ table: shown(name), reason: answer?.error ?? 'no answer' })
    else if (answer.rows.length > MOST_ROWS) {
      unread.push({ table: shown(name), reason: `it holds more than ${MOST_ROWS} rows, which are not compared` })
    } else read.set(shown(name), { columns, key, rows: answer.rows })
  })
  return { tables: read, unread }
}

/** A name as a person says it. */
export function shown(name: string): string {
  return name.replace(/^public\./, '')
}

/** All tables, or those of these names that there are. */
function tables(only?: ReadonlySet<string>): string {
  const names = only && [...only].map((name) => `pg_catalog.to_regclass(${literal(name)})`)
  const among = names === undefined ? '' : ` AND c.oid = ANY (ARRAY[${names.join(', ')}]::pg_catalog.oid[])`
  return `${TABLES}${among} ORDER BY n.nspname, c.relname`
}

const TABLES = `SELECT json_build_object('name', c.oid::regclass::text, 'only', CASE c.relkind WHEN 'r' THEN 'ONLY' ELSE '' END,
    'columns', coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY a.attname) FROM pg_catalog.pg_attribute a
       WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''), '[]'),
    'key', coalesce((SELECT json_agg(quote_ident(a.attname) ORDER BY a.attname)
       FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE i.indrelid = c.oid AND i.indisprimary), '[]'))
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
   AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass
                      AND e.objid = c.oid AND e.deptype = 'e')`

/** How the rows after down differ from those before up. */
export interface RowDifference {
  readonly lost: readonly RowCount[]
  readonly filled: readonly RowCount[]
  /** Rows that were not there before, a line a table. */
  readonly residue: readonly string[]
}

/** Compares the rows before up with those after down; tables that were not there before are the schema's business. */
export function difference(before: Snapshot, after: Snapshot): RowDifference {
  const unread = new Set([...before.unread, ...after.unread].map(({ table }) => table))
  const all = [...before.tables]
    .filter(([table]) => !unread.has(table))
    .map(([table, rows]) => inTable(table, rows, after.tables.get(table)))
  return {
    lost: all.flatMap(({ lost }) => lost),
    filled: all.flatMap(({ filled }) => filled),
    residue: all.flatMap(({ residue }) => residue),
  }
}

const NONE: RowDifference = { lost: [], filled: [], residue: [] }

/** The rows of one reading that another does not have, each counted as often as it is there. */
export function beyond(those: Snapshot, all: Snapshot): Snapshot {
  const tables = [...all.tables].map(([table, rows]) => {
    const known = those.tables.get(table)
    const same = known === undefined ? [] : matched(known.rows, rows.rows, known, rows, rows.columns)
    const taken = new Set(same.map(([, now]) => now))
    return [table, { ...rows, rows: rows.rows.filter((row) => !taken.has(row)) }] as const
  })
  return { tables: new Map(tables), unread: all.unread }
}

function inTable(table: string, before: TableRows, after: TableRows | undefined): RowDifference {
  if (after === undefined)
    return { ...NONE, lost: before.rows.length === 0 ? [] : [{ table, column: null, rows: before.rows.length }] }
  const pairs = paired(before, after)
  const gone = before.rows.length - pairs.length
  const more = after.rows.length - pairs.length
  const lost: RowCount[] = gone > 0 ? [{ table, column: null, rows: gone }] : []
  const filled: RowCount[] = []
  for (const [at, column] of before.columns.entries()) {
    const then = after.columns.indexOf(column)
    const changed = pairs.filter(([old, now]) => old[at] !== null && (then < 0 || old[at] !== now[then]))
    const set = pairs.filter(([old, now]) => old[at] === null && then >= 0 && now[then] !== null)
    if (changed.length > 0) lost.push({ table, column, rows: changed.length })
    if (set.length > 0) filled.push({ table, column, rows: set.length })
  }
  const residue =
    more > 0 ? [`${more === 1 ? '1 row' : `${more} rows`} of ${table} ${more === 1 ? 'remains' : 'remain'}`] : []
  return { lost, filled, residue }
}

type Row = TableRows['rows'][number]

/** Each row with what became of it: by the primary key, else by as many equal values as there are. */
function paired(before: TableRows, after: TableRows): readonly (readonly [Row, Row])[] {
  const keyed = before.key.length > 0 && before.key.every((column) => after.columns.includes(column))
  const compared = before.columns.filter((column) => after.columns.includes(column))
  const byKey = keyed ? matched(before.rows, after.rows, before, after, before.key) : []
  if (keyed) return byKey
  const exact = matched(before.rows, after.rows, before, after, compared)
  const left = before.rows.filter((row) => !exact.some(([old]) => old === row))
  const others = after.rows.filter((row) => !exact.some(([, now]) => now === row))
  return [...exact, ...alike(left, others, before, after, compared)]
}

/** Pairs of rows that have the same values in some columns. */
function matched(
  old: readonly Row[],
  now: readonly Row[],
  before: TableRows,
  after: TableRows,
  columns: readonly string[],
): readonly (readonly [Row, Row])[] {
  const places = (table: TableRows): readonly number[] => columns.map((column) => table.columns.indexOf(column))
  const key = (row: Row, at: readonly number[]): string => JSON.stringify(at.map((place) => row[place]))
  const there = new Map<string, Row[]>()
  const [inOld, inNow] = [places(before), places(after)]
  for (const row of now) {
    const list = there.get(key(row, inNow))
    if (list === undefined) there.set(key(row, inNow), [row])
    else list.push(row)
  }
  return old.flatMap((row) => {
    const found = there.get(key(row, inOld))?.shift()
    return found === undefined ? [] : [[row, found] as const]
  })
}

/** Rows that no key tells apart, each with the one most like it. */
function alike(
  old: readonly Row[],
  now: readonly Row[],
  before: TableRows,
  after: TableRows,
  columns: readonly string[],
): readonly (readonly [Row, Row])[] {
  if (old.length * now.length > 250_000)
    return old.slice(0, now.length).map((row, at) => [row, now[at] ?? row] as const)
  const left = [...now]
  const same = (a: Row, b: Row): number =>
    columns.filter((column) => a[before.columns.indexOf(column)] === b[after.columns.indexOf(column)]).length
  return old.flatMap((row) => {
    const best = left.reduce((most, other, at) => (same(row, other) > same(row, left[most] ?? []) ? at : most), 0)
    const [found] = left.splice(best, 1)
    return found === undefined ? [] : [[row, found] as const]
  })
}
