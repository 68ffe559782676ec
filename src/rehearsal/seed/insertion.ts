import type { ColumnFacts, ReferenceFacts, TableFacts } from './facts.js'

/** Puts rows into a table; columns that no row names get their defaults. */
export function insertion(table: TableFacts, rows: readonly ReadonlyMap<number, string>[]): string {
  const columns = table.columns.filter(({ number, source }) => source === 'written' && rows[0]?.has(number))
  if (columns.length === 0) return `INSERT INTO ${table.into} DEFAULT VALUES`
  const values = rows.map((row) => `(${columns.map(({ number }) => row.get(number) ?? 'DEFAULT').join(', ')})`)
  return `INSERT INTO ${table.into} (${columns.map(({ name }) => name).join(', ')}) VALUES ${values.join(', ')}`
}

/** Reads the keys that a foreign key may refer to; where it matters, those written last come first. */
export function referable({ targetName, targetColumns }: ReferenceFacts, many: number, newest = false): string {
  const keys = targetColumns.join(', ')
  const places = targetColumns.map((_, at) => at + 1).join(', ')
  const there = targetColumns.map((column) => `${column} IS NOT NULL`).join(' AND ')
  return `SELECT ${keys} FROM ${targetName} WHERE ${there} ORDER BY ${newest ? 'xmin::text::bigint DESC, ' : ''}${places} LIMIT ${many}`
}

/** Makes rows whose foreign key was left empty refer to something; where it may, the first stays without. */
export function reconnection(table: TableFacts, reference: ReferenceFacts): string {
  const { columns, targetName, targetColumns } = reference
  const names = columns.map((number) => table.columns.find((column) => column.number === number)?.name ?? '')
  const keys = targetColumns.map((column, at) => `${column} AS k${at}`).join(', ')
  const order = targetColumns.map((_, at) => at + 1).join(', ')
  return `UPDATE ${table.name} AS t SET ${names.map((name, at) => `${name} = p.k${at}`).join(', ')}
    FROM (SELECT s.*, pg_catalog.row_number() OVER () AS n FROM (SELECT ${keys} FROM ${targetName} ORDER BY ${order}) s) p,
         (SELECT ctid AS place, pg_catalog.row_number() OVER (ORDER BY ctid) AS n FROM ${table.name}) r
   WHERE t.ctid = r.place AND p.n = r.n - ${required(table, columns).length > 0 ? 0 : 1} AND ${names.map((name) => `t.${name} IS NULL`).join(' AND ')}`
}

/** Those of some columns that allow no NULL. */
export function required(table: TableFacts, columns: readonly number[]): readonly ColumnFacts[] {
  return table.columns.filter(({ number, notNull }) => notNull && columns.includes(number))
}

/** Lets columns be empty for a while. */
export function loosened({ name }: TableFacts, columns: readonly ColumnFacts[]): readonly string[] {
  return columns.map((column) => `ALTER TABLE ${name} ALTER COLUMN ${column.name} DROP NOT NULL`)
}

/** Takes that back, with the rows that stayed empty. */
export function tightened({ name }: TableFacts, columns: readonly ColumnFacts[]): readonly string[] {
  return columns.flatMap((column) => [
    `DELETE FROM ${name} WHERE ${column.name} IS NULL`,
    `ALTER TABLE ${name} ALTER COLUMN ${column.name} SET NOT NULL`,
  ])
}

/** Keeps the triggers of a table from firing. */
export function silenced({ triggers }: TableFacts): readonly string[] {
  return triggers.map(({ table, name }) => `ALTER TABLE ONLY ${table} DISABLE TRIGGER ${name}`)
}

/** Brings each trigger back to what it was. */
export function restored({ triggers }: TableFacts): readonly string[] {
  const how = { O: 'ENABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS' }
  return triggers.map(({ table, name, state }) => `ALTER TABLE ONLY ${table} ${how[state]} TRIGGER ${name}`)
}
