import { PGlite } from '@electric-sql/pglite'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { pgcrypto } from '@electric-sql/pglite/contrib/pgcrypto'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { uuid_ossp } from '@electric-sql/pglite/contrib/uuid_ossp'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { ColumnDefinition } from '../../src/model/operations/table.js'
import { knownFunctions, volatilityOfFunction } from '../../src/sql/volatility.js'
import { operationsOf } from './operations-of.js'

/** Types as people write them; PostgreSQL itself says how `format_type` prints each. */
const WRITTEN = [
  ...['int', 'int2', 'int4', 'int8', 'integer', 'smallint', 'bigint', 'pg_catalog.int4', 'INT', '"int4"'],
  ...['serial', 'serial4', 'bigserial', 'serial8', 'smallserial', 'serial2'],
  ...['real', 'float', 'float4', 'float8', 'float(1)', 'float(24)', 'float(25)', 'float(53)', 'double precision'],
  ...['numeric', 'numeric(10)', 'numeric(10,2)', 'numeric(3,-2)', 'decimal', 'decimal(5,1)', 'dec(4)'],
  ...['text', 'name', 'varchar', 'varchar(20)', 'character varying', 'character varying(5)', 'char varying(3)'],
  ...[
    'char',
    'char(3)',
    'character',
    'character(7)',
    'bpchar',
    'bpchar(4)',
    '"char"',
    'nchar(2)',
    'national character varying(9)',
  ],
  ...[
    'bool',
    'boolean',
    'bytea',
    'uuid',
    'json',
    'jsonb',
    'xml',
    'money',
    'oid',
    'regclass',
    'inet',
    'cidr',
    'macaddr',
  ],
  ...['bit', 'bit(3)', 'bit varying', 'bit varying(5)', 'varbit', 'varbit(6)'],
  ...[
    'date',
    'time',
    'time(3)',
    'timetz',
    'timetz(2)',
    'time with time zone',
    'time(1) with time zone',
    'time without time zone',
  ],
  ...['timestamp', 'timestamp(3)', 'timestamptz', 'timestamptz(3)', 'timestamp(0) with time zone', 'timestamp(9)'],
  ...['interval', 'interval(3)', 'interval year', 'interval month', 'interval day', 'interval hour', 'interval minute'],
  ...[
    'interval second',
    'interval second(2)',
    'interval year to month',
    'interval day to hour',
    'interval day to minute',
  ],
  ...['interval day to second', 'interval day to second(3)', 'interval hour to minute', 'interval hour to second(1)'],
  ...['interval minute to second'],
  ...[
    'int[]',
    'int[3]',
    'int[][]',
    'integer ARRAY',
    'integer ARRAY[4]',
    'varchar(3)[]',
    'timestamptz(2)[]',
    '"char"[]',
    'numeric(4,1)[]',
  ],
  ...['point', 'box', 'tsvector', 'int4range', 'daterange', 'int8multirange', 'pg_lsn', 'xid8'],
  ...[
    'mood',
    'mood[]',
    's.mood',
    's."Großer Typ"',
    '"Großer Typ"',
    'dom',
    's.dom[]',
    'pg_catalog.varchar(3)',
    'pg_catalog.bit(2)',
  ],
]
const OBJECTS = `
  CREATE SCHEMA s;
  CREATE TYPE mood AS ENUM ('a'); CREATE TYPE s.mood AS ENUM ('a');
  CREATE TYPE "Großer Typ" AS (a int); CREATE TYPE s."Großer Typ" AS (a int);
  CREATE DOMAIN dom AS int; CREATE DOMAIN s.dom AS int;`

let db: PGlite
beforeAll(async () => {
  db = await PGlite.create({ extensions: { pg_trgm, pgcrypto, unaccent, uuid_ossp } })
}, 60_000)
afterAll(() => db.close())

test('types are called what format_type calls them', async () => {
  const table = `CREATE TABLE t (${WRITTEN.map((type, i) => `c${i} ${type}`).join(', ')})`
  await db.exec(OBJECTS)
  await db.exec(table)
  const { rows } = await db.query<{ type: string }>(`
    SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute
    WHERE attrelid = 't'::regclass AND attnum > 0 ORDER BY attnum`)
  const [read] = await operationsOf(table)
  const columns = (read?.operation as { readonly columns: readonly ColumnDefinition[] }).columns
  expect(columns.map(({ type }, i) => [WRITTEN[i], type.text])).toEqual(rows.map(({ type }, i) => [WRITTEN[i], type]))
  expect(columns.map(({ type }) => type.arrays > 0)).toEqual(rows.map(({ type }) => type.endsWith('[]')))
})

test('functions are as volatile as pg_proc says', async () => {
  const { rows } = await db.query<{ name: string; volatility: string }>(`
    WITH callable AS (
      SELECT proname, pronargs, CASE provolatile WHEN 'v' THEN 3 WHEN 's' THEN 2 ELSE 1 END AS weight FROM pg_proc
      WHERE pronamespace = 'pg_catalog'::regnamespace
        AND NOT proargtypes::oid[] && ARRAY['internal', 'cstring']::regtype[]::oid[]
        AND prorettype <> ALL (ARRAY['internal', 'cstring', 'trigger', 'event_trigger']::regtype[]::oid[])
    ), named AS (SELECT proname AS name, max(weight) AS weight FROM callable GROUP BY 1),
    counted AS (
      SELECT name || '/' || pronargs AS name, max(c.weight) AS weight FROM callable c JOIN named n ON name = proname
      GROUP BY name, pronargs, n.weight HAVING max(c.weight) < n.weight
    )
    SELECT name, (ARRAY['immutable', 'stable', 'volatile'])[weight] AS volatility
    FROM (SELECT * FROM named UNION ALL SELECT * FROM counted) ORDER BY name`)
  expect(Object.fromEntries(knownFunctions())).toEqual(
    Object.fromEntries(rows.map(({ name, volatility }) => [name, volatility])),
  )
})

test('functions of extensions are as volatile as their authors say', async () => {
  await db.exec(
    'CREATE EXTENSION pg_trgm; CREATE EXTENSION pgcrypto; CREATE EXTENSION unaccent; CREATE EXTENSION "uuid-ossp"',
  )
  const { rows } = await db.query<{ name: string; volatility: string }>(`
    SELECT DISTINCT proname AS name, CASE provolatile WHEN 'v' THEN 'volatile' WHEN 's' THEN 'stable' ELSE 'immutable' END AS volatility
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace`)
  const known = rows
    .map(({ name, volatility }) => ({ name, volatility, read: volatilityOfFunction({ schema: 'public', name }, 1) }))
    .filter(({ read }) => read !== 'unknown')
  expect(known.map(({ name, read }) => [name, read])).toEqual(known.map(({ name, volatility }) => [name, volatility]))
  expect(known.length).toBe(20)
})

test.each([
  ['random', '', 'volatile'],
  ['gen_random_uuid', 'pg_catalog', 'volatile'],
  ['uuidv7', '', 'volatile'],
  ['now', '', 'stable'],
  ['lower', '', 'immutable'],
  ['random', 'mine', 'unknown'],
  ['uuid_generate_v4', 'extensions', 'volatile'],
  ['my_function', '', 'unknown'],
])('%s of schema %j is %s', (name, schema, volatility) => {
  expect(volatilityOfFunction({ schema, name }, 0)).toBe(volatility)
})
