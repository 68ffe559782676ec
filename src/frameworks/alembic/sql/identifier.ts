import type { QualifiedName } from '../../../model/names.js'

/** A name as SQLAlchemy writes it for PostgreSQL: in quotes where its own list or spelling asks for them. */
export function identifier(name: QualifiedName | string): string {
  if (typeof name !== 'string')
    return name.schema === '' ? identifier(name.name) : `${identifier(name.schema)}.${identifier(name.name)}`
  return isBare(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** Names in parentheses. */
export function identifierList(names: readonly string[]): string {
  return `(${names.map((name) => identifier(name)).join(', ')})`
}

function isBare(name: string): boolean {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !RESERVED.has(name)
}

/** RESERVED_WORDS of https://github.com/sqlalchemy/sqlalchemy/blob/main/lib/sqlalchemy/dialects/postgresql/base.py. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization between binary both case cast check collate column
  constraint create cross current_catalog current_date current_role current_schema current_time current_timestamp current_user
  default deferrable desc distinct do else end except false fetch for foreign freeze from full grant group having ilike in
  initially inner intersect into is isnull join leading left like limit localtime localtimestamp natural new not notnull null
  of off offset old on only or order outer over overlaps placing primary references returning right select session_user
  similar some symmetric table then to trailing true union unique user using variadic verbose when where window with`.split(
    /\s+/,
  ),
)
