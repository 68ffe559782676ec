import type { PGlite } from '@electric-sql/pglite'
import { normalDefault } from './normal-form.js'

/**
 * PostgreSQL's own catalogs in the form of `normalForm`. Of the tables in `incomplete` no columns, and of their constraints and
 * indexes those that the replay `claims`: it need not know all, but what it says must be so.
 */
export async function postgresCatalog(
  db: PGlite,
  incomplete: ReadonlySet<string>,
  claims: ReadonlySet<string>,
): Promise<string[]> {
  const { rows } = await db.query<Row>(LINES)
  return rows
    .filter(
      ({ table, line }) =>
        !incomplete.has(table) || (/^(constraint|index) /.test(line) ? claims.has(line) : !line.startsWith('column ')),
    )
    .map(({ line, default: text }) => (text === null ? line : line.replace(' \u0001', ` ${defaultOf(text)}`)))
    .sort()
}

interface Row {
  readonly table: string
  readonly line: string
  readonly default: string | null
}

function defaultOf(text: string): string {
  const constant = /^\(?(?:'(?:[^']|'')*'|-?[\d.]+|true|false|NULL)\)?(?:::[\w ".]+(?:\([\d,]+\))?(?:\[\])*)*$/.test(
    text,
  )
  return normalDefault(text, constant)
}

/** A relation's or type's name without `public`. */
const name = (schema: string, own: string): string =>
  `case ${schema} when 'public' then '' else ${schema} || '.' end || ${own}`

const columnNames = (keys: string, relation: string, order = 'k.ordinality'): string => `coalesce((
  select string_agg(coalesce(a.attname, '*'), ', ' order by ${order})
  from unnest(${keys}) with ordinality k(attnum, ordinality)
  left join pg_attribute a on a.attrelid = ${relation} and a.attnum = k.attnum and k.attnum > 0), '')`

const LINES = `
with relation as (
  select c.*, n.nspname, ${name('n.nspname', 'c.relname')} as key
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select key as table, null as default, 'table ' || key
  || case relpersistence when 'u' then ' unlogged' else '' end
  || case relkind when 'p' then ' partitioned' else '' end
  || case when relispartition then ' partition of ' || (
       select p.key from pg_inherits i join relation p on p.oid = i.inhparent where i.inhrelid = r.oid) else '' end
  || case when pg_get_expr(relpartbound, oid) = 'DEFAULT' then ' default' else '' end as line
from relation r where relkind in ('r', 'p')
union all
select r.key, case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
  'column ' || r.key || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
  || case when a.attnotnull then ' not null' else '' end
  || case when d.oid is not null and a.attgenerated = '' then ' ' || chr(1) else '' end
  || case a.attidentity when 'a' then ' identity always' when 'd' then ' identity by-default' else '' end
  || case a.attgenerated when 's' then ' generated stored' when 'v' then ' generated virtual' else '' end
from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum
where r.relkind in ('r', 'p')
union all
select r.key, null, 'constraint ' || r.key || '.' || c.conname || ' '
  || case c.contype when 'p' then 'primary-key' when 'u' then 'unique' when 'f' then 'foreign-key' when 'c' then 'check'
       when 'x' then 'exclusion' end
  || ' (' || case c.contype when 'c' then ${columnNames('c.conkey', 'c.conrelid', 'a.attname collate "C"')}
       else ${columnNames('c.conkey', 'c.conrelid')} end || ')'
  || case when c.confrelid <> 0 then ' references ' || t.key || ' (' || ${columnNames('c.confkey', 'c.confrelid')} || ')'
       else '' end
  || case when c.convalidated then '' else ' not valid' end
from pg_constraint c join relation r on r.oid = c.conrelid left join relation t on t.oid = c.confrelid
where c.contype in ('p', 'u', 'f', 'c', 'x')
  and not exists (select from pg_constraint p where p.oid = c.conparentid and p.conrelid = c.conrelid)
union all
select t.key, null, 'index ' || r.key || ' on ' || t.key
  || case when i.indisunique then ' unique' else '' end
  || case when i.indisvalid then '' else ' invalid' end
  || ' ' || m.amname
  || ' (' || ${columnNames('(i.indkey::int2[])[0:i.indnkeyatts - 1]', 'i.indrelid')} || ')'
  || case when i.indnatts > i.indnkeyatts
       then ' include (' || ${columnNames('(i.indkey::int2[])[i.indnkeyatts:]', 'i.indrelid')} || ')' else '' end
  || case when i.indpred is null then '' else ' partial' end
  || coalesce((select ' constraint ' || conname from pg_constraint
       where conindid = i.indexrelid and contype in ('p', 'u', 'x')), '')
from pg_index i join relation r on r.oid = i.indexrelid join relation t on t.oid = i.indrelid
join pg_am m on m.oid = r.relam
union all
select key, null, case relkind when 'v' then 'view ' when 'm' then 'materialized view ' else 'sequence ' end || key
from relation where relkind in ('v', 'm', 'S')
union all
select '', null, 'enum ' || ${name('n.nspname', 't.typname')} || ': '
  || coalesce((select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid), '')
from pg_type t join pg_namespace n on n.oid = t.typnamespace where t.typtype = 'e'
union all
select '', null, 'domain ' || ${name('n.nspname', 't.typname')}
from pg_type t join pg_namespace n on n.oid = t.typnamespace
where t.typtype = 'd' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
`
