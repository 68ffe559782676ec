/** A possibly schema-qualified name, unquoted and case-folded as PostgreSQL stores it; `schema` is '' when not written. */
export interface QualifiedName {
  readonly schema: string
  readonly name: string
}

/** The name as a person reads it, without quotes. */
export function show(name: QualifiedName): string {
  return name.schema === '' ? name.name : `${name.schema}.${name.name}`
}

/** A key under which two spellings of one object meet; an unqualified name is taken to live in `public`. */
export function keyOf(name: QualifiedName): string {
  return name.schema === '' || name.schema === 'public' ? name.name : `${name.schema}.${name.name}`
}

/** Whether PostgreSQL keeps its own books there. */
export function isSystem({ schema, name }: QualifiedName): boolean {
  return schema === 'pg_catalog' || schema === 'information_schema' || (schema === '' && name.startsWith('pg_'))
}

/** The name as SQL needs it, quoted where PostgreSQL would not take it bare. */
export function quote(name: QualifiedName | string): string {
  if (typeof name === 'string') return isBare(name) ? name : `"${name.replaceAll('"', '""')}"`
  return name.schema === '' ? quote(name.name) : `${quote(name.schema)}.${quote(name.name)}`
}

function isBare(name: string): boolean {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name)
}

/** Keywords that cannot name a table or a column (https://www.postgresql.org/docs/current/sql-keywords-appendix.html). */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
  concurrently constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp
  current_user default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having
  ilike in initially inner intersect into is isnull join lateral leading left like limit localtime localtimestamp natural not
  notnull null offset on only or order outer overlaps placing primary references returning right select session_user similar some
  symmetric system_user table tablesample then to trailing true union unique user using variadic verbose when where window
  with`.split(/\s+/),
)
