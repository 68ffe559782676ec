import type { Session } from '../../sandbox/sandbox.js'
import { nearest } from '../../source/nearest.js'
import { literal } from '../seed/literal.js'
import type { NameKind } from './deeds.js'
import { MINE } from './relation.js'

/** Something that exists. */
export interface Existing {
  readonly schema: string
  readonly name: string
  /** As a person writes it where the search path does not reach its schema. */
  readonly shown: string
}

/** What a missing name may have been: one of a kind, of a table when it is a part of one. */
export interface Wanted {
  /** What PostgreSQL calls it. */
  readonly noun: string
  readonly kind: NameKind
  readonly schema: string
  readonly name: string
  /** The table of a column, constraint, trigger, policy or rule. */
  readonly of: string | null
}

/** What exists of the wanted kind, near or not. */
export async function existingOf(session: Session, wanted: Wanted, sql: string): Promise<readonly Existing[]> {
  const [answer] = await session.read([QUERIES[wanted.noun]?.(wanted.of) ?? QUERIES.relation?.(null) ?? ''])
  if (answer === undefined || 'error' in answer) return []
  const all = answer.rows.map(([schema, name, rest, table]) => ({
    schema: schema ?? '',
    name: name ?? '',
    rest: rest ?? '',
    table: table ?? '',
  }))
  // Of columns only those of tables that the statement speaks of.
  const words = new Set(sql.match(/"(?:[^"]|"")*"|[\w$\u0080-\uffff]+/g)?.map((word) => word.replace(/^"|"$/g, '')))
  const near = wanted.kind === 'column' && wanted.of === null ? all.filter(({ table }) => words.has(table)) : all
  return near.map(({ schema, name, rest }) => ({
    schema,
    name,
    shown: `${schema === '' || schema === 'public' ? '' : `${schema}.`}${name}${rest}`,
  }))
}

/** The existing names that are most like the wanted one, those of the same name first. */
export function nearestOf({ name }: Wanted, existing: readonly Existing[]): readonly Existing[] {
  const same = existing.filter((each) => each.name === name)
  const names = [...new Set(existing.map((each) => each.name))].filter((each) => each !== name)
  const others = nearest(name, names).flatMap((near) => existing.filter((each) => each.name === near))
  const all = [...same, ...others]
  return all.filter(({ shown }, at) => all.findIndex((each) => each.shown === shown) === at).slice(0, 3)
}

const relations = (kinds: string): string =>
  `SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN (${kinds}) AND ${MINE} ORDER BY n.nspname = 'public' DESC, 1, 2`

const parts = (name: string, from: string, table: string | null): string =>
  `SELECT '', ${name}, CASE WHEN c.relkind IS NULL THEN '' ELSE ' of ' || c.relname END, c.relname
     FROM ${from} JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE ${MINE} AND ${table === null ? 'true' : `c.relname = ${literal(table)}`}`

const TABLE = relations(`'r', 'p', 'f', 'v', 'm'`)
const ROUTINE = `SELECT n.nspname, p.proname, '(' || pg_get_function_identity_arguments(p.oid) || ')'
   FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE ${MINE}
  UNION ALL
  SELECT '', p.proname, '(' || pg_get_function_identity_arguments(p.oid) || ')'
   FROM pg_catalog.pg_proc p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname !~ '^_'
  ORDER BY 1 DESC, 2, 3`
const TYPE = `SELECT n.nspname, t.typname FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE ${MINE} AND t.typtype IN ('e', 'd', 'c', 'r', 'b') AND t.typcategory <> 'A'
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind <> 'c')
  UNION ALL
  SELECT '', format_type(t.oid, NULL) FROM pg_catalog.pg_type t
   WHERE t.typnamespace = 'pg_catalog'::regnamespace AND t.typtype IN ('b', 'r') AND t.typcategory <> 'A' AND t.typname !~ '^_'
  ORDER BY 1 DESC, 2`

/** What there is, by what PostgreSQL calls it: schema, name, what follows it, table. */
const QUERIES: Readonly<Record<string, (table: string | null) => string>> = {
  relation: () => TABLE,
  table: () => TABLE,
  view: () => relations(`'v'`),
  'materialized view': () => relations(`'m'`),
  sequence: () => relations(`'S'`),
  index: () => relations(`'i', 'I'`),
  column: (table) =>
    `${parts('a.attname', 'pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid', table)}
       AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm') ORDER BY c.relname, a.attnum`,
  constraint: (table) =>
    `${parts('k.conname', 'pg_catalog.pg_class c JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid', table)} ORDER BY 2`,
  trigger: (table) =>
    `${parts('g.tgname', 'pg_catalog.pg_class c JOIN pg_catalog.pg_trigger g ON g.tgrelid = c.oid AND NOT g.tgisinternal', table)} ORDER BY 2`,
  policy: (table) =>
    `${parts('g.polname', 'pg_catalog.pg_class c JOIN pg_catalog.pg_policy g ON g.polrelid = c.oid', table)} ORDER BY 2`,
  function: () => ROUTINE,
  type: () => TYPE,
  schema: () => `SELECT '', n.nspname FROM pg_catalog.pg_namespace n WHERE ${MINE} ORDER BY 2`,
  role: () => `SELECT '', r.rolname FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY 2`,
}
